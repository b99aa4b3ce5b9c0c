import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  ['{{ date "2006-01-02" 0 }}', '1970-01-01'],
  ['{{ date "Mon Jan _2 15:04:05 2006" 1700000000 }}', 'Tue Nov 14 22:13:20 2023'],
  ['{{ dateInZone "2006-01-02T15:04:05Z07:00" 1700000000 "UTC" }}', '2023-11-14T22:13:20Z'],
  ['{{ date_in_zone "15:04" 1700000000 "America/New_York" }}', '17:13'],
  ['{{ htmlDate 0 }}', '1970-01-01'],
  ['{{ htmlDateInZone 0 "UTC" }}', '1970-01-01'],
  ['{{ duration 95 }}', '0s'],
  ['{{ duration "95" }}', '1m35s'],
  ['{{ duration 3661 }}', '0s'],
  ['{{ duration 0 }}', '0s'],
  ['{{ duration -5 }}', '0s'],
  ['{{ duration "x" }}', '0s'],
  ['{{ durationRound "2h10m5s" }}', '2h'],
  ['{{ durationRound "2400h10m5s" }}', '3mo'],
  ['{{ durationRound 5 }}', '0s'],
  ['{{ durationRound "800ms" }}', '0s'],
  ['{{ durationRound "" }}', '0s'],
  ['{{ durationRound "25h" }}', '1d'],
  ['{{ durationRound "9000h" }}', '1y'],
  ['{{ toDate "2006-01-02" "2017-12-31" | date "02/01/2006" }}', '31/12/2017'],
  ['{{ toDate "2006-01-02" "bad" }}', '0001-01-01 00:00:00 +0000 UTC'],
  ['{{ toDate "2006-01-02 15:04:05 -0700" "2020-02-03 04:05:06 +0200" }}', '2020-02-03 04:05:06 +0200 +0200'],
  ['{{ toDate "2006-01-02T15:04:05Z07:00" "2020-02-03T04:05:06Z" | unixEpoch }}', '1580702706'],
  ['{{ toDate "2006-01-02T15:04:05.999" "2020-01-02T03:04:05.678" }}', '2020-01-02 03:04:05.678 +0000 UTC'],
  ['{{ toDate "2006-01-02" "2020-01-31" | dateModify "24h" | date "2006-01-02" }}', '2020-02-01'],
  ['{{ toDate "2006-01-02" "2020-01-31" | date_modify "-1.5h" | date "2006-01-02 15:04" }}', '2020-01-30 22:30'],
  ['{{ toDate "2006-01-02" "2020-01-31" | dateModify "bad" | date "2006-01-02 15:04" }}', '2020-01-31 00:00'],
  ['{{ unixEpoch (toDate "2006-01-02" "2020-01-31") }}', '1580428800'],
  ['{{ toDate "2006-01-02" "2020-01-31" | htmlDate }}', '2020-01-31'],
  [
    '{{ date "2006 06 January Jan 1 01 2 02 _2 002 Mon Monday 3 03 15 4 04 5 05 PM pm MST -0700 -07:00 -07 Z0700 .000 .999" (toDate "2006-01-02T15:04:05" "2021-03-04T05:06:07") }}',
    '2021 21 March Mar 3 03 4 04  4 063 Thu Thursday 5 05 05 6 06 7 07 AM am UTC +0000 +00:00 +00 Z .000 ',
  ],
  ['{{ date "2006" "x" | len }}', '4'],
  ['{{ toDate "2006-01-02" "2020-02-30" }}', '0001-01-01 00:00:00 +0000 UTC'],
  ['{{ toDate "Monday, 2 January 2006 3:04:05 PM" "Tuesday, 3 March 2020 11:04:05 PM" }}', '2020-03-03 23:04:05 +0000 UTC'],
  ['{{ toDate "2006-002" "2020-060" }}', '2020-02-29 00:00:00 +0000 UTC'],
];

const failures: readonly (readonly [string, string])[] = [
  ['{{ mustToDate "2006-01-02" "bad" }}', 'error calling mustToDate: parsing time "bad" as "2006-01-02": cannot parse "bad" as "2006"'],
  ['{{ mustToDate "2006-01-02" "2020-13-01" }}', 'error calling mustToDate: parsing time "2020-13-01": month out of range'],
  ['{{ mustDateModify "bad" (toDate "2006-01-02" "2020-01-31") }}', 'error calling mustDateModify: time: invalid duration "bad"'],
  ['{{ mustToDate "2006-01-02" "2020-02-30" }}', 'error calling mustToDate: parsing time "2020-02-30": day out of range'],
  ['{{ mustToDate "2006-01-02" "2020-02-01x" }}', 'error calling mustToDate: parsing time "2020-02-01x": extra text: "x"'],
  ['{{ mustToDate "02 Jan 06 15:04" "03 Feb 21 25:00" }}', 'error calling mustToDate: parsing time "03 Feb 21 25:00": hour out of range'],
];

describe('sprig date functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(failures)("fail for %s with sprig's message", (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { telemetryKind } from './telemetry.ts';

const check = (spec: JsonObject): readonly string[] => findingsOf(telemetryKind, spec).map((finding) => finding.replace('spec.', ''));
const checkTag = (tag: JsonObject): readonly string[] => check({ tracing: [{ customTags: { t: tag } }] });
const checkOverride = (override: JsonObject): readonly string[] => check({ metrics: [{ overrides: [override] }] });

describe('telemetryKind', () => {
  it.each(['tracing', 'metrics', 'accessLogging'])('wants names for the providers of %s, and tells the first that has none', (field) => {
    expect(check({ [field]: [{ providers: [{ name: 'a' }] }] })).toEqual([]);
    expect(check({ [field]: [{ providers: [{ name: '' }] }] })).toEqual([`${field}[0].providers[0].name: providers.name may not be empty`]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['a value', { tagOverrides: { t: { value: 'request.host' } } }, []],
    ['no value', { tagOverrides: { t: {} } }, ['tagOverrides[t].value: tagOverrides.value must be set when operation is UPSERT']],
    ['a removal', { tagOverrides: { t: { operation: 'REMOVE' } } }, []],
    [
      'a value of what is removed',
      { tagOverrides: { t: { operation: 'REMOVE', value: 'x' } } },
      ['tagOverrides[t].value: tagOverrides.value may only be set when operation is UPSERT'],
    ],
    ['a metric without a name', { match: { customMetric: '' } }, ['match.customMetric: customMetric may not be empty']],
    ['a known metric', { match: { metric: 'REQUEST_COUNT' } }, []],
  ])('knows overrides of metrics with %s', (_what, override, findings) => {
    expect(checkOverride(override)).toEqual(findings.map((finding) => `metrics[0].overrides[0].${finding}`));
  });

  it('warns of tags without a name', () => {
    expect(checkOverride({ tagOverrides: { '': { value: 'x' } } })).toEqual([
      'warning: metrics[0].overrides[0].tagOverrides[]: tagOverrides.name may not be empty',
    ]);
  });

  it('warns of more tracing than there can be', () => {
    expect(check({ tracing: [{}, { providers: [{ name: 'a' }, { name: 'b' }] }] })).toEqual([
      'warning: tracing: multiple tracing is not currently supported',
      'warning: tracing[1].providers: multiple providers is not currently supported',
    ]);
  });

  it.each([
    [-0.1, false],
    [0, true],
    [100, true],
    [100.1, false],
  ])('samples %d percent: %j', (randomSamplingPercentage, isGood) => {
    expect(check({ tracing: [{ randomSamplingPercentage }] })).toHaveLength(isGood ? 0 : 1);
  });

  it.each<[JsonObject, readonly string[]]>([
    [{ literal: { value: 'a' } }, []],
    [{ literal: {} }, ['literal.value: literal tag value may not be empty']],
    [{ header: {} }, ['header.name: header tag name may not be empty']],
    [{ environment: { defaultValue: 'a' } }, ['environment.name: environment tag name may not be empty']],
  ])('knows the tag %j', (tag, findings) => {
    expect(checkTag(tag)).toEqual(findings.map((finding) => `tracing[0].customTags[t].${finding}`));
  });

  it.each([
    ['response.code >= 400 && !("x" in request.headers)', true],
    ['response.code >=', false],
    ['', false],
    ['a b', false],
  ])('filters access logs by %j: %j', (expression, isGood) => {
    expect(check({ accessLogging: [{ filter: { expression } }] })).toEqual(
      isGood ? [] : [expect.stringMatching(/^accessLogging\[0\]\.filter\.expression: must be a valid CEL expression, /)],
    );
  });
});

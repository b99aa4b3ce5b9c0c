import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

describe('functions that a rendering may not use', () => {
  it.each([
    ['env "HOME"', 'environment'],
    ['expandenv "$HOME"', 'environment'],
    ['getHostByName "localhost"', 'network'],
    ['genPrivateKey "rsa"', 'keys'],
    ['derivePassword 1 "long" "p" "u" "s"', 'keys'],
    ['encryptAES "k" "t"', 'keys'],
    ['randAlphaNum 5', 'random'],
    ['shuffle "abc"', 'random'],
    ['uuidv4', 'random'],
  ])('%s fails and says why', (call, reason) => {
    expect(failure(`{{ ${call} }}`)).toContain(reason);
  });

  it('compile, and are no harm where they are not reached', () => {
    expect(output('{{ if false }}{{ uuidv4 }}{{ end }}x')).toBe('x');
  });
});

describe('the clock', () => {
  it('is the one that was passed in', () => {
    expect(output('{{ now | date "2006-01-02 15:04:05" }} {{ now | unixEpoch }} {{ ago (toDate "2006-01-02" "2026-08-22") }}')).toBe(
      '2026-08-22 10:11:12 1787393472 10h11m12s',
    );
    expect(output('{{ typeOf now }} {{ date "2006" "no time" }} {{ durationRound (toDate "2006-01-02" "2026-08-20") }}')).toBe(
      'time.Time 2026 2d',
    );
  });
});

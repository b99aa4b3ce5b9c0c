import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldPathText, parseFieldPath } from './field-path.ts';

describe('fieldPathText', () => {
  it.each([
    [[], ''],
    [['spec', 'http', 2, 'route', 0, 'weight'], 'spec.http[2].route[0].weight'],
    [['metadata', 'labels', 'a.b/c'], 'metadata.labels[a.b/c]'],
    [['spec', 'portLevelMtls', '80', 'mode'], 'spec.portLevelMtls[80].mode'],
    [[''], '[]'],
  ])('writes %j as a user finds it', (path, text) => {
    expect(fieldPathText(path)).toBe(text);
  });
});

describe('parseFieldPath', () => {
  const name = fc.string({ unit: fc.constantFrom(...'abZ_-./ 09"') }).filter((text) => !/^\d+$/.test(text));

  it('reads what was written', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(name, fc.nat())), (path) => {
        expect(parseFieldPath(fieldPathText(path))).toEqual(path);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { FieldPath } from '../lib/field-path.ts';
import { fieldLines } from './yaml-line.ts';

const document = `# comment
metadata: {name: a,
  labels: {x/y: b}}
spec: &s
  http:
  - match: []
    route:
    - weight: 1
    - destination:
        host: a
      weight: 2
  "quoted": 1
copy: *s
`;

describe('fieldLines', () => {
  it.each<[FieldPath, number]>([
    [[], 2],
    [['metadata', 'name'], 2],
    [['metadata', 'labels', 'x/y'], 3],
    [['spec', 'http', 0, 'route', 1, 'weight'], 11],
    [['spec', 'http', 0, 'route', 1], 9],
    [['spec', 'quoted'], 12],
  ])('finds %j', (path, line) => {
    expect(fieldLines(document)(path)).toBe(line);
  });

  it.each<[FieldPath, number]>([
    [['spec', 'http', 0, 'timeout'], 6],
    [['spec', 'http', 7], 6],
    [['spec', 'quoted', 'x'], 12],
    [['copy', 'http', 0], 13],
    [['status'], 2],
  ])('gives the place around %j, which is not written', (path, line) => {
    expect(fieldLines(document)(path)).toBe(line);
  });

  it('reads JSON', () => {
    expect(fieldLines('{\n"spec": {\n"hosts": [\n"a",\n"b"]}}')(['spec', 'hosts', 1])).toBe(5);
  });

  it('is 1 for what is no document', () => {
    expect(fieldLines('a: [')(['a'])).toBe(1);
    expect(fieldLines('')(['a'])).toBe(1);
  });
});

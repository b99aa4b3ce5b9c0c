import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goldens, staleGoldens } from './files.ts';

describe('golden files (npm run golden:update rewrites them)', () => {
  it.each(goldens().map((golden) => [basename(golden.path), golden] as const))('%s is what its input gives', (_name, golden) => {
    expect(golden.expected()).toBe(readFileSync(golden.path, 'utf8'));
  });

  it('has no golden file without an input', () => {
    expect(staleGoldens()).toEqual([]);
  });
});

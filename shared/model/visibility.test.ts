import { describe, expect, it } from 'vitest';
import { decodeExportTo, isVisibleTo } from './visibility.ts';

describe('exportTo', () => {
  it.each([
    { exportTo: [], seenBy: ['shop', 'other'], hiddenFrom: [] },
    { exportTo: ['*'], seenBy: ['shop', 'other'], hiddenFrom: [] },
    { exportTo: ['.'], seenBy: ['shop'], hiddenFrom: ['other'] },
    { exportTo: ['other'], seenBy: ['other'], hiddenFrom: ['shop', 'third'] },
    { exportTo: ['.', 'other'], seenBy: ['shop', 'other'], hiddenFrom: ['third'] },
    { exportTo: ['~'], seenBy: [], hiddenFrom: ['shop', 'other'] },
  ])('$exportTo of namespace shop is seen by $seenBy', ({ exportTo, seenBy, hiddenFrom }) => {
    const visibility = decodeExportTo(exportTo, 'shop');

    expect(seenBy.filter((namespace) => isVisibleTo(visibility, namespace))).toEqual(seenBy);
    expect(hiddenFrom.filter((namespace) => isVisibleTo(visibility, namespace))).toEqual([]);
  });

  it("falls back to the mesh's default where the object says nothing", () => {
    expect(isVisibleTo(decodeExportTo([], 'shop', ['.']), 'other')).toBe(false);
    expect(isVisibleTo(decodeExportTo(['*'], 'shop', ['.']), 'other')).toBe(true);
  });
});

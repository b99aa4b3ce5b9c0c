import { describe, expect, it } from 'vitest';
import { brokenRoute, node, service, weights, worldOf } from '../../test/fixtures/worlds.ts';
import { type Before, compileKeepingGood } from './last-good.ts';

const fresh: Before = { memo: new Map(), good: new Map() };

describe('compileKeepingGood', () => {
  it('compiles an object that broke as it was before, and tells what is wrong with it', () => {
    const before = compileKeepingGood(worldOf(service, weights(80)), [node], fresh);

    const after = compileKeepingGood(worldOf(service, brokenRoute), [node], before);

    expect(after.snapshot.bodies).toEqual(before.snapshot.bodies);
    expect(after.problems).toMatchObject([{ object: 'VirtualService shop/web', path: 'spec.http[0].route[0].weight', severity: 'error' }]);
  });

  it('keeps the good content as long as the object stays broken, and takes the next that is right', () => {
    const good = compileKeepingGood(worldOf(service, weights(80)), [node], fresh);
    const broken = compileKeepingGood(worldOf(service, brokenRoute), [node], good);
    const stillBroken = compileKeepingGood(worldOf(service, brokenRoute), [node], broken);

    const mended = compileKeepingGood(worldOf(service, weights(10)), [node], stillBroken);

    expect(stillBroken.snapshot.bodies).toEqual(good.snapshot.bodies);
    expect(mended.snapshot.bodies).not.toEqual(good.snapshot.bodies);
    expect(mended.problems).toEqual([]);
  });

  it('takes all other changes over that come with a broken object', () => {
    const before = compileKeepingGood(worldOf(service, weights(80)), [node], fresh);
    const other = { ...service, name: 'other', content: { ...service.content, metadata: { name: 'other', namespace: 'shop' } } };

    const after = compileKeepingGood(worldOf(service, brokenRoute, other), [node], before);

    expect(after.snapshot.bodies.size).toBeGreaterThan(before.snapshot.bodies.size);
  });

  it('leaves an object out that never was right', () => {
    const without = compileKeepingGood(worldOf(service), [node], fresh);

    const broken = compileKeepingGood(worldOf(service, brokenRoute), [node], fresh);

    expect(broken.snapshot.bodies).toEqual(without.snapshot.bodies);
    expect(broken.problems).toHaveLength(1);
  });

  it('forgets the good content of an object that was deleted', () => {
    const good = compileKeepingGood(worldOf(service, weights(80)), [node], fresh);
    const deleted = compileKeepingGood(worldOf(service), [node], good);

    const broken = compileKeepingGood(worldOf(service, brokenRoute), [node], deleted);

    expect(broken.snapshot.bodies).toEqual(deleted.snapshot.bodies);
  });
});

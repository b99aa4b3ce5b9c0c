import { describe, expect, it } from 'vitest';
import { brokenRoute, rawObject, service, weights, worldOf } from '../../test/fixtures/worlds.ts';
import { encodeWorld, loadWorld } from './stored-world.ts';
import { nameOf } from './world.ts';

const other = rawObject('v1', 'Service', 'other', { spec: {} });
const good = new Map([service, other].map((object) => [nameOf(object), object]));

function stored(encoded: ReturnType<typeof encodeWorld>): Map<string, Uint8Array> {
  return new Map(encoded.blobs.map(({ id, bytes }) => [id, bytes]));
}

describe('a stored world', () => {
  it('has the same bytes whatever the order of its objects', () => {
    expect(encodeWorld(worldOf(service, weights(80), other), good)).toEqual(encodeWorld(worldOf(other, weights(80), service), good));
  });

  it('gives its objects back, with the namespace that their reader gave them', async () => {
    const placed = { ...other, namespace: 'default', content: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'other' } } };
    const encoded = encodeWorld(worldOf(service, placed), new Map());

    const read = await loadWorld(async (id) => stored(encoded).get(id), encoded.id);

    expect(read.ok && new Set(read.value.objects)).toEqual(new Set([service, placed]));
  });

  it('keeps what a broken object was before, and knows which one never was right', async () => {
    const kept = new Map([...good, [nameOf(brokenRoute), weights(80)]]);
    const never = rawObject('networking.istio.io/v1', 'VirtualService', 'never', { spec: 1 });
    const encoded = encodeWorld(worldOf(service, other, brokenRoute, never), kept);

    const read = await loadWorld(async (id) => stored(encoded).get(id), encoded.id);

    expect(read.ok && read.value.good).toEqual(kept);
  });

  it('changes the parts of the namespaces and kinds that changed, and what names them', () => {
    const before = stored(encodeWorld(worldOf(service, weights(80)), good));
    const after = stored(encodeWorld(worldOf(service, weights(10)), good));

    expect([...after.keys()].filter((id) => !before.has(id))).toHaveLength(2);
  });

  it('is refused if a part is missing or damaged', async () => {
    const encoded = encodeWorld(worldOf(service), good);
    for (const { id } of encoded.blobs) {
      for (const bytes of [undefined, Buffer.from('{}'), Buffer.of()]) {
        const read = await loadWorld(async (asked) => (asked === id ? bytes : stored(encoded).get(asked)), encoded.id);

        expect(read.ok).toBe(false);
      }
    }
  });
});

import { describe, expect, it } from 'vitest';
import { typeUrls, type World } from '../../../test/fixtures/snapshots.ts';
import { StreamProbe as Probe, targetIn as target } from '../../../test/fixtures/stream-probe.ts';
import type { Target } from './content.ts';
import type { Request } from './request.ts';
import { nextWakeMs, reduce } from './stream.ts';

const { cds, eds, lds, rds, ecds } = typeUrls;
const sds = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
const world: World = { cds: { a: '1', b: '1' }, eds: { a: '1', b: '1' }, lds: { l: '1' }, rds: { r: '1', s: '1' } };

const protocols = ['sotw', 'delta'] as const;

describe.each(protocols)('requests of a %s stream', (protocol) => {
  const start = (): Probe => new Probe(protocol, world);

  it('are answered in full for clusters and listeners, whatever they name', () => {
    expect(start().ask(cds)).toEqual(['cds 1: a b']);
    expect(start().ask(cds, ['a'])).toEqual(['cds 1: a b']);
    expect(start().ask(cds, ['*'])).toEqual(['cds 1: a b']);
  });

  it('are answered by name for the others', () => {
    expect(start().ask(eds, ['b'])).toEqual(['eds 1: b']);
  });

  it('are not answered where they name nothing that has to be named', () => {
    expect(start().ask(eds)).toEqual([]);
    expect(start().ask(rds)).toEqual([]);
  });

  it('are answered with an empty response for what has no stand-in, and not at all for secrets', () => {
    expect(start().ask(ecds, ['nobody'])).toEqual(['ecds 1:']);
    expect(start().ask(sds, ['kubernetes://nobody'])).toEqual([]);
    expect(start().ask(eds, ['nobody'])).toEqual(['eds 1: nobody']);
  });

  it('are answered even if there are no resources', () => {
    expect(new Probe(protocol, { ...world, lds: {} }).ask(lds)).toEqual(['lds 1:']);
  });

  it('are held while the class is not known, and answered when it is', () => {
    const probe = new Probe(protocol);

    expect([probe.ask(cds), probe.ask(eds, ['a'])]).toEqual([[], []]);
    expect(probe.set(world)).toEqual(['cds 1: a b', 'eds 2: a']);
  });

  it('are ignored whole if they answer something that was never sent', () => {
    const probe = start();
    probe.ask(eds, ['a']);

    expect(probe.ask(eds, ['a', 'b'], { nonce: 'other' })).toEqual([]);
    expect([...(probe.state.types.get(eds)?.names ?? [])]).toEqual(['a']);
  });

  it('count as the first of their type with the nonce of an earlier stream', () => {
    expect(start().ask(cds, [], { nonce: '17' })).toEqual(['cds 1: a b']);
  });

  it('change nothing if they refuse a type that was never asked for', () => {
    const probe = start();

    expect(probe.ask(lds, [], { nonce: '1', error: 'no' })).toEqual([]);
    expect(probe.state.types.size).toBe(0);
  });

  it('end the stream for a type that is not served', () => {
    const request: Request = { protocol: 'sotw', typeUrl: 'no.such.Type', names: [], nonce: '' };

    expect(reduce(new Probe(protocol, world).state, { kind: 'request', request }, 0).effects).toMatchObject([
      { kind: 'close', code: 'permission-denied' },
    ]);
  });

  it('record the nonce that is acknowledged, and keep it when the next is refused', () => {
    const probe = start();
    probe.ask(cds);
    probe.ack(cds);
    probe.set({ ...world, cds: { ...world.cds, c: '1' } });
    probe.nack(cds, 'no');

    const refused = probe.state.types.get(cds);
    expect(refused).toMatchObject({ ackedNonce: '1', nack: { message: 'no', nonce: '2', suspects: [{ name: 'c' }] } });
  });
});

describe('names of a SotW stream', () => {
  it('that are added are answered alone, and those that are dropped are not', () => {
    const probe = new Probe('sotw', world);
    probe.ask(eds, ['a']);
    probe.ack(eds);

    expect(probe.ask(eds, ['a', 'b'], { nonce: '1' })).toEqual(['eds 2: b']);
    expect(probe.ack(eds)).toEqual([]);
    expect(probe.ask(eds, ['b'], { nonce: '2' })).toEqual([]);
    expect(probe.ask(eds, [], { nonce: '2' })).toEqual([]);
    expect(probe.set({ ...world, eds: { a: '2', b: '2' } })).toEqual([]);
  });

  it('are answered again in full with an empty nonce', () => {
    const probe = new Probe('sotw', world).live();

    expect(probe.ask(rds, ['r', 's'])).toEqual(['rds 5: r s']);
  });

  it('of assignments are answered once more after clusters were asked for anew', () => {
    const probe = new Probe('sotw', world).live();
    probe.ask(cds);
    probe.ack(cds);

    expect(probe.ask(eds, ['a', 'b'], { nonce: '2' })).toEqual(['eds 6: a b']);
    expect(probe.ask(eds, ['a', 'b'], { nonce: '6' })).toEqual([]);
  });
});

describe('names of a delta stream', () => {
  it('that are added are answered alone, known ones not again', () => {
    const probe = new Probe('delta', world);
    probe.ask(eds, ['a']);

    expect(probe.ask(eds, ['b'])).toEqual(['eds 2: b']);
    expect(probe.ask(eds, ['b'])).toEqual([]);
    expect(probe.ask(eds, [], { unsubscribe: ['a', 'b'] })).toEqual([]);
    expect(probe.ask(eds, ['a'], { unsubscribe: ['b'] })).toEqual(['eds 3: a']);
  });

  it('and versions of an earlier stream spare all but assignments', () => {
    const versions = (typeUrl: string): ReadonlyMap<string, string> =>
      new Map([...(target(world).content.get(typeUrl) ?? [])].map(([name, { hash }]) => [name, hash]));
    const probe = new Probe('delta', { ...world, rds: { r: '1', s: '2' } });

    expect(probe.ask(rds, ['r', 's'], { initialVersions: versions(rds) })).toEqual(['rds 1: s']);
    expect(probe.ask(eds, ['a'], { initialVersions: versions(eds) })).toEqual(['eds 2: a b']);
  });
});

describe.each(protocols)('the walk of a %s stream', (protocol) => {
  const before: World = world;
  const after: World = { cds: { b: '2', c: '1' }, eds: { b: '1', c: '1' }, lds: { m: '1' }, rds: { r: '2', t: '1' } };

  it('goes from clusters to routes, and removes at last, listeners first', () => {
    const probe = new Probe(protocol, before).live();
    const whole = protocol === 'sotw';

    expect(probe.set(after)).toEqual([whole ? 'cds 5: a b c' : 'cds 5: b c', 'eds 6: b']);
    expect(probe.ack(eds)).toEqual([]);
    expect(probe.ack(cds)).toEqual([whole ? 'lds 7: l m' : 'lds 7: m']);
    expect(probe.ack(lds)).toEqual(['rds 8: r']);
    expect(probe.ack(rds)).toEqual([whole ? 'lds 9: m' : 'lds 9: -l']);
    expect(probe.ack(lds)).toEqual(['rds 10: s']);
    expect(probe.ack(rds)).toEqual([whole ? 'cds 11: b c' : 'cds 11: -a']);
    expect(probe.ack(cds)).toEqual(['eds 12: a']);
    expect(probe.ack(eds)).toEqual([]);
  });

  it('waits five seconds for an acknowledgement and no longer', () => {
    const probe = new Probe(protocol, before).live();
    probe.set(after);
    probe.ack(eds);

    expect(nextWakeMs(probe.state, probe.nowMs)).toBe(5_000);
    expect(probe.wait(4_999)).toEqual([]);
    expect(probe.wait(1)).toEqual([protocol === 'sotw' ? 'lds 7: l m' : 'lds 7: m']);
  });

  it('sends the assignment of a changed cluster again at once, also if its bytes are the same', () => {
    const probe = new Probe(protocol, before).live();

    expect(probe.set({ ...before, cds: { a: '1', b: '2' } })).toEqual([protocol === 'sotw' ? 'cds 5: a b' : 'cds 5: b', 'eds 6: b']);
    expect([...probe.ack(eds), ...probe.ack(cds)]).toEqual([]);
  });

  it('turns to a newer target at once, and forgets the older', () => {
    const probe = new Probe(protocol, before).live();
    probe.set(after);
    probe.set({ ...before, lds: { l: '2' } });

    expect(probe.ack(cds)).toEqual([protocol === 'sotw' ? 'cds 7: a b c' : 'cds 7: b']);
    expect(probe.ack(eds)).toEqual(['eds 8: b']);
    probe.ack(eds);
    expect(probe.ack(cds)).toEqual(['lds 9: l']);
  });

  it('ends with a refusal, goes back, and does not offer the same again', () => {
    const probe = new Probe(protocol, before).live();
    probe.set({ ...before, cds: { a: '1', b: '2' }, lds: { l: 'bad' } });
    probe.ack(cds);
    probe.ack(eds);

    expect(probe.nack(lds, 'Error adding/updating listener(s) l: bad')).toEqual([
      protocol === 'sotw' ? 'cds 8: a b' : 'cds 8: b',
      'eds 9: b',
    ]);
    probe.ack(eds);
    expect(probe.ack(cds)).toEqual(['lds 10: l']);
    expect(probe.ack(lds)).toEqual([]);
    expect(probe.set({ ...before, lds: { l: 'bad' }, rds: { r: '2', s: '1' } })).toEqual(['rds 11: r']);
    expect(probe.sent.filter(({ resources }) => Buffer.from(resources.get('l')?.bytes ?? '').includes('bad'))).toHaveLength(1);
  });

  it('sends nothing for a target of the same content', () => {
    const probe = new Probe(protocol, before).live();

    expect(probe.set({ ...before })).toEqual([]);
    expect(nextWakeMs(probe.state, probe.nowMs)).toBeUndefined();
  });
});

describe('an assignment that a cluster waits for and nobody has', () => {
  const missing = (): Target => {
    const { content, ...rest } = target(world);
    return { ...rest, id: 'missing', content: new Map([...content].filter(([typeUrl]) => typeUrl !== eds)) };
  };

  it('is given empty after five seconds', () => {
    const probe = new Probe('delta');
    probe.handle({ kind: 'target', target: missing() });

    expect(probe.ask(eds, ['a'])).toEqual([]);
    expect(probe.wait(4_999)).toEqual([]);
    expect(probe.wait(1)).toEqual(['eds 1: a']);
    expect(probe.sent[0]?.shells).toBe(1);
  });

  it('is given as soon as it is there', () => {
    const probe = new Probe('sotw');
    probe.handle({ kind: 'target', target: missing() });
    probe.ask(eds, ['a']);

    expect(probe.set(world)).toEqual(['eds 1: a']);
    expect(probe.sent[0]?.shells).toBe(0);
  });

  it('stays as it was with a proxy that had one', () => {
    const probe = new Probe('delta', world).live();

    expect(probe.handle({ kind: 'target', target: missing() })).toEqual([]);
    expect(probe.wait(6_000)).toEqual([]);
  });
});

describe('a name that is asked for before its turn', () => {
  const more: World = { ...world, cds: { ...world.cds, c: '1' }, eds: { ...world.eds, c: '1' } };

  it('is answered at once if it is an assignment, for Envoy acknowledges clusters only when they are warm', () => {
    const probe = new Probe('sotw', world).live();
    probe.set(more);

    expect(probe.ask(eds, ['a', 'b', 'c'], { nonce: '2' })).toEqual(['eds 6: c']);
    expect(probe.ack(cds)).toEqual([]);
  });

  it('is answered when its clusters are taken if it is a route', () => {
    const probe = new Probe('sotw', world).live();
    probe.set({ ...more, rds: { ...world.rds, t: '1' } });

    expect(probe.ask(rds, ['r', 's', 't'], { nonce: '4' })).toEqual([]);
    expect(probe.ack(cds)).toEqual(['rds 6: t']);
  });

  it('is answered at once if what it gets will not change', () => {
    const probe = new Probe('delta', world);
    probe.ask(cds);
    probe.ack(cds);
    probe.set(more);

    expect(probe.ask(eds, ['a'])).toEqual(['eds 3: a']);
  });
});

describe('a client that is filtered by name, as those of gRPC are', () => {
  const filtered = (of: World): Target => ({ ...target(of), id: JSON.stringify(of), isFilteredByName: true });

  it('gets the clusters and listeners that it names, in SotW all of them each time', () => {
    const probe = new Probe('sotw');
    probe.handle({ kind: 'target', target: filtered(world) });

    expect(probe.ask(cds, ['a'])).toEqual(['cds 1: a']);
    expect(probe.ask(cds, ['a', 'b'], { nonce: '1' })).toEqual(['cds 2: a b']);
    expect(probe.ask(cds, ['a', 'b', 'nobody'], { nonce: '2' })).toEqual(['cds 3: a b']);
    expect(probe.ask(cds, ['b'], { nonce: '3' })).toEqual(['cds 4: b']);
  });

  it('gets only what it added in delta', () => {
    const probe = new Probe('delta');
    probe.handle({ kind: 'target', target: filtered(world) });

    expect(probe.ask(cds, ['a'])).toEqual(['cds 1: a']);
    expect(probe.ask(cds, ['b'])).toEqual(['cds 2: b']);
  });
});

describe('two streams of one node', () => {
  it('know nothing of each other', () => {
    const [one, other] = [new Probe('sotw', world).live(), new Probe('sotw', world)];

    expect(other.ask(cds)).toEqual(['cds 1: a b']);
    expect(one.ack(cds)).toEqual([]);
  });
});

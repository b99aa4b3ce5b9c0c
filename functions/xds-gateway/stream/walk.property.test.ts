import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnvoyModel } from '../../../test/fixtures/envoy-model.ts';
import type { World } from '../../../test/fixtures/snapshots.ts';
import { targetIn as target } from '../../../test/fixtures/stream-probe.ts';
import type { Target } from './content.ts';
import { newStream, type Protocol, type SendEffect, type StreamState } from './state.ts';
import { nextWakeMs, reduce, type StreamEvent } from './stream.ts';

/** One stream between the model and the reducer; messages in both directions wait until they are delivered. */
class Wire {
  readonly envoy: EnvoyModel;
  nowMs = 0;
  nacks = 0;
  #state: StreamState;
  #target: Target | undefined;
  #inbox: SendEffect[] = [];

  constructor(protocol: Protocol) {
    this.envoy = new EnvoyModel(protocol);
    this.#state = newStream(protocol);
    this.envoy.start();
  }

  set(next: Target): void {
    this.#target = next;
    this.#handle({ kind: 'target', target: next });
  }

  reconnect(): void {
    this.#inbox = [];
    this.#state = newStream(this.envoy.protocol);
    this.envoy.reconnect();
    if (this.#target !== undefined) this.set(this.#target);
  }

  /** Delivers one message to the server or to Envoy; false if there is none. */
  deliver(to: 'server' | 'envoy'): boolean {
    if (to === 'server') {
      const request = this.envoy.outbox.shift();
      if (request !== undefined) this.#handle({ kind: 'request', request });
      return request !== undefined;
    }
    const response = this.#inbox.shift();
    if (response !== undefined) this.envoy.receive(response);
    return response !== undefined;
  }

  wait(ms: number): void {
    this.nowMs += ms;
    this.#handle({ kind: 'tick' });
  }

  /** Until nobody has anything to say. A stream that does not come to rest fails. */
  settle(): void {
    for (let round = 0; round < 300; round += 1) {
      if (this.deliver('server') || this.deliver('envoy')) continue;
      const wake = nextWakeMs(this.#state, this.nowMs);
      if (wake === undefined) return;
      this.wait(wake - this.nowMs);
    }
    throw new Error('the stream does not come to rest');
  }

  #handle(event: StreamEvent): void {
    const { state, effects } = reduce(this.#state, event, this.nowMs);
    this.#state = state;
    for (const effect of effects) {
      if (effect.kind === 'send') this.#inbox.push(effect);
      else if (effect.kind === 'nacked') this.nacks += 1;
      else throw new Error(effect.message);
    }
  }
}

const names = ['a', 'b', 'c', 'd'] as const;
const version = fc.constantFrom('1', '2');

/** A consistent world: routes refer to clusters that are there, listeners to routes that are there. */
const worlds = fc
  .record({
    clusters: fc.dictionary(fc.constantFrom(...names), version, { minKeys: 1, noNullPrototype: true }),
    endpoints: fc.dictionary(fc.constantFrom(...names), version, { noNullPrototype: true }),
    routes: fc.dictionary(fc.constantFrom('80', '81', '82'), fc.array(fc.nat(10), { maxLength: 2 }), { noNullPrototype: true }),
    listeners: fc.dictionary(fc.constantFrom('l1', 'l2', 'l3'), fc.tuple(fc.array(fc.nat(10), { maxLength: 2 }), version), {
      noNullPrototype: true,
    }),
  })
  .map(({ clusters, endpoints, routes, listeners }): World => {
    const clusterNames = Object.keys(clusters);
    const routeNames = Object.keys(routes);
    const pick = (list: readonly string[], choices: readonly number[]): string =>
      list.length === 0 ? '' : [...new Set(choices.map((choice) => list[choice % list.length] ?? ''))].join(',');
    const assignments = Object.entries(endpoints).filter(([name]) => clusterNames.includes(name));
    return {
      cds: clusters,
      eds: Object.fromEntries(assignments),
      rds: Object.fromEntries(Object.entries(routes).map(([name, to]) => [name, `to:${pick(clusterNames, to)};`])),
      lds: Object.fromEntries(Object.entries(listeners).map(([name, [to, v]]) => [name, `to:${pick(routeNames, to)};${v}`])),
    };
  });

const protocols = ['sotw', 'delta'] as const;

/** What the model must hold when it holds a world and nothing else. */
function expectHolds({ envoy }: Wire, world: World): void {
  const texts = (held: ReadonlyMap<string, { readonly text: string }>): object =>
    Object.fromEntries([...held].map(([name, { text }]) => [name, text]));
  const expected = (contents: Readonly<Record<string, string>> = {}): object =>
    Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, `${name}=${content}`]));
  expect(envoy.warming).toEqual([]);
  expect([...envoy.warmingListeners.keys()]).toEqual([]);
  const isEds = (name: string): boolean => Object.hasOwn(world.eds ?? {}, name);
  const clusters = Object.entries(world.cds ?? {}).map(([name, content]) => [name, isEds(name) ? `${content};eds` : content]);
  expect(texts(envoy.clusters)).toEqual(expected(Object.fromEntries(clusters)));
  expect(texts(envoy.listeners)).toEqual(expected(world.lds));
  expect(expected(world.rds)).toMatchObject(texts(envoy.routes));
  expect(texts(envoy.assignments)).toEqual(expected(world.eds));
}

type Action = 'server' | 'envoy' | 'reconnect' | { readonly waitMs: number } | { readonly world: World };

const deliveries = fc.constantFrom<Action[]>('server', 'envoy');
const breaks = fc.constantFrom<Action[]>('reconnect', { waitMs: 1_000 }, { waitMs: 6_000 });

function changes(of: fc.Arbitrary<World>): fc.Arbitrary<Action> {
  return of.map((world) => ({ world }));
}

function actions(...rare: readonly fc.Arbitrary<Action>[]): fc.Arbitrary<Action[]> {
  const choices = [{ weight: 2 + 2 * rare.length, arbitrary: deliveries }, ...rare.map((arbitrary) => ({ weight: 1, arbitrary }))];
  return fc.array(fc.oneof(...choices), { maxLength: 60 });
}

function act(wire: Wire, action: Action): void {
  if (action === 'reconnect') wire.reconnect();
  else if (typeof action === 'string') wire.deliver(action);
  else if ('world' in action) wire.set(target(action.world));
  else wire.wait(action.waitMs);
}

/** The world with some contents that Envoy refuses. */
const partlyBad = fc
  .tuple(worlds, fc.constantFrom('cds', 'eds', 'lds', 'rds'), fc.constantFrom(...names, '80', '81', 'l1', 'l2'))
  .map(([world, service, name]) => {
    const content = world[service]?.[name];
    return content === undefined ? world : { ...world, [service]: { ...world[service], [name]: `${content}bad` } };
  });

/** The same world in versions that were never seen before. */
function renewed(world: World): World {
  const renew = (contents: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, `${content};new`]));
  return { cds: renew(world.cds), eds: renew(world.eds), lds: renew(world.lds), rds: renew(world.rds) };
}

describe.each(protocols)('a %s stream with a client that takes everything', (protocol) => {
  it('ends in the last of any targets, and no live route ever misses its cluster', () => {
    fc.assert(
      fc.property(worlds, actions(changes(worlds)), worlds, (first, list, last) => {
        const wire = new Wire(protocol);
        wire.set(target(first));
        for (const action of list) {
          act(wire, action);
          expect(wire.envoy.broken).toEqual([]);
        }
        wire.set(target(last));
        while (wire.deliver('server') || wire.deliver('envoy')) expect(wire.envoy.broken).toEqual([]);

        expect(wire.nowMs).toBe(0);
        expectHolds(wire, last);
      }),
      { numRuns: 200 },
    );
  });

  it('ends in the last target however late answers come and however often the stream breaks', () => {
    fc.assert(
      fc.property(actions(changes(worlds), breaks), worlds, (list, last) => {
        const wire = new Wire(protocol);
        for (const action of list) act(wire, action);
        wire.set(target(last));
        wire.settle();

        expectHolds(wire, last);
      }),
      { numRuns: 200 },
    );
  });
});

const services = ['cds', 'eds', 'lds', 'rds'] as const;

/** The client stops naming a route in a request that is ignored, and names it again. */
const dropsAndNamesAgain: [World, World, (typeof services)[number], number] = [
  { cds: { a: '1' }, eds: { a: '1' }, rds: { '80': 'to:;', '81': 'to:;' }, lds: { l1: 'to:80;1' } },
  {
    cds: { a: '1' },
    eds: { a: '1' },
    rds: { '80': 'to:;', '81': 'to:;', '82': 'to:;' },
    lds: { l2: 'to:;1', l1: 'to:81;1', l3: 'to:82;1' },
  },
  'lds',
  0,
];

const clustersOf = (cds: Readonly<Record<string, string>>): World => ({ cds, eds: {}, rds: {}, lds: {} });

/** What was refused is sent again with what is to be removed, and refused again. */
const refusesTwice: [Action[], World] = [
  ['server', { world: clustersOf({ a: '1' }) }, { world: clustersOf({ c: '1bad' }) }],
  clustersOf({ a: '1' }),
];

/** The refusal of the first response is not heard, because the second was sent meanwhile. */
const refusesWhatWasOnItsWay: [Action[], World] = [
  [{ world: clustersOf({ b: '1bad', a: '1' }) }, 'server', { waitMs: 6_000 }, { world: clustersOf({ a: '1bad' }) }],
  clustersOf({ a: '1' }),
];

describe.each(protocols)('a %s stream with a client that refuses', (protocol) => {
  it.each([true, false])('is led back to what it had (the refusal names the cause: %s)', (namesCause) => {
    fc.assert(
      fc.property(worlds, worlds, fc.constantFrom(...services), fc.nat(), (first, second, service, choice) => {
        const wire = new Wire(protocol);
        wire.envoy.namesCause = namesCause;
        wire.set(target(first));
        wire.settle();
        const contents = second[service] ?? {};
        const name = Object.keys(contents)[choice % Math.max(1, Object.keys(contents).length)];
        fc.pre(name !== undefined);
        wire.set(target({ ...second, [service]: { ...contents, [name]: `${contents[name]}bad` } }));
        while (wire.deliver('server') || wire.deliver('envoy')) expect(wire.envoy.broken).toEqual([]);
        wire.settle();

        if (wire.nacks > 0) expectHolds(wire, first);
        else expect(service === 'rds' || service === 'eds').toBe(true);
      }),
      { numRuns: 200, examples: [dropsAndNamesAgain] },
    );
  });

  it.each([true, false])('ends in new versions whatever it refused before (the refusals name the cause: %s)', (namesCause) => {
    fc.assert(
      fc.property(actions(changes(partlyBad), breaks), worlds, (list, last) => {
        const wire = new Wire(protocol);
        wire.envoy.namesCause = namesCause;
        for (const action of list) act(wire, action);
        wire.settle();
        wire.set(target(renewed(last)));
        wire.settle();

        expectHolds(wire, renewed(last));
      }),
      { numRuns: 200, examples: [refusesTwice, refusesWhatWasOnItsWay] },
    );
  });

  it('takes a later target but for what it refused', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...names), (first, name) => {
        const wire = new Wire(protocol);
        wire.set(target(first));
        wire.settle();
        const refused = { ...first, cds: { ...first.cds, [name]: 'bad' } };
        wire.set(target(refused));
        wire.settle();
        expect(wire.nacks).toBe(1);
        wire.set(target({ ...refused, cds: { ...refused.cds, e: 'new' } }));
        wire.settle();

        expect(wire.nacks).toBe(1);
        expectHolds(wire, { ...first, cds: { ...first.cds, e: 'new' } });
      }),
    );
  });

  it('gets the rest if it never took anything', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom('x', 'y'), (world, name) => {
        const wire = new Wire(protocol);
        wire.set(target({ ...world, cds: { ...world.cds, [name]: 'bad' } }));
        wire.settle();

        expect(wire.nacks).toBe(1);
        expectHolds(wire, world);
      }),
    );
  });
});

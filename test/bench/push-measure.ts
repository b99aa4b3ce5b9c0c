import { median } from './bench.ts';
import { ask, type Child, type Usage } from './push-child.ts';
import type { Exchange, FleetAnswer, FleetQuestion } from './push-fleet.ts';
import type { FloorAnswer, FloorQuestion } from './push-floor.ts';
import type { GatewayAnswer, GatewayQuestion } from './push-gateway.ts';
import { type ProxyPlan, packPlans } from './push-proxy.ts';

/** A server, and the process with all its clients. */
interface Side {
  readonly server: Child;
  readonly fleet: Child;
}

export interface Sides {
  readonly gateway: Side;
  readonly floor: Side;
}

/** Times are counted from the start: the first connection, or the moment of publication. */
export interface Measured {
  readonly p50Ms: number;
  readonly lastMs: number;
  readonly serverCpuMs: number;
  readonly serverRssMb: number;
  readonly serverPeakMb: number;
  readonly bytes: number;
}

/** What the gateway did, and the floor with as many bytes. */
export interface Pair {
  readonly gateway: Measured;
  readonly floor: Measured;
  /** Messages that the gateway encoded itself. */
  readonly encoded: number;
}

type Exchanges = FleetAnswer['exchanges'];

/** Connects all proxies anew, and then as many clients to the floor. */
export async function measureSync(sides: Sides, plans: readonly ProxyPlan[], manifest: string): Promise<Pair> {
  await Promise.all([fleet(sides.gateway, { kind: 'close' }), fleet(sides.floor, { kind: 'close' })]);
  const before = await gateway(sides, { manifest, streams: 0 });
  const { startedMs } = await fleet(sides.gateway, { kind: 'proxies', port: before.port, plans: packPlans(plans) });
  const after = await gateway(sides, { manifest, streams: plans.length });
  const seen = await fleet(sides.gateway, { kind: 'collect' });
  const ours = measured(seen, startedMs, { before, after });
  return { gateway: ours, floor: await floorSync(sides, seen.exchanges), encoded: after.encoded - before.encoded };
}

async function floorSync(sides: Sides, exchanges: Exchanges): Promise<Measured> {
  await floor(sides, { kind: 'prepare', sizes: sizesOf(exchanges) });
  const before = await floor(sides, { kind: 'settle', streams: 0 });
  const { startedMs } = await fleet(sides.floor, { kind: 'floor', port: before.port, exchanges });
  const after = await floor(sides, { kind: 'settle', streams: exchanges.length });
  return measured(await fleet(sides.floor, { kind: 'collect' }), startedMs, { before, after });
}

export interface Publication {
  readonly manifest: string;
  /** On the clock of {@link sharedNowMs}. */
  readonly atMs: number;
}

/** Publishes to connected proxies, and then sends as many bytes over the floor. */
export async function measureChange(sides: Sides, streams: number, publish: () => Promise<Publication>): Promise<Pair> {
  const before = await gateway(sides, { manifest: undefined, streams });
  const { manifest, atMs } = await publish();
  const after = await gateway(sides, { manifest, streams });
  const seen = await fleet(sides.gateway, { kind: 'collect' });
  const missed = seen.exchanges.filter(({ length }) => length === 0).length;
  if (missed > 0) throw new Error(`${missed} of ${streams} streams got nothing`);
  const ours = measured(seen, atMs, { before, after });
  return { gateway: ours, floor: await floorChange(sides, seen.exchanges), encoded: after.encoded - before.encoded };
}

async function floorChange(sides: Sides, exchanges: Exchanges): Promise<Measured> {
  await fleet(sides.floor, { kind: 'expect', exchanges });
  const before = await floor(sides, { kind: 'settle', streams: exchanges.length });
  const { atMs } = await floor(sides, { kind: 'send', sizes: sizesOf(exchanges) });
  const after = await floor(sides, { kind: 'settle', streams: exchanges.length });
  return measured(await fleet(sides.floor, { kind: 'collect' }), atMs, { before, after });
}

function fleet({ fleet: child }: Side, question: FleetQuestion): Promise<FleetAnswer> {
  return ask(child, question);
}

async function gateway({ gateway: { server } }: Sides, question: GatewayQuestion): Promise<GatewayAnswer> {
  const answer = await ask<GatewayQuestion, GatewayAnswer>(server, question);
  if (answer.nacks > 0) throw new Error('a proxy of the fleet refused something');
  return answer;
}

function floor({ floor: { server } }: Sides, question: FloorQuestion): Promise<FloorAnswer> {
  return ask(server, question);
}

function sizesOf(exchanges: Exchanges): readonly (readonly number[])[] {
  return exchanges.map((of) => of.map(({ receivedBytes }) => receivedBytes));
}

function measured(seen: FleetAnswer, fromMs: number, { before, after }: { readonly before: Usage; readonly after: Usage }): Measured {
  const times = seen.ackedMs.map((atMs) => atMs - fromMs);
  return {
    p50Ms: median(times),
    lastMs: Math.max(...times),
    serverCpuMs: after.cpuMs - before.cpuMs,
    serverRssMb: after.rssMb,
    serverPeakMb: after.peakMb,
    bytes: seen.exchanges.flat().reduce((sum, { receivedBytes }: Exchange) => sum + receivedBytes, 0),
  };
}

/** The middle of every figure of some rounds. */
export function medianPair(rounds: readonly Pair[]): Pair {
  const side = (of: (pair: Pair) => Measured): Measured => {
    const all = rounds.map(of);
    return {
      p50Ms: median(all.map(({ p50Ms }) => p50Ms)),
      lastMs: median(all.map(({ lastMs }) => lastMs)),
      serverCpuMs: median(all.map(({ serverCpuMs }) => serverCpuMs)),
      serverRssMb: median(all.map(({ serverRssMb }) => serverRssMb)),
      serverPeakMb: Math.max(...all.map(({ serverPeakMb }) => serverPeakMb)),
      bytes: median(all.map(({ bytes }) => bytes)),
    };
  };
  return {
    gateway: side((pair) => pair.gateway),
    floor: side((pair) => pair.floor),
    encoded: Math.max(...rounds.map(({ encoded }) => encoded)),
  };
}

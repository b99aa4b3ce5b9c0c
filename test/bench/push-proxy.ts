/**
 * A proxy's side of a discovery stream, as far as Envoy's order of questions goes, without a network. It reads the envelope of a response and skips what is
 * in it: the fleet shares the machine with what it measures.
 */
import { create, type JsonObject, toBinary } from '@bufbuild/protobuf';
import { clusterType, endpointType, listenerType, routeType } from '../../functions/xds-gateway/stream/types.ts';
import { DeltaDiscoveryRequestSchema, DiscoveryRequestSchema } from '../../shared/gen/envoy/service/discovery/v3/discovery_pb.js';

export const protocols = ['sotw', 'delta'] as const;
export type Protocol = (typeof protocols)[number];

/** Plans for the way to another process: most proxies have the same names, and each list of them is there once. */
export interface PackedPlans {
  readonly lists: readonly (readonly string[])[];
  readonly plans: readonly (Omit<ProxyPlan, 'endpoints' | 'routes'> & { readonly endpoints: number; readonly routes: number })[];
}

export function packPlans(plans: readonly ProxyPlan[]): PackedPlans {
  const places = new Map<string, number>();
  const lists: (readonly string[])[] = [];
  const place = (list: readonly string[]): number => {
    const key = list.join('\n');
    const known = places.get(key) ?? lists.push(list) - 1;
    places.set(key, known);
    return known;
  };
  return { lists, plans: plans.map((plan) => ({ ...plan, endpoints: place(plan.endpoints), routes: place(plan.routes) })) };
}

export function unpackPlans({ lists, plans }: PackedPlans): readonly ProxyPlan[] {
  return plans.map((plan) => ({ ...plan, endpoints: lists[plan.endpoints] ?? [], routes: lists[plan.routes] ?? [] }));
}

/** A proxy with the names that it finds in its clusters and listeners. */
export interface ProxyPlan {
  readonly protocol: Protocol;
  readonly node: { readonly id: string; readonly cluster?: string; readonly metadata: JsonObject };
  readonly endpoints: readonly string[];
  readonly routes: readonly string[];
}

/** What a response says about itself. */
export interface Envelope {
  readonly typeUrl: string;
  readonly version: string;
  readonly nonce: string;
}

export interface Step {
  readonly proxy: ProxyState;
  /** In the order in which they are sent. */
  readonly requests: readonly Buffer[];
}

export interface ProxyState {
  readonly plan: ProxyPlan;
  /** Types that were answered. */
  readonly seen: ReadonlySet<string>;
  /** The first clusters: Envoy takes them when they are warm, and that is when their endpoints came. */
  readonly held?: Envelope;
}

/** What a proxy asks for first. */
export function started(plan: ProxyPlan): Step {
  return { proxy: { plan, seen: new Set() }, requests: [request(plan, clusterType, { node: plan.node })] };
}

/** Takes a response, and asks for what is known to be needed then: endpoints after clusters, listeners after endpoints, routes after listeners. */
export function received({ plan, seen, held }: ProxyState, envelope: Envelope): Step {
  const { typeUrl } = envelope;
  const ack = request(plan, typeUrl, { envelope });
  if (seen.has(typeUrl)) return { proxy: { plan, seen, ...(held && { held }) }, requests: [ack] };
  const next: ProxyState = { plan, seen: new Set([...seen, typeUrl]) };
  if (typeUrl === clusterType) return { proxy: { ...next, held: envelope }, requests: [request(plan, endpointType, {})] };
  if (typeUrl === endpointType) {
    const warm = held === undefined ? [] : [request(plan, clusterType, { envelope: held })];
    return { proxy: next, requests: [ack, ...warm, request(plan, listenerType, {})] };
  }
  return { proxy: next, requests: typeUrl === listenerType ? [ack, request(plan, routeType, {})] : [ack] };
}

export function isSynced({ seen }: ProxyState): boolean {
  return seen.has(routeType);
}

interface RequestInit {
  /** In the first request of a stream only. */
  readonly node?: ProxyPlan['node'];
  /** The response that is acknowledged; without one it is a question. */
  readonly envelope?: Envelope;
}

/** SotW repeats version and names with every acknowledgement; delta says a name once. */
function request(plan: ProxyPlan, typeUrl: string, { node, envelope }: RequestInit): Buffer {
  const common = { typeUrl, responseNonce: envelope?.nonce ?? '', ...(node && { node }) };
  const names = namesOf(plan, typeUrl);
  if (plan.protocol === 'sotw') {
    const init = { ...common, versionInfo: envelope?.version ?? '', resourceNames: [...names] };
    return Buffer.from(toBinary(DiscoveryRequestSchema, create(DiscoveryRequestSchema, init)));
  }
  const init = { ...common, resourceNamesSubscribe: envelope === undefined ? [...names] : [] };
  return Buffer.from(toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, init)));
}

function namesOf({ endpoints, routes }: ProxyPlan, typeUrl: string): readonly string[] {
  if (typeUrl === endpointType) return endpoints;
  return typeUrl === routeType ? routes : [];
}

const versionField = 1;
const typeUrlField = 4;
const nonceField = 5;

/** Reads a DiscoveryResponse or DeltaDiscoveryResponse: in both all fields are texts or messages, and these three have the same numbers. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const texts = new Map<number, string>();
  for (let position = 0; position < bytes.length; ) {
    const tag = readVarint(bytes, position);
    const length = readVarint(bytes, tag.next);
    const field = tag.value >> 3;
    const end = length.next + length.value;
    if (field === versionField || field === typeUrlField || field === nonceField) {
      texts.set(field, Buffer.from(bytes.subarray(length.next, end)).toString());
    }
    position = end;
  }
  return { typeUrl: texts.get(typeUrlField) ?? '', version: texts.get(versionField) ?? '', nonce: texts.get(nonceField) ?? '' };
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly next: number } {
  let value = 0;
  let scale = 1;
  for (let next = start; next < bytes.length; next += 1) {
    const byte = bytes[next] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: next + 1 };
    scale *= 0x80;
  }
  throw new Error('the response ends in the middle of a number');
}

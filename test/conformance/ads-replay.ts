/** Plays a recorded transcript to our reducer: the same requests, the same changes; then compares what the client got, and what it ends in. */
import type { Entry, Target } from '../../functions/xds-gateway/stream/content.ts';
import type { Request } from '../../functions/xds-gateway/stream/request.ts';
import { newStream, patienceMs, type SendEffect, type StreamState } from '../../functions/xds-gateway/stream/state.ts';
import { reduce, type StreamEvent } from '../../functions/xds-gateway/stream/stream.ts';
import { contentHash } from '../../shared/lib/hash.ts';
import { typeUrls } from '../fixtures/snapshots.ts';
import { isWholeType, type Line, type TranscriptWorld, worldsOf } from './ads-transcript.ts';
import { difference } from './difference.ts';

/** type → name → version */
type Held = Map<string, Map<string, number>>;

/** One client: what it would have from the reference and from us. */
class Client {
  state: StreamState;
  readonly reference: Held = new Map();
  readonly ours: Held = new Map();
  /** Names of all answers since the last quiet, by type; an empty answer counts. */
  answered = { reference: new Map<string, Set<string>>(), ours: new Map<string, Set<string>>() };
  hasEvent = false;
  /** Since the last quiet, one that is more than an acknowledgement. */
  hasRequest = false;
  /** The last request was about resources, not about debugging. */
  isAboutResources = true;
  closed: string | undefined;
  readonly isGrpc: boolean;
  #nonces = new Map<string, string>();
  #nowMs = 0;

  constructor({ proto = 'sotw', detail = '' }: Line) {
    this.state = newStream(proto);
    this.isGrpc = detail.startsWith('proxy grpc');
  }

  handle(event: StreamEvent): void {
    const { state, effects } = reduce(this.state, event, this.#nowMs);
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === 'send') this.#take(effect);
      else if (effect.kind === 'close') this.closed = effect.code;
    }
  }

  /** Our answer to what the reference answered with this nonce is the last of its type. */
  receive(line: Line, world: TranscriptWorld): void {
    const typeUrl = line.type_url ?? '';
    this.#nonces.set(line.nonce ?? '', this.state.types.get(typeUrl)?.sentNonce ?? '');
    apply(
      this.reference,
      typeUrl,
      isWholeType(typeUrl) && line.proto === 'sotw',
      line.resources ?? [],
      line.removed ?? [],
      (name) => world.get(typeUrl)?.get(name) ?? 0,
    );
    note(this.answered.reference, typeUrl, line.resources ?? []);
  }

  /** Undefined for an answer to a response that we did not give. */
  nonceOf(nonce = ''): string | undefined {
    return nonce === '' || nonce === 'other' ? nonce : this.#nonces.get(nonce);
  }

  /** Nobody answers for longer than we wait. */
  rest(): void {
    for (let step = 0; step < 12; step += 1) {
      this.#nowMs += patienceMs;
      this.handle({ kind: 'tick' });
    }
  }

  #take({ typeUrl, resources, removed }: SendEffect): void {
    const isWhole = isWholeType(typeUrl) && this.state.protocol === 'sotw';
    apply(this.ours, typeUrl, isWhole, [...resources.keys()], removed, (name) => versionIn(resources.get(name)));
    note(this.answered.ours, typeUrl, [...resources.keys()]);
  }
}

/** The first thing in which we differ from the transcript; undefined if there is none. */
export function replay(lines: readonly Line[]): string | undefined {
  const worlds = worldsOf(lines);
  const clients = new Map<string, Client>();
  let segment = 0;
  for (const line of lines) {
    if (line.dir === 'event') segment += 1;
    const found = play(line, clients, worlds[segment] ?? new Map(), segment);
    if (found !== undefined) return `line ${line.seq}: ${found}`;
  }
  return undefined;
}

function play(line: Line, clients: Map<string, Client>, world: TranscriptWorld, segment: number): string | undefined {
  const client = clients.get(line.conn ?? '');
  switch (line.dir) {
    case 'open':
      clients.set(line.conn ?? '', new Client(line));
      return undefined;
    case 'event':
      for (const each of clients.values()) setWorld(each, world, segment);
      return undefined;
    case 'send':
      if (client !== undefined) request(client, line, world, segment);
      return undefined;
    case 'recv':
      if (isResourceType(line.type_url)) client?.receive(line, world);
      return undefined;
    case 'close':
      return line.detail?.startsWith('by server') && client?.isAboutResources
        ? difference('permission-denied', client.closed, 'close')
        : undefined;
    case 'quiet':
      return client === undefined ? undefined : compare(client);
    case 'note':
      return undefined;
  }
}

function setWorld(client: Client, world: TranscriptWorld, segment: number): void {
  client.hasEvent = true;
  if (client.state.goal !== undefined) client.handle({ kind: 'target', target: targetOf(world, segment, client.isGrpc) });
}

function request(client: Client, line: Line, world: TranscriptWorld, segment: number): void {
  client.isAboutResources = isResourceType(line.type_url);
  if (!client.isAboutResources) return;
  if (line.kind !== 'ack' && line.kind !== 'nack') client.hasRequest = true;
  const nonce = client.nonceOf(line.nonce);
  if (nonce === undefined) return;
  const common = { typeUrl: line.type_url ?? '', nonce, ...(line.error_detail === undefined ? {} : { error: line.error_detail.message }) };
  const value: Request =
    line.proto === 'delta'
      ? {
          ...common,
          protocol: 'delta',
          subscribe: line.subscribe ?? [],
          unsubscribe: line.unsubscribe ?? [],
          initialVersions: new Map(Object.entries(line.initial_resource_versions ?? {})),
        }
      : { ...common, protocol: 'sotw', names: line.names ?? [] };
  client.handle({ kind: 'request', request: value });
  if (client.state.goal === undefined) client.handle({ kind: 'target', target: targetOf(world, segment, client.isGrpc) });
}

function compare(client: Client): string | undefined {
  client.rest();
  const { answered, hasEvent, hasRequest } = client;
  client.answered = { reference: new Map(), ours: new Map() };
  client.hasEvent = false;
  client.hasRequest = false;
  // A push that nobody asked for: the reference sends everything again, we what changed.
  const isPush = hasEvent || (!hasRequest && answered.reference.size > 0);
  const inAnswers = isPush
    ? undefined
    : difference(sorted(answered.reference), sorted(withoutWarming(answered.ours, answered.reference)), 'answers');
  return inAnswers ?? difference(sorted(client.reference), sorted(client.ours), 'state');
}

/** Design 2.5, step 2: assignments follow every cluster that is sent anew. The reference waits for a request. */
function withoutWarming(ours: Names, reference: Names): Names {
  if (!ours.has(typeUrls.cds)) return ours;
  const assignments = [...(ours.get(typeUrls.eds) ?? [])].filter((name) => reference.get(typeUrls.eds)?.has(name));
  const rest = [...ours].filter(([typeUrl]) => typeUrl !== typeUrls.eds);
  return new Map(assignments.length === 0 ? rest : [...rest, [typeUrls.eds, new Set(assignments)]]);
}

type Names = ReadonlyMap<string, ReadonlySet<string>>;

function targetOf(world: TranscriptWorld, segment: number, isFilteredByName: boolean): Target {
  const assignments = new Set(world.get(typeUrls.eds)?.keys());
  const content = new Map(
    [...world].map(([typeUrl, versions]) => [
      typeUrl,
      new Map([...versions].map(([name, version]) => [name, entryOf(name, version, typeUrl === typeUrls.cds && assignments.has(name))])),
    ]),
  );
  return { id: String(segment), content, assignments, isFilteredByName };
}

function entryOf(name: string, version: number, waits: boolean): Entry {
  const bytes = Buffer.from(`${name} ${version}`);
  return waits ? { hash: contentHash(bytes), bytes, assignment: name } : { hash: contentHash(bytes), bytes };
}

function versionIn(entry: Entry | undefined): number {
  return Number(
    Buffer.from(entry?.bytes ?? '')
      .toString()
      .split(' ')
      .at(-1),
  );
}

function isResourceType(typeUrl = ''): boolean {
  return !typeUrl.startsWith('istio.io/debug') && !typeUrl.endsWith('istio.v1.HealthInformation');
}

function apply(
  held: Held,
  typeUrl: string,
  isWhole: boolean,
  names: readonly string[],
  removed: readonly string[],
  versionOf: (name: string) => number,
): void {
  const before = isWhole ? [] : [...(held.get(typeUrl) ?? [])];
  const next = new Map([...before, ...names.map((name): [string, number] => [name, versionOf(name)])]);
  for (const name of removed) next.delete(name);
  held.set(typeUrl, next);
}

function note(answers: Map<string, Set<string>>, typeUrl: string, names: readonly string[]): void {
  answers.set(typeUrl, new Set([...(answers.get(typeUrl) ?? []), ...names]));
}

function sorted(held: ReadonlyMap<string, ReadonlyMap<string, number> | ReadonlySet<string>>): object {
  return Object.fromEntries([...held].map(([typeUrl, names]) => [typeUrl, Object.fromEntries([...names.entries()].sort())]));
}

// Child process of the push bench: many clients, each with a connection of its own, as Envoys have.
import { Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { answerEach, sharedNowMs, until } from './push-child.ts';
import { isSynced, type PackedPlans, type ProxyPlan, readEnvelope, received, started, unpackPlans } from './push-proxy.ts';

/** One message that came, and how much was sent in answer. */
export interface Exchange {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export type FleetQuestion =
  /** Connects proxies to a gateway; answered when all are synced. */
  | { readonly kind: 'proxies'; readonly port: number; readonly plans: PackedPlans }
  /** Connects clients that answer as many bytes as those did; answered when all messages came. */
  | { readonly kind: 'floor'; readonly port: number; readonly exchanges: readonly (readonly Exchange[])[] }
  /** What they answer next. */
  | { readonly kind: 'expect'; readonly exchanges: readonly (readonly Exchange[])[] }
  /** Answered with what came since it was last asked; other answers have the start alone. */
  | { readonly kind: 'collect' }
  | { readonly kind: 'close' };

export interface FleetAnswer {
  /** When the first connection was opened. */
  readonly startedMs: number;
  /** When each stream sent its last answer. */
  readonly ackedMs: readonly number[];
  readonly exchanges: readonly (readonly Exchange[])[];
}

type Stream = ClientDuplexStream<Buffer, Buffer>;

/** One stream of either kind. */
interface Member {
  readonly client: Client;
  readonly stream: Stream;
  /** Since they were last collected. */
  exchanges: Exchange[];
  ackedMs: number;
  isReady: () => boolean;
}

let members: Member[] = [];
let startedMs = 0;
let expected: readonly (readonly Exchange[])[] = [];

answerEach(async (question: FleetQuestion): Promise<FleetAnswer> => {
  if (question.kind === 'close') close();
  if (question.kind === 'expect') expected = question.exchanges;
  if (question.kind === 'proxies' || question.kind === 'floor') {
    startedMs = sharedNowMs();
    if (question.kind === 'floor') expected = question.exchanges;
    members = question.kind === 'proxies' ? unpackPlans(question.plans).map((plan) => proxy(question.port, plan)) : connectFloor(question);
    await until(() => members.every(({ isReady }) => isReady()));
  }
  return question.kind === 'collect' ? take() : { startedMs, ackedMs: [], exchanges: [] };
});

function take(): FleetAnswer {
  const answer = { startedMs, ackedMs: members.map(({ ackedMs }) => ackedMs), exchanges: members.map(({ exchanges }) => exchanges) };
  for (const member of members) member.exchanges = [];
  return answer;
}

function proxy(port: number, plan: ProxyPlan): Member {
  const method = plan.protocol === 'sotw' ? 'StreamAggregatedResources' : 'DeltaAggregatedResources';
  const member = open(port, `/envoy.service.discovery.v3.AggregatedDiscoveryService/${method}`);
  let { proxy, requests } = started(plan);
  for (const request of requests) member.stream.write(request);
  member.isReady = () => isSynced(proxy);
  member.stream.on('data', (bytes: Buffer) => {
    ({ proxy, requests } = received(proxy, readEnvelope(bytes)));
    for (const request of requests) member.stream.write(request);
    note(member, { receivedBytes: bytes.length, sentBytes: requests.reduce((sum, { length }) => sum + length, 0) });
  });
  return member;
}

function connectFloor({ port, exchanges }: Extract<FleetQuestion, { kind: 'floor' }>): Member[] {
  const largest = Math.max(...exchanges.flat().map(({ sentBytes }) => sentBytes));
  const content = Buffer.alloc(largest, 1);
  return exchanges.map((of, number) => {
    const member = open(port, '/floor/Stream');
    const first = Buffer.alloc(4);
    first.writeUInt32LE(number);
    member.stream.write(first);
    member.isReady = () => member.exchanges.length === of.length;
    member.stream.on('data', (bytes: Buffer) => {
      const sentBytes = expected[number]?.[member.exchanges.length]?.sentBytes ?? 1;
      member.stream.write(content.subarray(0, sentBytes));
      note(member, { receivedBytes: bytes.length, sentBytes });
    });
    return member;
  });
}

function note(member: Member, exchange: Exchange): void {
  member.exchanges.push(exchange);
  member.ackedMs = sharedNowMs();
}

function open(port: number, path: string): Member {
  const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), options);
  const asIs = (bytes: Buffer): Buffer => bytes;
  const stream: Stream = client.makeBidiStreamRequest(path, asIs, asIs);
  const member: Member = { client, stream, exchanges: [], ackedMs: 0, isReady: () => false };
  stream.on('error', (error) => {
    if (!members.includes(member)) return;
    console.error(`a stream of the fleet failed: ${error.message}`);
    process.exit(1);
  });
  return member;
}

function close(): void {
  const all = members;
  members = [];
  for (const { client, stream } of all) {
    stream.end();
    client.close();
  }
}

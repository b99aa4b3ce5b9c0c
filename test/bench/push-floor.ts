// Child process of the push bench: streams of the same gRPC library that are given messages of given sizes, and nothing that thinks about it.
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { answerEach, sharedNowMs, type Usage, until, usage } from './push-child.ts';

export type FloorQuestion =
  /** What every stream is given when its client says its number. */
  | { readonly kind: 'prepare'; readonly sizes: readonly (readonly number[])[] }
  /** Gives every stream messages of these sizes now. */
  | { readonly kind: 'send'; readonly sizes: readonly (readonly number[])[] }
  /** Answered when so many streams are there and everything is acknowledged. */
  | { readonly kind: 'settle'; readonly streams: number };

export interface FloorAnswer extends Usage {
  readonly port: number;
  readonly atMs: number;
}

type Call = ServerDuplexStream<Buffer, Buffer>;

const calls = new Map<number, Call>();
let prepared: readonly (readonly number[])[] = [];
let unanswered = 0;
/** Sent in parts: what stands in a message costs nothing. */
let content = Buffer.alloc(0);

const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
const asIs = (bytes: Buffer): Buffer => bytes;
const bytesOnly = { requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs };
server.addService({ Stream: { path: '/floor/Stream', requestStream: true, responseStream: true, ...bytesOnly } }, { Stream: serve });
const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error)));
});

answerEach(async (question: FloorQuestion): Promise<FloorAnswer> => {
  const atMs = sharedNowMs();
  if (question.kind === 'settle') await until(() => calls.size === question.streams && unanswered === 0);
  else {
    const largest = Math.max(...question.sizes.flat());
    if (largest > content.length) content = Buffer.alloc(largest, 1);
    if (question.kind === 'prepare') prepared = question.sizes;
    else for (const [number, call] of calls) give(call, question.sizes[number] ?? []);
  }
  return { ...usage(), port, atMs };
});

/** The first message of a client is its number, and some bytes more. */
function serve(call: Call): void {
  let number: number | undefined;
  call.on('data', (bytes: Buffer) => {
    if (number !== undefined) {
      unanswered -= 1;
      return;
    }
    number = bytes.readUInt32LE();
    calls.set(number, call);
    give(call, prepared[number] ?? []);
  });
  const forget = (): void => {
    if (number !== undefined) calls.delete(number);
  };
  call.on('end', () => {
    forget();
    call.end();
  });
  call.on('cancelled', forget);
  call.on('error', forget);
}

function give(call: Call, sizes: readonly number[]): void {
  for (const size of sizes) {
    unanswered += 1;
    call.write(content.subarray(0, size));
  }
}

/** The gateway over gRPC. Everything that knows `@grpc/grpc-js` is here: another transport replaces this file. */

import {
  Server,
  type ServerCredentials,
  type ServerDuplexStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Gateway } from './gateway.ts';
import type { Refusal } from './node.ts';
import type { Transport } from './session.ts';
import type { Protocol } from './stream/state.ts';

const serviceName = 'envoy.service.discovery.v3.AggregatedDiscoveryService';

/** Requests are small; a reconnecting proxy tells a version of each of its resources. */
const maxRequestBytes = 16 << 20;
/** Istio's own limits for a connection without traffic. */
const keepAliveMs = 30_000;
const keepAliveTimeoutMs = 10_000;

const statusOf: Readonly<Record<Refusal['code'], status>> = {
  'invalid-argument': status.INVALID_ARGUMENT,
  'permission-denied': status.PERMISSION_DENIED,
  unauthenticated: status.UNAUTHENTICATED,
  unimplemented: status.UNIMPLEMENTED,
};

/** Responses are bytes already, and requests are read by the session. */
const streamOfBytes = {
  requestStream: true,
  responseStream: true,
  requestSerialize: identity,
  requestDeserialize: identity,
  responseSerialize: identity,
  responseDeserialize: identity,
} as const;

const definition: ServiceDefinition = {
  StreamAggregatedResources: { path: `/${serviceName}/StreamAggregatedResources`, ...streamOfBytes },
  DeltaAggregatedResources: { path: `/${serviceName}/DeltaAggregatedResources`, ...streamOfBytes },
};

export interface ListenOptions {
  readonly gateway: Gateway;
  /** `127.0.0.1:15010`; port 0 takes any free one. */
  readonly address: string;
  readonly credentials: ServerCredentials;
}

export interface RunningServer {
  readonly port: number;
  /** Ends all streams. */
  close(): void;
}

/** Starts to serve. Fails if the address cannot be had. */
export async function listen({ gateway, address, credentials }: ListenOptions): Promise<RunningServer> {
  const server = new Server({
    'grpc.max_receive_message_length': maxRequestBytes,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': keepAliveMs,
    'grpc.keepalive_timeout_ms': keepAliveTimeoutMs,
  });
  server.addService(definition, implementation(gateway));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(ControlPlaneError.from(error, 'unavailable')),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

type Call = ServerDuplexStream<Buffer, Buffer>;

function implementation(gateway: Gateway): UntypedServiceImplementation {
  return {
    StreamAggregatedResources: (call: Call) => serve(gateway, 'sotw', call),
    DeltaAggregatedResources: (call: Call) => serve(gateway, 'delta', call),
  };
}

function serve(gateway: Gateway, protocol: Protocol, call: Call): void {
  const session = gateway.open(transportOf(protocol, call));
  const end = (): void => gateway.close(session);
  call.on('data', (bytes: Buffer) => session.receive(bytes));
  call.on('end', () => {
    end();
    call.end();
  });
  call.on('cancelled', end);
  call.on('error', end);
}

function transportOf(protocol: Protocol, call: Call): Transport {
  return {
    protocol,
    peer: call.getPeer(),
    send: (response, left) => void call.write(response, left),
    close: ({ code, message }) => void call.emit('error', { code: statusOf[code], details: message }),
  };
}

function identity(bytes: Buffer): Buffer {
  return bytes;
}

/** A certificate source as Istio's agent is one: SDS on a Unix socket, for one Envoy of this machine. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Server, ServerCredentials, type ServerDuplexStream, type ServiceDefinition } from '@grpc/grpc-js';
import type { KeyAndCertificate } from '../../shared/ca/development.ts';
import { type Secret, SecretSchema } from '../../shared/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { DiscoveryRequestSchema, DiscoveryResponseSchema } from '../../shared/gen/envoy/service/discovery/v3/discovery_pb.js';
import { ControlPlaneError } from '../../shared/lib/error.ts';

export interface SdsOptions {
  /** Made as a socket; must not be there. Who may open it gets the private key, so its folder is for this user alone. */
  readonly path: string;
  /** What `default` is answered with. */
  readonly workload: KeyAndCertificate;
  /** What `ROOTCA` is answered with. */
  readonly rootPem: string;
}

export interface SdsServer {
  close(): void;
}

const secretType = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';

const definition: ServiceDefinition = {
  StreamSecrets: {
    path: '/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets',
    requestStream: true,
    responseStream: true,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  },
};

export async function startSdsServer({ path, workload, rootPem }: SdsOptions): Promise<SdsServer> {
  const secrets = secretsOf(workload, rootPem);
  const server = new Server();
  server.addService(definition, { StreamSecrets: (call: Call) => serve(secrets, call) });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(ControlPlaneError.from(error, 'unavailable')),
    );
  });
  return { close: () => server.forceShutdown() };
}

type Call = ServerDuplexStream<Buffer, Buffer>;

function secretsOf({ certificatePem, privateKeyPem }: KeyAndCertificate, rootPem: string): ReadonlyMap<string, Secret> {
  const own = {
    certificateChain: { specifier: { case: 'inlineString', value: certificatePem } },
    privateKey: { specifier: { case: 'inlineString', value: privateKeyPem } },
  } as const;
  const root = { trustedCa: { specifier: { case: 'inlineString', value: rootPem } } } as const;
  return new Map([
    ['default', create(SecretSchema, { name: 'default', type: { case: 'tlsCertificate', value: own } })],
    ['ROOTCA', create(SecretSchema, { name: 'ROOTCA', type: { case: 'validationContext', value: root } })],
  ]);
}

/** Certificates of this source never change: what follows the first request of a stream only says that the answer was taken. */
function serve(secrets: ReadonlyMap<string, Secret>, call: Call): void {
  call.on('data', (bytes: Buffer) => {
    const { resourceNames, responseNonce } = fromBinary(DiscoveryRequestSchema, bytes);
    if (responseNonce !== '') return;
    const found = resourceNames.map((name) => secrets.get(name)).filter((secret) => secret !== undefined);
    const resources = found.map((secret) => anyPack(SecretSchema, secret));
    const response = create(DiscoveryResponseSchema, { versionInfo: '1', nonce: '1', typeUrl: secretType, resources });
    call.write(Buffer.from(toBinary(DiscoveryResponseSchema, response)));
  });
  call.on('end', () => call.end());
  call.on('error', () => undefined);
}

function identity(bytes: Buffer): Buffer {
  return bytes;
}

/** A certificate source as Istio's agent is one: SDS on a Unix socket, for one Envoy of this machine. */

import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
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

/** Serves until it is closed. Names of files are answered from this machine's disk as it is then; what is not there has no answer. */
export async function startSdsServer(options: SdsOptions): Promise<SdsServer> {
  const secrets = secretsOf(options);
  const server = new Server();
  server.addService(definition, { StreamSecrets: (call: Call) => serve(secrets, call) });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${options.path}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(ControlPlaneError.from(error, 'unavailable')),
    );
  });
  return { close: () => server.forceShutdown() };
}

type Call = ServerDuplexStream<Buffer, Buffer>;
type Secrets = (name: string) => Promise<Secret | undefined>;

/** By the names of Istio's agent: the workload's own, the roots of the mesh, and files of this machine. */
function secretsOf({ workload, rootPem }: SdsOptions): Secrets {
  return async (name) => {
    if (name === 'default') return ownCertificate(name, workload);
    if (name === 'ROOTCA') return roots(name, rootPem);
    const colon = name.indexOf(':');
    const [kind, file] = [name.slice(0, colon), name.slice(colon + 1)];
    if (kind === 'file-root') return roots(name, file === 'system' ? rootCertificates.join('\n') : await readFile(file, 'utf8'));
    if (kind !== 'file-cert') return undefined;
    const [certificatePem = '', privateKeyPem = ''] = await Promise.all(file.split('~').map((path) => readFile(path, 'utf8')));
    return ownCertificate(name, { certificatePem, privateKeyPem });
  };
}

function ownCertificate(name: string, { certificatePem, privateKeyPem }: KeyAndCertificate): Secret {
  const value = {
    certificateChain: { specifier: { case: 'inlineString', value: certificatePem } },
    privateKey: { specifier: { case: 'inlineString', value: privateKeyPem } },
  } as const;
  return create(SecretSchema, { name, type: { case: 'tlsCertificate', value } });
}

function roots(name: string, pem: string): Secret {
  return create(SecretSchema, {
    name,
    type: { case: 'validationContext', value: { trustedCa: { specifier: { case: 'inlineString', value: pem } } } },
  });
}

/** Certificates of this source never change: what follows the first request of a stream only says that the answer was taken. */
function serve(secrets: Secrets, call: Call): void {
  call.on('data', async (bytes: Buffer) => {
    const { resourceNames, responseNonce } = fromBinary(DiscoveryRequestSchema, bytes);
    if (responseNonce !== '') return;
    // A file that is not there is not answered, so that Envoy says what it waits for.
    const found = await Promise.all(resourceNames.map((name) => secrets(name).catch(() => undefined)));
    const resources = found.filter((secret) => secret !== undefined).map((secret) => anyPack(SecretSchema, secret));
    const response = create(DiscoveryResponseSchema, { versionInfo: '1', nonce: '1', typeUrl: secretType, resources });
    call.write(Buffer.from(toBinary(DiscoveryResponseSchema, response)));
  });
  call.on('end', () => call.end());
  call.on('error', () => undefined);
}

function identity(bytes: Buffer): Buffer {
  return bytes;
}

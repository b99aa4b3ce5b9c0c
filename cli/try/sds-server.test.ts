import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDevelopmentAuthority, issueWorkloadCertificate, type KeyAndCertificate } from '../../shared/ca/development.ts';
import { type Secret, SecretSchema } from '../../shared/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import { DiscoveryRequestSchema, DiscoveryResponseSchema } from '../../shared/gen/envoy/service/discovery/v3/discovery_pb.js';
import { type SdsServer, startSdsServer } from './sds-server.ts';

let directory = '';
let authority: KeyAndCertificate;
let workload: KeyAndCertificate;
let server: SdsServer;

beforeAll(async () => {
  const context = { now: new Date(), crypto: webcrypto };
  directory = await mkdtemp(join(tmpdir(), 'pilotless-sds-'));
  authority = await createDevelopmentAuthority(context);
  workload = await issueWorkloadCertificate(authority, 'spiffe://cluster.local/ns/shop/sa/web', context);
  server = await startSdsServer({ path: join(directory, 'sds.sock'), workload, rootPem: authority.certificatePem });
});

afterAll(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

/** What an Envoy that asks for the names gets, by name. */
async function secrets(...resourceNames: readonly string[]): Promise<Readonly<Record<string, Secret['type']>>> {
  const client = new Client(`unix:${join(directory, 'sds.sock')}`, credentials.createInsecure());
  const same = (bytes: Buffer) => bytes;
  const stream = client.makeBidiStreamRequest('/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets', same, same);
  // That the end of the server ends streams is no trouble of theirs.
  stream.on('error', () => undefined);
  try {
    stream.write(Buffer.from(toBinary(DiscoveryRequestSchema, create(DiscoveryRequestSchema, { resourceNames: [...resourceNames] }))));
    const [answer] = await once(stream, 'data');
    const found = fromBinary(DiscoveryResponseSchema, answer).resources.map((resource) => anyUnpack(resource, SecretSchema));
    return Object.fromEntries(found.flatMap((secret) => (secret === undefined ? [] : [[secret.name, secret.type]])));
  } finally {
    stream.end();
    client.close();
  }
}

const text = (value: string) => ({ specifier: { case: 'inlineString', value } });
const certificate = ({ certificatePem, privateKeyPem }: KeyAndCertificate) => ({
  case: 'tlsCertificate',
  value: { certificateChain: text(certificatePem), privateKey: text(privateKeyPem) },
});
const roots = (pem: string) => ({ case: 'validationContext', value: { trustedCa: text(pem) } });

it('hands out the certificate of the workload and the roots of the mesh', async () => {
  expect(await secrets('default', 'ROOTCA')).toMatchObject({ default: certificate(workload), ROOTCA: roots(authority.certificatePem) });
});

it('hands out files that a DestinationRule names', async () => {
  const [chain = '', key = '', ca = ''] = ['chain.pem', 'key.pem', 'ca.pem'].map((name) => join(directory, name));
  await Promise.all([writeFile(chain, workload.certificatePem), writeFile(key, workload.privateKeyPem), writeFile(ca, 'roots')]);

  expect(await secrets(`file-cert:${chain}~${key}`, `file-root:${ca}`)).toMatchObject({
    [`file-cert:${chain}~${key}`]: certificate(workload),
    [`file-root:${ca}`]: roots('roots'),
  });
});

it('hands out the roots of the system', async () => {
  expect(await secrets('file-root:system')).toMatchObject({
    'file-root:system': roots(expect.stringContaining('-----BEGIN CERTIFICATE-----')),
  });
});

it.each(['file-root:/not/there', 'file-cert:/not/there~/nor/this', 'other'])('has no answer for %s', async (name) => {
  expect(await secrets(name)).toEqual({});
});

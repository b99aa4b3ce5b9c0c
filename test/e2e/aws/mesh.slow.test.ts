// The whole way without an account: YAML in a bucket, the snapshot function under Lambda's runtime, a gateway on the bucket, a real Envoy.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketStartMs, startBucket, type TestBucket } from '../../fixtures/bucket.ts';
import { TestCertificates } from '../../fixtures/sds-server.ts';
import { type Daemon, startDaemon } from '../apiserver/daemon.ts';
import { poll } from '../apiserver/poll.ts';
import { Backend } from '../mesh/backend.ts';
import { Envoy } from '../mesh/envoy.ts';
import { canHaveEnvoy } from '../mesh/envoy-binary.ts';
import { destinationRule, namespace, serviceObjects, weighted } from '../mesh/objects.ts';
import { send } from '../mesh/requests.ts';
import { isLeftOut } from '../optional.ts';
import { root } from '../serve-process.ts';
import { startFunctionUrl } from './function-url.ts';
import { startFunction } from './lambda-function.ts';
import { isLambdaLeftOut } from './lambda-runtime.ts';
import { freePort, isMotoLeftOut } from './moto.ts';

const isSkipped = [isMotoLeftOut(), isLambdaLeftOut(), isLeftOut('envoy', canHaveEnvoy())].includes(true);

describe.skipIf(isSkipped)('a gateway on a bucket', () => {
  const cleanups: (() => unknown)[] = [];
  let directory = '';
  let s3: TestBucket;
  let port = 0;
  let snapshotUrl = '';
  let certificates: TestCertificates;
  const versions = ['v1', 'v2'];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-bucket-'));
    cleanups.push(() => rm(directory, { recursive: true, maxRetries: 3 }));
    s3 = await startBucket();
    cleanups.push(() => s3.stop());
    const backends = await Promise.all(versions.map((version, index) => new Backend(version, `127.0.2.${index + 1}`).listen()));
    for (const backend of backends) cleanups.push(() => backend.close());
    certificates = await TestCertificates.create();
    cleanups.push(() => certificates.close());
    port = await freePort();
    await write('web', serviceObjects({ name: 'web', port, instances: backends }));
    await write('traffic', [weighted('web', { v1: 100, v2: 0 }), destinationRule('web', versions)]);
    const env = { ...s3.env, PILOTLESS_STORE: `s3://${s3.bucket}`, PILOTLESS_SOURCE: `s3://${s3.bucket}/sources` };
    const snapshot = await startFunction('snapshot', { env, timeoutSeconds: 60 });
    cleanups.push(() => snapshot.stop());
    const front = await startFunctionUrl(snapshot);
    cleanups.push(front.stop);
    snapshotUrl = front.url;
  }, bucketStartMs);

  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  async function write(name: string, items: readonly object[]): Promise<void> {
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: `sources/${name}.json`, Body: body }));
  }

  interface GatewayUnderTest {
    readonly daemon: Daemon;
    readonly xdsPort: number;
    metric(name: string): Promise<number>;
  }

  async function startGateway(env: Readonly<Record<string, string>>): Promise<GatewayUnderTest> {
    const [xdsPort, monitoringPort] = [await freePort(), await freePort()];
    const flags = {
      store: `s3://${s3.bucket}`,
      'cache-dir': join(directory, 'cache'),
      xds: `127.0.0.1:${xdsPort}`,
      monitoring: `127.0.0.1:${monitoringPort}`,
    };
    const daemon = startDaemon({
      command: process.execPath,
      args: [join(root, 'cli/pilotless.ts'), 'gateway', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])],
      logPath: join(directory, `gateway-${xdsPort}.log`),
      directory: root,
      env: { ...env, PILOTLESS_SNAPSHOT_URL: snapshotUrl },
    });
    cleanups.push(() => daemon.stop());
    const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${monitoringPort}/metrics`)).text();
    await poll(async () => ((await metrics()).includes('pilot_xds') ? true : undefined), { what: 'the gateway', signal: daemon.over });
    const metric = async (name: string): Promise<number> => Number((await metrics()).match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1]);
    return { daemon, xdsPort, metric };
  }

  async function startEnvoy(pod: string, xdsPort: number): Promise<Envoy> {
    const sdsPath = join(directory, `${pod}.sock`);
    await certificates.serve(sdsPath, { namespace, serviceAccount: 'client' });
    const own = await mkdtemp(join(directory, 'envoy-'));
    const envoy = await Envoy.start({
      ...{ directory: own, protocol: 'delta', pod, namespace, serviceAccount: 'client', ip: '127.0.0.1', labels: { app: 'client' } },
      ...{ interception: 'NONE', xds: { address: '127.0.0.1', port: xdsPort }, sdsPath },
    });
    cleanups.push(() => envoy.stop());
    await envoy.live();
    return envoy;
  }

  const call = () => send({ port, host: 'web.shop.svc.cluster.local' });

  it('serves an Envoy of a class that nobody knew, which becomes LIVE and routes, and follows what is published', async () => {
    const gateway = await startGateway(s3.env);
    const envoy = await startEnvoy('client-1', gateway.xdsPort);
    expect(await call()).toMatchObject({ status: 200, body: 'v1' });

    await write('traffic', [weighted('web', { v1: 0, v2: 100 }), destinationRule('web', versions)]);
    await fetch(`${snapshotUrl}/compile`, { method: 'POST' });

    await poll(async () => ((await call()).body === 'v2' ? true : undefined), { what: 'the new weights' });
    await envoy.stop();
    await gateway.daemon.stop();
  }, 120_000);

  it('serves from its copy on disk within seconds when the bucket is away, also an Envoy that starts then', async () => {
    const begin = performance.now();
    const gateway = await startGateway({ ...s3.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });

    await startEnvoy('client-2', gateway.xdsPort);

    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(await call()).toMatchObject({ status: 200, body: 'v2' });
    expect(await gateway.metric('pilotless_snapshot_age_seconds')).toBeGreaterThan(0);
    expect(await gateway.metric('pilotless_store_errors_total')).toBeGreaterThan(0);
  }, 120_000);
});

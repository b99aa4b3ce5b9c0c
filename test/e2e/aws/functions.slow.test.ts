// The functions as they run in Lambda: built bundles, Amazon's runtime client and emulator, S3 and Secrets Manager from moto; nothing of ours beside them.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeTexts, revisionKey } from '../../../shared/inject/stored-config.ts';
import type { Answer } from '../../../shared/lambda/handler.ts';
import { s3Store } from '../../../shared/store/s3.ts';
import { seeHead } from '../../../shared/store/snapshots.ts';
import { bucketStartMs, startBucket, type TestBucket } from '../../fixtures/bucket.ts';
import { type LambdaFunction, startFunction } from './lambda-function.ts';
import { isLambdaLeftOut } from './lambda-runtime.ts';
import { isMotoLeftOut } from './moto.ts';
import { samEvent, samVariables } from './sam-files.ts';

const demoMesh = new URL('../../../cli/demo/mesh/10-catalogue.yaml', import.meta.url);
const isLeftOut = [isMotoLeftOut(), isLambdaLeftOut()].includes(true);

describe.skipIf(isLeftOut)("a function under Lambda's runtime", () => {
  const running: LambdaFunction[] = [];
  let s3: TestBucket;

  beforeAll(async () => {
    s3 = await startBucket();
    await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: 'sources/catalogue.yaml', Body: readFileSync(demoMesh) }));
  }, bucketStartMs);

  afterAll(async () => {
    for (const each of running) await each.stop();
    await s3?.stop();
  });

  async function started(name: string, env: Readonly<Record<string, string>>): Promise<LambdaFunction> {
    const each = await startFunction(name, { env: { ...s3.env, ...env }, timeoutSeconds: 30 });
    running.push(each);
    return each;
  }

  it('adds a sidecar to the pod of the event file', async () => {
    const inject = await started('inject', await samVariables('Inject'));

    const { statusCode, body } = await inject.invoke(await samEvent('inject'));

    expect(statusCode).toBe(200);
    expect(Buffer.from(JSON.parse(body).response.patch, 'base64').toString()).toContain('"istio-proxy"');
    expect((await inject.lines()).filter((line) => 'request' in line)).toMatchObject([
      {
        request: { route: '/inject', status: 200, cold: true },
        sidecar_injection_success_total: 1,
        _aws: { CloudWatchMetrics: expect.any(Array) },
      },
    ]);
  });

  it('reads its settings from S3', async () => {
    const texts = encodeTexts({ meshConfigText: 'defaultConfig: {proxyMetadata: {TOLD_BY: bucket}}' });
    await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: revisionKey('default'), Body: texts }));
    const inject = await started('inject', { PILOTLESS_STORE: `s3://${s3.bucket}` });

    const { body } = await inject.invoke(await samEvent('inject'));

    expect(Buffer.from(JSON.parse(body).response.patch, 'base64').toString()).toContain('"TOLD_BY"');
  });

  it('allows the object of the event file', async () => {
    const validate = await started('validate', await samVariables('Validate'));

    const { statusCode, body } = await validate.invoke(await samEvent('validate'));

    expect([statusCode, JSON.parse(body).response.allowed]).toEqual([200, true]);
  });

  it('publishes a snapshot for the node of the event file, and the same when it is asked again or by a schedule', async () => {
    const snapshot = await started('snapshot', await samVariables('Snapshot'));

    const first = JSON.parse((await snapshot.invoke(await samEvent('snapshot'))).body);
    const again = JSON.parse((await snapshot.invoke(await samEvent('snapshot'))).body);
    const scheduled = await snapshot.invoke({ source: 'aws.events' });

    const seen = await seeHead(s3Store({ bucket: s3.bucket, prefix: '' }));
    expect(first).toEqual({ result: 'published', manifest: seen.ok && seen.value?.head.stable, class: expect.any(String) });
    expect(again).toEqual({ ...first, result: 'unchanged' });
    expect(scheduled).toMatchObject({ result: 'unchanged', manifest: first.manifest });
  });

  it('gives the right answer after it was frozen between two invocations', async () => {
    const inject = await started('inject', { PILOTLESS_STORE: `s3://${s3.bucket}` });
    const before = await inject.invoke(await samEvent('inject'));

    inject.freeze();
    await wait(3_000);
    inject.thaw();

    expect(await inject.invoke(await samEvent('inject'))).toEqual(before);
  });

  it('answers before its time is over when S3 does not', async () => {
    const inject = await started('inject', { PILOTLESS_STORE: `s3://${s3.bucket}`, AWS_ENDPOINT_URL: 'http://192.0.2.1' });
    const begin = performance.now();

    const { statusCode, body } = await inject.invoke(await samEvent('inject'));

    expect(performance.now() - begin).toBeLessThan(5_000);
    expect([statusCode, JSON.parse(body).response.allowed]).toEqual([200, true]);
  });

  it('refuses no review while its token is rotated under 50 requests a second', async () => {
    const secrets = new SecretsManagerClient({});
    const [old, fresh] = ['first-token-0123456789', 'second-token-0123456789'];
    await secrets.send(new CreateSecretCommand({ Name: 'webhook-token', SecretString: old }));
    const inject = await started('inject', { PILOTLESS_TOKEN_SECRET: 'webhook-token' });
    const event = (await samEvent('inject')) as { readonly rawPath: string };
    const answers: Promise<Answer>[] = [];
    const send = (token: string): void => void answers.push(inject.invoke({ ...event, rawPath: `/t/${token}${event.rawPath}` }));
    await inject.invoke({ ...event, rawPath: `/t/${old}/inject` });

    for (let tick = 0; tick < 200; tick += 1) {
      if (tick === 60) await secrets.send(new PutSecretValueCommand({ SecretId: 'webhook-token', SecretString: fresh }));
      // API servers change over one after the other: both tokens are in use for a while.
      send(tick > 60 && (tick > 140 || tick % 2 === 0) ? fresh : old);
      await wait(20);
    }

    const codes = (await Promise.all(answers)).map(({ statusCode }) => statusCode);
    expect(codes).toEqual(codes.map(() => 200));
    expect(await inject.invoke({ ...event, rawPath: '/t/guessed/inject' })).toEqual(
      await inject.invoke({ ...event, rawPath: `/t/${fresh}/other` }),
    );
    const log = JSON.stringify(await inject.lines());
    for (const token of [old, fresh, 'guessed']) expect(log).not.toContain(token);
  }, 120_000);
});

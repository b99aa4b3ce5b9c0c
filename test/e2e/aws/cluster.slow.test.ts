// A cluster that is served from outside: a real API server calls the functions, under Lambda's runtime, at the URLs that `pilotless install` prints.
import { webcrypto } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedObjects } from '../../../cli/install/objects.ts';
import { createDevelopmentAuthority, issueServingCertificate } from '../../../shared/ca/development.ts';
import { bucketStartMs, startBucket } from '../../fixtures/bucket.ts';
import { type ApiServer, startApiServer } from '../apiserver/api-server.ts';
import { coreGroup } from '../apiserver/kinds.ts';
import { poll } from '../apiserver/poll.ts';
import { isApiServerLeftOut } from '../apiserver/tools.ts';
import { apply, mustApply, namespaceObject, tryPod } from '../objects.ts';
import { startFunctionUrl } from './function-url.ts';
import { type LambdaFunction, startFunction } from './lambda-function.ts';
import { isLambdaLeftOut } from './lambda-runtime.ts';
import { isMotoLeftOut } from './moto.ts';

const token = 'token-of-the-test-0123456789';
const names = { kind: 'VirtualService', listKind: 'VirtualServiceList', plural: 'virtualservices', singular: 'virtualservice' };
const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
const virtualServices = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'virtualservices.networking.istio.io' },
  spec: { group: 'networking.istio.io', names, scope: 'Namespaced', versions: [{ name: 'v1', served: true, storage: true, schema }] },
};

const virtualService = (name: string, spec: object): object => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'shop' },
  spec,
});

const isLeftOut = [isMotoLeftOut(), isLambdaLeftOut(), isApiServerLeftOut()].includes(true);

describe.skipIf(isLeftOut)('an API server whose webhooks are functions', () => {
  const cleanups: (() => unknown)[] = [];
  let api: ApiServer;
  let inject: LambdaFunction;
  let validate: LambdaFunction;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pilotless-cluster-'));
    cleanups.push(() => rm(directory, { recursive: true, maxRetries: 3 }));
    const aws = await startBucket();
    cleanups.push(() => aws.stop());
    await new SecretsManagerClient({}).send(new CreateSecretCommand({ Name: 'webhook-token', SecretString: token }));
    const env = { ...aws.env, PILOTLESS_TOKEN_SECRET: 'webhook-token', PILOTLESS_STORE: `s3://${aws.bucket}` };
    inject = await startFunction('inject', { env });
    cleanups.push(() => inject.stop());
    validate = await startFunction('validate', { env });
    cleanups.push(() => validate.stop());
    const context = { now: new Date(), crypto: webcrypto };
    const authority = await createDevelopmentAuthority(context);
    const certificate = await issueServingCertificate(authority, ['127.0.0.1'], context);
    const injectUrl = await startFunctionUrl(inject, certificate);
    const validateUrl = await startFunctionUrl(validate, certificate);
    cleanups.push(injectUrl.stop, validateUrl.stop);
    api = await startApiServer(directory);
    cleanups.push(() => api.stop());
    await mustApply(api, namespaceObject('shop', { 'istio-injection': 'enabled' }));
    await mustApply(api, virtualServices);
    const settings = { revision: 'default', failurePolicy: 'Fail', token, injectUrl: injectUrl.url, validateUrl: validateUrl.url } as const;
    const webhooks = installedObjects({ ...settings, caPem: authority.certificatePem }).filter(({ kind }) =>
      kind.endsWith('WebhookConfiguration'),
    );
    // Kinds of the core have a group of their own in this API server.
    for (const object of webhooks)
      await mustApply(api, JSON.parse(JSON.stringify(object).replaceAll('"apiGroups":[""]', `"apiGroups":["${coreGroup}"]`)));
  }, bucketStartMs);

  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  it('gets a sidecar for a pod', async () => {
    const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'shop.example/app:1' }] } };

    const { object } = await poll(
      async () => {
        const tried = await tryPod(api, { namespace: 'shop', pod });
        return JSON.stringify(tried.object).includes('istio-proxy') ? tried : undefined;
      },
      { what: 'an injected pod' },
    );

    expect(object).toMatchObject({ metadata: { name: 'web', labels: { 'security.istio.io/tlsMode': 'istio' } } });
    expect(JSON.stringify(await inject.lines())).not.toContain(token);
  });

  it('asks for every Istio object, and stores what is right', async () => {
    const right = virtualService('reviews', { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }] }] });
    await poll(async () => ((await apply(api, right)).code === 0 ? true : undefined), { what: 'the stored VirtualService' });

    const passed = (await validate.lines()).filter((line) => line['galley_validation_passed'] !== undefined);
    expect(passed.length).toBeGreaterThan(0);
    expect(passed[0]).toMatchObject({ group: 'networking.istio.io', version: 'v1', resource: 'virtualservices' });
  });

  it('stores nothing that is wrong, and says what it is', async () => {
    const { code, stderr } = await apply(api, virtualService('broken', { hosts: ['reviews'], http: [{ timeout: '1ns', route: [] }] }));

    expect(code).toBe(1);
    expect(stderr).toContain('validation.istio.io" denied the request: ');
    expect(stderr).toContain('duration must be greater than 1ms');
  });
});

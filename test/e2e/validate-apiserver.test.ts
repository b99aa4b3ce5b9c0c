// Validation as in a cluster: Kubernetes' own code applies the schema of Istio's definitions, asks the real program over TLS, shows its messages at the
// prompt of kubectl, and enforces its own rules for webhooks that are away.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailurePolicy } from '../../cli/install/settings.ts';
import { validationConfiguration } from '../../cli/install/validating.ts';
import { recordings } from '../conformance/recordings.ts';
import { type ApiServer, type KubectlResult, startApiServer } from './apiserver/api-server.ts';
import { poll } from './apiserver/poll.ts';
import { isApiServerLeftOut } from './apiserver/tools.ts';
import { mustApply, namespaceObject } from './objects.ts';
import { isLeftOut } from './optional.ts';
import { type RunningInjector, startInjector } from './running-injector.ts';

const definitions = join(recordings, 'crds/crd-all.gen.yaml');
const isHere = !isLeftOut("Istio's definitions", existsSync(definitions)) && !isApiServerLeftOut();

describe.skipIf(!isHere)('an API server that asks pilotless serve about Istio objects', () => {
  const cleanups: (() => Promise<void>)[] = [];
  let api: ApiServer;
  let pilotless: RunningInjector;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pilotless-validate-'));
    cleanups.push(() => rm(directory, { recursive: true, maxRetries: 3 }));
    api = await startApiServer(directory);
    cleanups.push(() => api.stop());
    pilotless = await startInjector(directory);
    cleanups.push(() => pilotless.stop());
    await mustApply(api, namespaceObject('shop', {}));
    const installed = await api.kubectl(['apply', '--server-side', '-f', '-'], await readFile(definitions, 'utf8'));
    expect(installed.stderr).toBe('');
    await configure('Fail');
    // The API server serves new kinds, and hears of the webhook, a moment after it has stored them.
    await poll(async () => ((await apply(badEntry)).stderr.includes('denied the request') ? true : undefined), { what: 'the webhook' });
  }, 120_000);

  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  function configure(failurePolicy: FailurePolicy): Promise<void> {
    const { baseUrl, caPem } = pilotless;
    return mustApply(api, validationConfiguration({ revision: 'default', injectUrl: baseUrl, validateUrl: baseUrl, caPem, failurePolicy }));
  }

  const istio = (kind: string, name: string, spec: object, group = 'networking.istio.io/v1'): object => ({
    apiVersion: group,
    kind,
    metadata: { name, namespace: 'shop' },
    spec,
  });
  const badEntry = istio('WorkloadEntry', 'bad', { address: 'a_b' });

  function apply(object: object, ...more: readonly string[]): Promise<KubectlResult> {
    return api.kubectl(['apply', '--validate=false', ...more, '-f', '-'], JSON.stringify(object));
  }

  const server = (port: object): object => ({ servers: [{ hosts: ['a.example.com'], port }] });
  const http = { number: 80, name: 'http', protocol: 'HTTP' };
  const refused = (message: string): string =>
    `admission webhook "validation.istio.io" denied the request: configuration is invalid: ${message}`;
  const manifests = [
    { outcome: 'taken', object: istio('Gateway', 'good', server(http)), says: '' },
    { outcome: 'refused', object: badEntry, says: refused('endpoint address "a_b" is not a valid FQDN or an IP address') },
    { outcome: 'refused', object: istio('Gateway', 'bad', server({ ...http, protocol: 'SMTP' })), says: refused('') },
    {
      outcome: 'refused',
      object: istio(
        'PeerAuthentication',
        'bad',
        { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { 0: {} } },
        'security.istio.io/v1',
      ),
      says: 'port must be between 1-65535',
    },
    {
      outcome: 'refused',
      object: istio('Telemetry', 'bad', { accessLogging: [{ filter: { expression: 'a b' } }] }, 'telemetry.istio.io/v1'),
      says: refused('must be a valid CEL expression'),
    },
    {
      outcome: 'taken',
      object: istio('WasmPlugin', 'warned', { url: 'oci://example.com/a:1', selector: {} }, 'extensions.istio.io/v1alpha1'),
      says: 'Warning: workload selector specified without labels',
    },
    {
      outcome: 'taken',
      object: istio('EnvoyFilter', 'warned', { configPatches: [] }, 'networking.istio.io/v1alpha3'),
      says: 'Warning: EnvoyFilter exposes internal implementation details',
    },
  ];
  it.each(manifests)('$outcome: $object.kind $object.metadata.name', async ({ outcome, object, says }) => {
    const { code, stderr } = await apply(object);

    expect(stderr).toContain(says);
    expect(code).toBe(outcome === 'taken' ? 0 : 1);
  });

  it('keeps the object that it has when a change of it is refused', async () => {
    await apply(istio('ServiceEntry', 'kept', { hosts: ['a.example.com'], ports: [http], resolution: 'DNS' }));

    const { code, stderr } = await apply(
      istio('ServiceEntry', 'kept', { hosts: ['a.example.com'], ports: [{ ...http, protocol: 'SMTP' }], resolution: 'DNS' }),
    );
    const { stdout } = await api.kubectl(['get', 'serviceentry', '-n', 'shop', 'kept', '-o', 'jsonpath={.spec.ports[0].protocol}']);

    expect([code, stdout]).toEqual([1, 'HTTP']);
    expect(stderr).toContain('denied the request: configuration is invalid: ');
  });

  it('gives hints of what is stored and deleted, none of dry runs', async () => {
    const hints = async (): Promise<readonly string[]> => (await pilotless.metrics()).match(/^pilotless_hints_total\{.*$/gm) ?? [];
    const gateway = istio('Gateway', 'hinted', server(http));
    const before = await hints();
    await apply(gateway, '--dry-run=server');
    expect(await hints()).toEqual(before);

    await apply(gateway);
    await api.kubectl(['delete', 'gateway', '-n', 'shop', 'hinted']);

    expect(await hints()).not.toEqual(before);
    expect((await hints()).join('\n')).toMatch(/operation="DELETE",result="sent"\} 1$/m);
  });

  it('refuses changes or lets them pass, as failurePolicy says, when nobody answers', async () => {
    await pilotless.stop();

    const failed = await apply(istio('Gateway', 'away', server(http)));
    await configure('Ignore');
    const passed = await poll(
      async () => {
        const result = await apply(istio('Gateway', 'away', server({ ...http, protocol: 'SMTP' })));
        return result.code === 0 ? result : undefined;
      },
      { what: 'failurePolicy Ignore' },
    );

    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('failed calling webhook "validation.istio.io"');
    expect(passed.stdout).toContain('created');
  });
});

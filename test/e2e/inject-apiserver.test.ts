// Injection as in a cluster: Kubernetes' own code chooses the pods, calls the real program over TLS, applies its patches and enforces its own rules
// for webhooks that fail.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from 'fast-json-patch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { injectionSelections } from '../../cli/install/selectors.ts';
import { createInjector, type InjectAnswer, loadInjectorConfig } from '../../shared/inject/index.ts';
import { applyPatch } from '../fixtures/apply-patch.ts';
import { type ApiServer, startApiServer } from './apiserver/api-server.ts';
import { poll } from './apiserver/poll.ts';
import { isApiServerLeftOut } from './apiserver/tools.ts';
import { apply, mustApply, namespaceObject, type PlacedPod, podObject, storedPod, type Tried, tryPod } from './objects.ts';
import { namespaces, writtenPods } from './pods.ts';
import { type RunningInjector, startInjector } from './running-injector.ts';
import { mutatingWebhookConfiguration, type WebhookClient, type WebhookPolicy } from './webhook-configuration.ts';
import { startWebhookServer } from './webhook-server.ts';

const { value: config } = loadInjectorConfig({
  host: { nowMs: () => 0, env: () => undefined },
  settings: { nativeSidecars: 'auto', platform: '', compliancePolicy: '', rootCertificate: { mode: 'configmap' } },
});

const policy: WebhookPolicy = { failurePolicy: 'Fail', reinvocationPolicy: 'IfNeeded', timeoutSeconds: 10 };
const spec = { containers: [{ name: 'app', image: 'shop.example/app:1' }] };

describe.skipIf(isApiServerLeftOut())('an API server that calls pilotless serve for Pods', () => {
  const cleanups: (() => Promise<void>)[] = [];
  let directory = '';
  let api: ApiServer;
  let injector: RunningInjector;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-apiserver-'));
    cleanups.push(() => rm(directory, { recursive: true, maxRetries: 3 }));
    api = stoppedAtTheEnd(await startApiServer(directory));
    injector = stoppedAtTheEnd(await startInjector(directory));
    for (const [name, labels] of Object.entries(namespaces)) await mustApply(api, namespaceObject(name, labels));
    const webhooks = injectionSelections('default');
    await mustApply(api, mutatingWebhookConfiguration({ ...policy, name: 'istio-sidecar-injector', client: injector, webhooks }));
    await inEffect('shop', ({ object }) => JSON.stringify(object).includes('istio-proxy'));
  }, 60_000);

  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  function stoppedAtTheEnd<T extends { stop(): Promise<void> }>(running: T): T {
    cleanups.push(() => running.stop());
    return running;
  }

  /** The API server hears of a configuration a moment after it has stored it: pods tried in the namespace show when. */
  async function inEffect(namespace: string, shows: (tried: Tried) => boolean): Promise<Tried> {
    const check = async () => {
      const tried = await tryPod(api, { namespace, pod: { metadata: { name: 'tried' }, spec } });
      return shows(tried) ? tried : undefined;
    };
    return poll(check, { what: `webhooks of ${namespace}` });
  }

  it.each(writtenPods)('$outcome: $title', async ({ outcome, ...placed }) => {
    const expected = expectation(placed);
    const before = await injector.requests();

    const { code, stderr } = await apply(api, podObject(placed));

    expect(await injector.requests()).toBe(before + (outcome === 'not-asked' ? 0 : 1));
    if (outcome === 'refused') {
      expect(code).toBe(1);
      expect(stderr).toContain(`admission webhook "namespace.sidecar-injector.istio.io" denied the request: ${expected.refusal}`);
      await expect(storedPod(api, placed)).rejects.toThrow('not found');
    } else {
      expect([code, stderr]).toEqual([0, '']);
      expect(await storedPod(api, placed)).toEqual(outcome === 'injected' ? expected.injected : podObject(placed));
    }
  });

  it('keeps the sidecar, knowing the new container, when it is asked again after another webhook has added one', async () => {
    const added = { name: 'added', image: 'other.example/added:1' };
    const addOnce = (object: unknown): readonly Operation[] =>
      JSON.stringify(object).includes(added.image) ? [] : [{ op: 'add', path: '/spec/containers/-', value: added }];
    const other = stoppedAtTheEnd(await startWebhookServer(addOnce));
    await mustApply(api, namespaceObject('crowded', { 'istio-injection': 'enabled', adds: 'containers' }));
    const webhooks = [{ name: 'adds.other.example', namespaceSelector: { matchLabels: { adds: 'containers' } } }];
    await mustApply(api, mutatingWebhookConfiguration({ ...policy, name: 'later-in-the-alphabet', client: other, webhooks }));
    await inEffect('crowded', ({ object }) => JSON.stringify(object).includes(added.image));
    const before = await injector.requests();

    await mustApply(api, podObject({ namespace: 'crowded', pod: { metadata: { name: 'web' }, spec } }));

    const grown = { namespace: 'crowded', pod: { metadata: { name: 'web' }, spec: { containers: [...spec.containers, added] } } };
    expect(await injector.requests()).toBe(before + 2);
    expect(await storedPod(api, grown)).toEqual(expectation(grown).injected);
  });

  const unreachable = [
    { how: 'is stopped', start: () => stoppedInjector(), says: 'connection refused' },
    { how: 'gives no answer in time', start: () => startWebhookServer(() => undefined), says: 'context deadline exceeded' },
  ];
  it.each(unreachable)('refuses pods or lets them pass, as failurePolicy says, when the webhook $how', async ({ how, start, says }) => {
    const client = stoppedAtTheEnd(await start());
    const label = how.replaceAll(' ', '-');
    await mustApply(api, namespaceObject(label, { webhook: label }));
    const configure = (failurePolicy: WebhookPolicy['failurePolicy']) =>
      mustApply(
        api,
        mutatingWebhookConfiguration({
          ...{ name: label, client, failurePolicy, reinvocationPolicy: 'Never', timeoutSeconds: 1 },
          webhooks: [{ name: 'pods.unreachable.example', namespaceSelector: { matchLabels: { webhook: label } } }],
        }),
      );

    await configure('Fail');
    const refused = await inEffect(label, ({ isAllowed }) => !isAllowed);
    await configure('Ignore');
    const passed = await inEffect(label, ({ isAllowed }) => isAllowed);

    expect(refused.object['message']).toContain('failed calling webhook "pods.unreachable.example"');
    expect(refused.object['message']).toContain(says);
    expect(passed.object['spec']).toEqual(spec);
  });

  async function stoppedInjector(): Promise<WebhookClient & { stop(): Promise<void> }> {
    const own = join(directory, 'stopped');
    await mkdir(own);
    const running = await startInjector(own);
    await running.stop();
    return running;
  }
});

/** What the injector itself says of a pod, as an API server would store it. */
function expectation(placed: PlacedPod): { readonly injected?: unknown; readonly refusal?: string } {
  const object = podObject(placed);
  const answer: InjectAnswer | undefined =
    config && createInjector(config).inject({ object, namespace: placed.namespace, path: '/inject' });
  if (answer?.kind === 'failed') return { refusal: answer.error };
  return answer?.kind === 'injected' ? { injected: applyPatch(object, answer.patch) } : {};
}

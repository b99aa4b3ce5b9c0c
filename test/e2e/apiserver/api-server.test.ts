import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonObject, objectAt } from '../../../shared/lib/json.ts';
import { apply, mustApply, namespaceObject } from '../objects.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { isApiServerLeftOut } from './tools.ts';

const configMap = (name: string, data: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data,
});

describe.skipIf(isApiServerLeftOut())('the API server of the tests', () => {
  let directory = '';
  let api: ApiServer | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-apiserver-'));
    api = await startApiServer(directory);
  }, 60_000);

  afterAll(async () => {
    await api?.stop();
    await rm(directory, { recursive: true, maxRetries: 3 });
  });

  function running(): ApiServer {
    if (!api) throw new Error('it was not started');
    return api;
  }

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${running().url}${path}`, { ...init, headers: { 'content-type': 'application/json' } });

  const object = async (path: string) => (await (await call(path)).json()) as JsonObject;

  it('creates, changes, shows and deletes Namespaces by name', async () => {
    const { kubectl } = running();
    const said = async (...args: string[]) => (await kubectl(args)).stdout;

    expect((await apply(running(), namespaceObject('lab', { a: 'b' }))).stdout).toBe('namespace/lab created\n');
    expect(await said('label', 'namespace', 'lab', 'c=d')).toBe('namespace/lab labeled\n');
    expect(await said('get', 'ns', 'lab', '-o', 'jsonpath={.apiVersion} {.metadata.labels}')).toBe('v1 {"a":"b","c":"d"}');
    expect(await said('delete', 'ns', 'lab')).toBe('namespace "lab" deleted\n');
  });

  it('watches objects of the core from a list on', async () => {
    const path = '/api/v1/namespaces/shop/configmaps';
    const list = await object(path);
    const watch = await call(`${path}?watch=1&resourceVersion=${objectAt(list, 'metadata')['resourceVersion']}`);

    await mustApply(running(), configMap('watched', { ü: '1' }));
    await mustApply(running(), configMap('watched', { ü: '2' }));

    const events = (await firstLines(watch, 2)).map((line) => JSON.parse(line));
    const seen = events.map(({ type, object: { apiVersion, kind, data } }) => `${type} ${apiVersion} ${kind} ${data.ü}`);
    expect([list['apiVersion'], list['kind']]).toEqual(['v1', 'ConfigMapList']);
    expect(seen).toEqual(['ADDED v1 ConfigMap 1', 'MODIFIED v1 ConfigMap 2']);
  });

  it('refuses a change of an older version with 409', async () => {
    await mustApply(running(), configMap('contended'));
    const path = '/api/v1/namespaces/shop/configmaps/contended';
    const old = await object(path);
    await mustApply(running(), configMap('contended', { by: 'somebody else' }));

    const response = await call(path, { method: 'PUT', body: JSON.stringify({ ...old, data: { by: 'us' } }) });

    expect(response.status).toBe(409);
  });

  it('fills in what webhook configurations leave open', async () => {
    const clientConfig = { url: 'https://127.0.0.1:1' };
    const webhook = { name: 'open.example.com', clientConfig, rules: [{ operations: ['CREATE'], resources: ['pods'] }] };
    const kind = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' };
    await mustApply(running(), { ...kind, metadata: { name: 'open' }, webhooks: [webhook] });

    const { stdout } = await running().kubectl(['get', 'validatingwebhookconfiguration', 'open', '-o', 'json']);

    expect(JSON.parse(stdout).webhooks).toMatchObject([
      { ...webhook, failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10, rules: [{ scope: '*' }] },
    ]);
  });

  it('answers nobody any more once it is stopped', async () => {
    const { url, stop } = running();
    await stop();

    await expect(fetch(`${url}/readyz`)).rejects.toThrow('fetch failed');
  });
});

/** Lines from the start of an endless answer, which is then left. */
async function firstLines(response: Response, count: number): Promise<readonly string[]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.split('\n').length > count) break;
  }
  return text.split('\n').slice(0, count);
}

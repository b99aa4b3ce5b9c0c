import request from 'supertest';
import { describe, expect, it } from 'vitest';
import type { Injector } from '../../shared/inject/index.ts';
import { jsonLinesLogger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { applyPatch } from '../../test/fixtures/apply-patch.ts';
import { injector } from '../../test/fixtures/inject.ts';
import { injectApp } from './app.ts';

/** The app with what it logged and counted. */
function started(get: () => Injector | Promise<Injector> = () => injector()) {
  const lines: string[] = [];
  const counts: Record<string, number> = {};
  const seconds: number[] = [];
  const metrics: Metrics = {
    count: (name, labels, by = 1) => {
      const key = labels ? `${name} ${Object.values(labels).join(' ')}` : name;
      counts[key] = (counts[key] ?? 0) + by;
    },
    observe: (_name, value) => void seconds.push(value),
    set: () => {},
  };
  const log = jsonLinesLogger({ write: (line) => void lines.push(line), now: () => new Date(0), level: 'debug' });
  let clock = 0;
  const now = () => {
    clock += 250;
    return clock;
  };
  return { app: injectApp({ injector: get, log, metrics, now }), lines, counts, seconds };
}

const post = (body: string | Buffer, { path = '/inject', type = 'application/json', app = started().app } = {}) =>
  request(app).post(path).set('content-type', type).send(body);

const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'shop.example/app:1' }] } };

function review(object: unknown = pod, { version = 'v1', namespace = 'shop' } = {}): string {
  const apiVersion = `admission.k8s.io/${version}`;
  return JSON.stringify({ apiVersion, kind: 'AdmissionReview', request: { uid: 'u-1', namespace, object } });
}

const patchOf = (text: string) => JSON.parse(Buffer.from(JSON.parse(text).response.patch, 'base64').toString());
const environmentOf = (text: string): Record<string, string> => {
  const injected = applyPatch(pod, patchOf(text)) as { spec: { containers: { env?: { name: string; value: string }[] }[] } };
  return Object.fromEntries(injected.spec.containers.flatMap(({ env = [] }) => env.map(({ name, value }) => [name, value])));
};

describe('the path', () => {
  it.each(['/inject', '/inject/', '/inject/cluster/c1', '/inject?timeout=10s', '/inject/x?y=/inject'])('%s is served', async (path) => {
    const { status, text } = await post(review(), { path });

    expect(status).toBe(200);
    expect(JSON.parse(text).response).toMatchObject({ uid: 'u-1', allowed: true, patchType: 'JSONPatch' });
  });

  it.each(['/', '/injectx', '/Inject', '/validate', '/x/inject'])('%s is not there', async (path) => {
    const { status, text, headers } = await post(review(), { path });

    expect([status, text]).toEqual([404, '404 page not found\n']);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  });

  it.each([
    ['/inject//cluster/c1', '/inject/cluster/c1'],
    ['//inject', '/inject'],
    ['/inject/../inject/x?y=1', '/inject/x?y=1'],
  ])('%s is sent to its clean form', async (path, location) => {
    const { status, headers } = await post(review(), { path });

    expect([status, headers['location']]).toEqual([307, location]);
  });

  it('carries cluster and network, percent-decoded', async () => {
    const { text } = await post(review(), { path: '/inject/cluster/c%201/net/a--slash--b?net=no' });

    expect(environmentOf(text)).toMatchObject({ ISTIO_META_CLUSTER_ID: 'c 1', ISTIO_META_NETWORK: 'a/b' });
  });

  it.each(['/inject/cluster/%zz', '/inject/cluster/%ff', '/inject/%'])('%s, which is no text, is refused', async (path) => {
    const { app, lines } = started();

    const { status, text } = await post(review(), { path, app });

    expect([status, text]).toEqual([400, 'the path is not percent-encoded UTF-8\n']);
    expect(lines).toEqual([]);
  });

  it.each(['get', 'put', 'patch', 'delete'] as const)('is served for the method %s', async (method) => {
    const { status, text } = await request(started().app)[method]('/inject').set('content-type', 'application/json').send(review());

    expect(status).toBe(200);
    expect(JSON.parse(text).response.allowed).toBe(true);
  });
});

describe('the body', () => {
  it('must be there', async () => {
    const { status, text } = await post('', { type: 'text/plain' });

    expect([status, text]).toEqual([400, 'no body found\n']);
  });

  it('must not be larger than 6 MiB', async () => {
    const large = Buffer.alloc(6 * 1024 * 1024 + 1, ' ');

    const { status, text } = await post(large);

    expect([status, text]).toEqual([400, 'Request entity too large: limit is 6291456\n']);
  });

  it.each(['text/plain', 'application/json; charset=utf-8', 'Application/json', 'application/yaml'])('must not be %s', async (type) => {
    const { status, text } = await post(review(), { type });

    expect([status, text]).toEqual([415, 'invalid Content-Type, want `application/json`\n']);
  });

  it('may be YAML', async () => {
    const yaml = 'apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest:\n  uid: u-2\n  object: {spec: {hostNetwork: true}}\n';

    const { text } = await post(yaml);

    expect(JSON.parse(text)).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      response: { uid: 'u-2', allowed: true },
    });
  });
});

describe('the answer', () => {
  it.each(['v1', 'v1beta1'])('has the version of the review: %s', async (version) => {
    const { text, headers } = await post(review(pod, { version }));

    const { apiVersion, kind, request: echo, response } = JSON.parse(text);
    expect([apiVersion, kind, echo]).toEqual([`admission.k8s.io/${version}`, 'AdmissionReview', undefined]);
    expect(Object.keys(response)).toEqual(['uid', 'allowed', 'patch', 'patchType']);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('has a patch that applies to what was sent', async () => {
    const { text } = await post(review());

    expect(applyPatch(pod, patchOf(text))).toMatchObject({ spec: { containers: [{ name: 'app' }, { name: 'istio-proxy' }] } });
  });

  it('allows a pod that is left alone, without a patch', async () => {
    const { text } = await post(review({ ...pod, spec: { hostNetwork: true } }));

    expect(JSON.parse(text).response).toEqual({ uid: 'u-1', allowed: true });
  });

  it('refuses a pod with a message alone', async () => {
    const { status, text } = await post(review({ metadata: { annotations: { 'inject.istio.io/templates': 'x' } } }));

    expect(status).toBe(200);
    expect(JSON.parse(text).response).toEqual({
      uid: 'u-1',
      allowed: false,
      status: { metadata: {}, message: expect.stringContaining('failed to run injection template: requested template "x" not found') },
    });
  });

  it.each([
    ['no object', null, 'unexpected end of JSON input'],
    ['an object of another shape', { spec: [] }, 'json: cannot unmarshal array'],
  ])('refuses a request with %s', async (_what, object, message) => {
    const { text } = await post(review(object));

    expect(JSON.parse(text).response).toMatchObject({ uid: 'u-1', allowed: false, status: { message: expect.stringContaining(message) } });
  });

  it.each([
    ['broken JSON', '{"kind":', 'json parse error'],
    ['broken YAML', 'a: [', 'json parse error'],
    ['nothing', 'null', "Object 'Kind' is missing in 'null'"],
    ['a list', '[]', 'json parse error'],
    ['an object without a kind', '{}', "Object 'Kind' is missing in '{}'"],
    ['a pod', '{"apiVersion":"v1","kind":"Pod"}', 'unsupported type :'],
    ['an unknown version', '{"apiVersion":"admission.k8s.io/v2","kind":"AdmissionReview"}', 'no kind "AdmissionReview" is registered'],
  ])('refuses %s without a type', async (_what, body, message) => {
    const { status, text } = await post(body);

    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      response: { uid: '', allowed: false, status: { metadata: {}, message: expect.stringContaining(message) } },
    });
  });

  it('refuses a review without a request, in its version', async () => {
    const { text } = await post('{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}');

    expect(JSON.parse(text)).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      response: { uid: '', allowed: false, status: { metadata: {}, message: 'the AdmissionReview has no request' } },
    });
  });

  it('says that it was our fault if it was, and nothing more', async () => {
    const { app, lines } = started(() => Promise.reject(new Error('the store is down')));

    const { status, text } = await post(review(), { app });

    expect([status, text]).toEqual([500, 'internal error\n']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'error', message: 'injection request failed', error: { message: 'the store is down' } },
    ]);
  });

  it('comes from the injector of this moment', async () => {
    const injectors = [injector({ policy: 'disabled' }), injector()];
    const { app } = started(() => injectors.shift() ?? injector());

    const first = await post(review(), { app });
    const second = await post(review(), { app });

    expect([first, second].map(({ text }) => 'patch' in JSON.parse(text).response)).toEqual([false, true]);
  });
});

describe('the log', () => {
  const secret = 'hunter2';
  const secretive = (annotations: Readonly<Record<string, string>>, hostNetwork = false) => ({
    metadata: { name: 'web', annotations: { note: secret, ...annotations } },
    spec: { hostNetwork, containers: [{ name: 'app', env: [{ name: 'PASSWORD', value: secret }] }] },
  });

  it.each([
    ['an injected pod', review(secretive({})), 'info', 'pod injected'],
    ['a pod that is left alone', review(secretive({}, true)), 'info', 'pod left alone'],
    ['a refused annotation', review(secretive({ 'sidecar.istio.io/interceptionMode': secret })), 'warn', 'pod refused'],
    ['a refused proxy configuration', review(secretive({ 'proxy.istio.io/config': `concurrency: ${secret}` })), 'warn', 'pod refused'],
    ['unreadable overrides', review(secretive({ 'proxy.istio.io/overrides': `{${secret}` })), 'warn', 'pod refused'],
    ['an unreadable pod', review({ ...secretive({}), spec: { containers: secret } }), 'warn', 'pod refused'],
    ['a body that is no review', JSON.stringify(secretive({})), 'warn', 'injection review cannot be read'],
    ['a body that is broken', `{"a": ${secret}}`, 'warn', 'injection review cannot be read'],
  ])('tells of %s in one line, and nothing that the user may keep to themselves', async (_what, body, level, message) => {
    const { app, lines } = started();

    await post(body, { app });

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level, message });
    expect(lines[0]).not.toContain(secret);
    expect(lines[0]).not.toContain('PASSWORD');
  });

  it('says which request it was, and why it was decided so', async () => {
    const { app, lines } = started();

    await post(review(), { app });

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ uid: 'u-1', namespace: 'shop', reason: 'policy-enabled' });
  });
});

describe('the metrics', () => {
  it.each([
    ['an injected pod', review(), { sidecar_injection_success_total: 1 }, 'injected policy-enabled'],
    [
      'a pod that is left alone',
      review({ spec: { hostNetwork: true } }),
      { sidecar_injection_success_total: 1, sidecar_injection_skip_total: 1 },
      'skipped host-network',
    ],
    [
      'a refused pod',
      review({ metadata: { annotations: { 'inject.istio.io/templates': 'x' } } }),
      { sidecar_injection_success_total: 1, sidecar_injection_failure_total: 1 },
      'failed policy-enabled',
    ],
    ['an unreadable pod', review('x'), { sidecar_injection_success_total: 1, sidecar_injection_failure_total: 1 }, 'failed unreadable-pod'],
  ])('count %s', async (_what, body, expected, decision) => {
    const { app, counts, seconds } = started();

    await post(body, { app });

    expect(counts).toEqual({ sidecar_injection_requests_total: 1, [`pilotless_injection_decisions_total ${decision}`]: 1, ...expected });
    expect(seconds).toEqual([0.25]);
  });

  it('count a review that cannot be read as answered', async () => {
    const { app, counts } = started();

    await post('{}', { app });

    expect(counts).toEqual({
      sidecar_injection_requests_total: 1,
      sidecar_injection_success_total: 1,
      sidecar_injection_failure_total: 1,
    });
  });

  it('count a refused request as a failure alone', async () => {
    const { app, counts, seconds } = started();

    await post('', { app });

    expect(counts).toEqual({ sidecar_injection_requests_total: 1, sidecar_injection_failure_total: 1 });
    expect(seconds).toEqual([]);
  });

  it('do not count other paths', async () => {
    const { app, counts } = started();

    await post(review(), { path: '/other', app });

    expect(counts).toEqual({});
  });
});

import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../shared/observe/log.ts';
import { type PrometheusMetrics, prometheusMetrics } from '../../shared/observe/prometheus.ts';
import { type Hint, type HintSink, unneededHints } from '../../shared/sources/hint.ts';
import { validateApp } from './app.ts';

const entry = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'WorkloadEntry',
  metadata: { name: 'e', namespace: 'shop', uid: 'o-1', generation: 3 },
  spec: { address: '10.0.0.1' },
};
const broken = { ...entry, spec: { address: '' } };

/** A review; what is given replaces members of its request. */
const review = (given: object = {}, apiVersion = 'admission.k8s.io/v1') => ({
  apiVersion,
  kind: 'AdmissionReview',
  request: {
    uid: 'u-1',
    operation: 'CREATE',
    namespace: 'shop',
    kind: { group: 'networking.istio.io', version: 'v1', kind: 'WorkloadEntry' },
    resource: { group: 'networking.istio.io', version: 'v1', resource: 'workloadentries' },
    object: entry,
    ...given,
  },
});

const prometheus = (): PrometheusMetrics => prometheusMetrics({ component: 'pilot', tag: 'test' });

interface Surroundings {
  readonly counted?: PrometheusMetrics;
  readonly hints?: HintSink;
}

function post(path: string, body: unknown, { counted = prometheus(), hints = unneededHints }: Surroundings = {}) {
  const sent = request(validateApp({ log: silentLogger, metrics: counted.metrics, hints }))
    .post(path)
    .set('content-type', 'application/json');
  return sent.send(typeof body === 'string' ? body : JSON.stringify(body));
}

describe('validateApp', () => {
  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])(
    'answers a review of %s in its own version with its uid',
    async (version) => {
      const { status, text, headers } = await post('/validate', review({}, version));

      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({ apiVersion: version, kind: 'AdmissionReview', response: { uid: 'u-1', allowed: true } });
      expect(headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(headers['x-powered-by']).toBeUndefined();
    },
  );

  it.each(['/validate', '/validate/', '/validate/istio-system', '/validate/a/b?timeout=10s'])('answers on %s', async (path) => {
    expect((await post(path, review())).status).toBe(200);
  });

  it.each(['/', '/validatex', '/Validate', '/inject'])('does not know %s', async (path) => {
    const { status, text } = await post(path, review());

    expect([status, text]).toEqual([404, '404 page not found\n']);
  });

  it('redirects a path that is not clean', async () => {
    const { status, headers } = await post('/validate//x', review());

    expect([status, headers['location']]).toEqual([307, '/validate/x']);
  });

  it.each(['{not json', 'null', '[]', '{}', JSON.stringify(review({}, 'admission.k8s.io/v2'))])(
    'refuses a body that is no review: %s',
    async (body) => {
      const { status, text } = await post('/validate', body);

      const answer = JSON.parse(text);
      expect(status).toBe(200);
      expect(answer).toEqual({
        response: { uid: '', allowed: false, status: { metadata: {}, message: expect.stringMatching(/^could not decode body: ./) } },
      });
    },
  );

  it('answers a review without a request', async () => {
    const { status, text } = await post('/validate', { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' });

    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ response: { allowed: false } });
  });

  it('refuses with one message, and warns of what it allows', async () => {
    const refused = await post('/validate', review({ object: broken }));
    const warned = await post('/validate', review({ object: { ...broken, spec: { network: 'n' } } }));

    expect(JSON.parse(refused.text).response).toEqual({
      uid: 'u-1',
      allowed: false,
      status: { metadata: {}, message: expect.stringMatching(/^configuration is invalid: ./) },
    });
    expect(JSON.parse(warned.text).response).toEqual({ uid: 'u-1', allowed: true, warnings: [expect.any(String)] });
  });

  it.each(['DELETE', 'CONNECT', 'create', ''])('allows %j without a look at the object', async (operation) => {
    const { text } = await post('/validate', review({ operation, object: broken }));

    expect(JSON.parse(text).response).toEqual({ uid: 'u-1', allowed: true });
  });
});

describe('objects that are made to be deep', () => {
  const nested = (open: string, close: string, depth = 30_000): string => `${open.repeat(depth)}{}${close.repeat(depth)}`;
  const typed = '{"@type":"t/envoy.config.core.v3.TypedExtensionConfig","typed_config":';

  it.each([
    ['a part that Istio does not look into', `{"node":{"metadata":{"a":${nested('{"a":', '}')}}}}`],
    ['a part that Istio looks into', `{"stats_sinks":[{"typed_config":${nested(typed, '}')}}]}`],
  ])('get one short answer for %s', async (_what, value) => {
    const spec = { configPatches: [{ applyTo: 'BOOTSTRAP', patch: { operation: 'MERGE', value: 'deep' } }] };
    const object = { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { name: 'e' }, spec };
    const { text } = await post('/validate', JSON.stringify(review({ object })).replace('"deep"', value));

    expect(JSON.parse(text).response).toMatchObject({ uid: 'u-1', allowed: false });
    expect(text.length).toBeLessThan(1_000);
  });
});

describe('metrics of validation', () => {
  const resource = 'group="networking.istio.io",version="v1",resource="workloadentries"';
  const failed = (reason: string): string => `galley_validation_failed{${resource},reason="${reason}"} 1`;

  it.each([
    ['what was allowed', review(), `galley_validation_passed{${resource}} 1`],
    ['what was no review', '', 'galley_validation_http_error{status="400"} 1'],
    ['broken rules', review({ object: broken }), failed('invalid_resource')],
    ['fields that cannot be decoded', review({ object: { ...entry, spec: 1 } }), failed('crd_conversion_error')],
    ['kinds that nobody knows', review({ object: { ...entry, kind: 'Entry' } }), failed('unknown_type')],
    ['what is no object', review({ object: 'x' }), failed('yaml_decode_error')],
    ['other operations', review({ operation: 'CONNECT' }), failed('unsupported_operation')],
    ['deletions, which are asked for', review({ operation: 'DELETE' }), `galley_validation_passed{${resource}} 1`],
  ])('count %s', async (_what, body, line) => {
    const counted = prometheus();
    await post('/validate', body, { counted });

    expect((await counted.scrape()).body).toContain(line);
  });

  it('leave out dry runs that fail', async () => {
    const counted = prometheus();
    await post('/validate', review({ object: broken, dryRun: true }), { counted });

    expect((await counted.scrape()).body).not.toMatch(/^galley_validation_failed\{/m);
  });
});

describe('hints', () => {
  /** The hints that one review gives. */
  async function hintsOf(given: object): Promise<readonly Hint[]> {
    const sent: Hint[] = [];
    await post('/validate', review(given), { hints: { send: (hint) => void sent.push(hint) } });
    return sent;
  }
  const hint: Hint = {
    group: 'networking.istio.io',
    kind: 'WorkloadEntry',
    namespace: 'shop',
    name: 'e',
    uid: 'o-1',
    generation: 3,
    operation: 'CREATE',
  };

  it('tell of every accepted change', async () => {
    expect(await hintsOf({})).toEqual([hint]);
    expect(await hintsOf({ operation: 'UPDATE', oldObject: broken })).toEqual([{ ...hint, operation: 'UPDATE' }]);
    expect(await hintsOf({ operation: 'DELETE', name: 'e', object: null, oldObject: entry })).toEqual([{ ...hint, operation: 'DELETE' }]);
  });

  it('tell nothing of dry runs, of what is refused, and of other operations', async () => {
    expect(await hintsOf({ dryRun: true })).toEqual([]);
    expect(await hintsOf({ object: broken })).toEqual([]);
    expect(await hintsOf({ operation: 'CONNECT' })).toEqual([]);
  });

  const failing: readonly [string, HintSink['send']][] = [
    [
      'throws',
      () => {
        throw new Error('away');
      },
    ],
    ['rejects', () => Promise.reject(new Error('away'))],
  ];
  it.each(failing)('change no answer when their sink %s', async (_how, send) => {
    const counted = prometheus();
    const { text } = await post('/validate', review(), { counted, hints: { send } });

    expect(JSON.parse(text).response.allowed).toBe(true);
    expect((await counted.scrape()).body).toContain('pilotless_hints_total{operation="CREATE",result="failed"} 1');
  });

  it('hold back no answer when their sink takes its time', async () => {
    const send = vi.fn(() => new Promise<void>(() => undefined));
    const { text } = await post('/validate', review(), { hints: { send } });

    expect(JSON.parse(text).response.allowed).toBe(true);
    expect(send).toHaveBeenCalledOnce();
  });
});

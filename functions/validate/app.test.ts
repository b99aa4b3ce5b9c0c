import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../shared/observe/log.ts';
import { type PrometheusMetrics, prometheusMetrics } from '../../shared/observe/prometheus.ts';
import { validateApp } from './app.ts';

const review = (apiVersion = 'admission.k8s.io/v1') => ({
  apiVersion,
  kind: 'AdmissionReview',
  request: {
    uid: 'u-1',
    operation: 'CREATE',
    resource: { group: 'networking.istio.io', version: 'v1', resource: 'gateways' },
    object: { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'g' }, spec: {} },
  },
});

const prometheus = (): PrometheusMetrics => prometheusMetrics({ component: 'pilot', tag: 'test' });

function post(path: string, body: unknown, { metrics } = prometheus()) {
  const sent = request(validateApp({ log: silentLogger, metrics }))
    .post(path)
    .set('content-type', 'application/json');
  return sent.send(typeof body === 'string' ? body : JSON.stringify(body));
}

describe('validateApp', () => {
  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])('allows a review of %s in its own version with its uid', async (version) => {
    const { status, text, headers } = await post('/validate', review(version));

    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ apiVersion: version, kind: 'AdmissionReview', response: { uid: 'u-1', allowed: true } });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['x-powered-by']).toBeUndefined();
  });

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

  it.each(['{not json', 'null', '[]', '{}', JSON.stringify(review('admission.k8s.io/v2'))])(
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

  it('counts what it allowed and what was no review', async () => {
    const counted = prometheus();
    await post('/validate', review(), counted);
    await post('/validate', '', counted);

    const { body } = await counted.scrape();

    expect(body).toContain('galley_validation_passed{group="networking.istio.io",version="v1",resource="gateways"} 1');
    expect(body).toContain('galley_validation_http_error{status="400"} 1');
  });
});

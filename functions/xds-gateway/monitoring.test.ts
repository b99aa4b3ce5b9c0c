import { createServer } from 'node:http';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../shared/observe/log.ts';
import { prometheusMetrics } from '../../shared/observe/prometheus.ts';
import { type MonitoringDependencies, monitoringHandler } from './monitoring.ts';

const build = { version: '1.2.3', gitRevision: 'abc', status: 'Clean' };

const debug: MonitoringDependencies['debug'] = async (path) => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(path),
});

function get(path: string, change: Partial<MonitoringDependencies> = {}) {
  const prometheus = prometheusMetrics({ component: 'pilot', tag: '1.2.3' });
  return request(createServer(monitoringHandler({ prometheus, isReady: () => true, debug, build, log: silentLogger, ...change }))).get(
    path,
  );
}

describe('monitoringHandler', () => {
  it('is ready or not', async () => {
    expect((await get('/healthz/ready')).status).toBe(200);
    expect((await get('/healthz/ready', { isReady: () => false })).status).toBe(503);
  });

  it('tells the version as istiod does: VERSION-REVISION-STATUS without a line end', async () => {
    const { text, headers } = await get('/version?full=true');

    expect([text, headers['content-type']]).toEqual(['1.2.3-abc-Clean', 'text/plain; charset=utf-8']);
  });

  it('shows metrics in the text format of Prometheus', async () => {
    const { text, headers } = await get('/metrics');

    expect(text).toContain('istio_build{component="pilot",tag="1.2.3"} 1');
    expect(headers['content-type']).toContain('version=0.0.4');
  });

  it('hands what is below /debug/ over, with its query', async () => {
    const { body } = await get('/debug/config_dump?proxyID=web-1');

    expect(body).toBe('config_dump?proxyID=web-1');
  });

  it.each(['/', '/other', '/constructor', '/metrics/x'])('does not know %s', async (path) => {
    const { status, text } = await get(path);

    expect([status, text]).toEqual([404, '404 page not found\n']);
  });

  it('answers also when the metrics cannot be had', async () => {
    const { metrics } = prometheusMetrics({ component: 'pilot', tag: '1.2.3' });

    const { status, text } = await get('/metrics', { prometheus: { metrics, scrape: () => Promise.reject(new Error('broken')) } });

    expect([status, text]).toEqual([500, 'internal error\n']);
  });
});

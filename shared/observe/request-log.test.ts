import { describe, expect, it } from 'vitest';
import { emfMetrics } from './emf.ts';
import { requestLog } from './request-log.ts';

function newLog() {
  const lines: string[] = [];
  const metrics = emfMetrics();
  const now = (): Date => new Date(0);
  return { ...requestLog({ write: (line) => void lines.push(line), now, level: 'info', metrics }), metrics: metrics.metrics, lines };
}

const time = '1970-01-01T00:00:00.000Z';

describe('requestLog', () => {
  it('writes one line for a request: what was said, what was counted, the request', () => {
    const { log, metrics, begin, end, lines } = newLog();
    begin();
    log.info('pod injected', { uid: 'u-1' });
    log.debug('not of this level');
    metrics.count('sidecar_injection_requests_total');
    end({ route: '/inject', status: 200 });

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ...{ time, level: 'info', message: 'pod injected', uid: 'u-1', sidecar_injection_requests_total: 1 },
      request: { route: '/inject', status: 200 },
    });
  });

  it('has the gravest message first and the others beside it', () => {
    const { log, begin, end, lines } = newLog();
    begin();
    log.info('pod left alone', { uid: 'u-1' });
    log.error('request failed', { error: new Error('no store') });
    end({});

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ...{ level: 'error', message: 'request failed', error: { message: 'no store' } },
      also: [{ level: 'info', message: 'pod left alone', uid: 'u-1' }],
    });
  });

  it('has a line for a request of which nothing was said, and forgets the one before', () => {
    const { log, begin, end, lines } = newLog();
    begin();
    log.warn('pod refused');
    end({});
    begin();
    end({ status: 404 });

    expect(JSON.parse(lines[1] ?? '')).toEqual({ time, level: 'info', message: 'request answered', request: { status: 404 } });
  });

  it('writes at once what is said outside of a request', () => {
    const { log, lines } = newLog();

    log.info('started', { store: 's3' });

    expect(lines).toEqual([`${JSON.stringify({ time, level: 'info', message: 'started', store: 's3' })}\n`]);
  });
});

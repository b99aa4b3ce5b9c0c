import { describe, expect, it } from 'vitest';
import { serveOptions } from './options.ts';

describe('serveOptions', () => {
  it('has istiod’s ports, loopback and a folder below the current one as defaults', () => {
    expect(serveOptions({}, {})).toMatchObject({
      webhookPort: 15017,
      monitoringPort: 15014,
      bind: '127.0.0.1',
      dataDir: '.pilotless',
      logFormat: 'readable',
      logLevel: 'info',
      drainMs: 10_000,
    });
  });

  it('takes a flag before a variable and a variable before the default', () => {
    const env = { PILOTLESS_WEBHOOK_PORT: '1', PILOTLESS_MONITORING_PORT: '2', PILOTLESS_LOG_FORMAT: 'json', PILOTLESS_DRAIN_SECONDS: '3' };

    expect(serveOptions({ webhookPort: 0 }, env)).toMatchObject({ webhookPort: 0, monitoringPort: 2, logFormat: 'json', drainMs: 3000 });
  });

  it('tells all wrong variables at once', () => {
    expect(() => serveOptions({}, { PILOTLESS_LOG_LEVEL: 'loud', PILOTLESS_X: '1' })).toThrow(
      /^PILOTLESS_LOG_LEVEL=loud is wrong.*\nPILOTLESS_X is no setting/,
    );
  });
});

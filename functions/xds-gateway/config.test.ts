import { describe, expect, it } from 'vitest';
import { readGatewaySettings, readMonitoringPort } from './config.ts';

const store = { PILOTLESS_STORE: 's3://mesh-snapshots' };

describe('readGatewaySettings', () => {
  it('needs a store, and listens on loopback unless it is told otherwise', () => {
    expect(readGatewaySettings(store)).toMatchObject({
      ...{ cacheDir: '', snapshotUrl: '', logLevel: 'info' },
      ...{ xdsAddress: '127.0.0.1:15010', monitoringAddress: '127.0.0.1:15014' },
    });
    expect(() => readGatewaySettings({})).toThrow(/PILOTLESS_STORE is not set/);
  });

  it('takes the final slash off the URL of the snapshot function', () => {
    const { snapshotUrl } = readGatewaySettings({ ...store, PILOTLESS_SNAPSHOT_URL: 'https://abc.lambda-url.eu-central-1.on.aws/' });

    expect(snapshotUrl).toBe('https://abc.lambda-url.eu-central-1.on.aws');
  });

  it.each([
    ['PILOTLESS_XDS_ADDRESS', '15010'],
    ['PILOTLESS_XDS_ADDRESS', 'localhost'],
    ['PILOTLESS_SNAPSHOT_URL', 'abc.lambda-url.eu-central-1.on.aws'],
    ['PILOTLESS_STORE', 'mesh-snapshots'],
    ['PILOTLESS_CACHE', '/var/cache'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readGatewaySettings({ ...store, [name]: value })).toThrow(name);
  });
});

describe('readMonitoringPort', () => {
  it.each([
    [{}, '15014'],
    [{ PILOTLESS_MONITORING_ADDRESS: '0.0.0.0:9' }, '9'],
    [{ PILOTLESS_MONITORING_ADDRESS: '[::1]:80' }, '80'],
  ])('of %j is %s', (env, port) => {
    expect(readMonitoringPort(env)).toBe(port);
  });
});

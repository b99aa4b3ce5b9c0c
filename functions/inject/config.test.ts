import { describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import { processEnvironment, readFunctionSettings, readInjectSettings } from './config.ts';

const defaults = { nativeSidecars: 'auto', platform: '', compliancePolicy: '', rootCertificate: { mode: 'configmap' } };
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

describe('readInjectSettings', () => {
  it('has istiod’s defaults', () => {
    expect(readInjectSettings({})).toEqual({ settings: defaults, problems: [] });
  });

  it('reads istiod’s switches', () => {
    const { settings, problems } = readInjectSettings({
      ENABLE_NATIVE_SIDECARS: 'false',
      PLATFORM: 'openshift',
      COMPLIANCE_POLICY: 'fips-140-3',
    });

    expect(problems).toEqual([]);
    expect(settings).toEqual({ ...defaults, nativeSidecars: 'false', platform: 'openshift', compliancePolicy: 'fips-140-3' });
  });

  it('takes any platform', () => {
    expect(readInjectSettings({ PLATFORM: 'gke' })).toMatchObject({ settings: { platform: 'gke' }, problems: [] });
  });

  it.each(['configmap', 'trustbundle', 'system'])('reads the root certificate mode %s', (mode) => {
    expect(readInjectSettings({ PILOTLESS_ROOT_CERTIFICATE: mode }).settings.rootCertificate).toEqual({ mode });
  });

  it('takes the roots along inline', () => {
    const { settings } = readInjectSettings({ PILOTLESS_ROOT_CERTIFICATE: 'inline', PILOTLESS_ROOT_CERTIFICATE_PEM: pem });

    expect(settings.rootCertificate).toEqual({ mode: 'inline', pem });
  });

  it.each([
    ['ENABLE_NATIVE_SIDECARS', 'yes'],
    ['COMPLIANCE_POLICY', 'fips'],
    ['PILOTLESS_ROOT_CERTIFICATE', 'file'],
    ['PILOTLESS_ROOT_CERTIFICATE_PEM', 'text'],
  ])('reports a wrong %s and takes it for not set', (name, text) => {
    const { settings, problems } = readInjectSettings({ [name]: text });

    expect(settings).toEqual(defaults);
    expect(problems).toMatchObject([{ code: 'invalid-setting', severity: 'error', message: expect.stringContaining(`${name}=${text}`) }]);
  });

  it('reports inline roots that are missing', () => {
    const { settings, problems } = readInjectSettings({ PILOTLESS_ROOT_CERTIFICATE: 'inline' });

    expect(settings).toEqual(defaults);
    expect(problems).toMatchObject([{ message: expect.stringContaining('give PILOTLESS_ROOT_CERTIFICATE_PEM') }]);
  });

  it('leaves variables of others alone', () => {
    expect(readInjectSettings({ PILOTLESS_PORT: 'x', HOME: '/' }).problems).toEqual([]);
  });
});

describe('readFunctionSettings', () => {
  it('has defaults for everything', () => {
    expect(readFunctionSettings({})).toEqual({
      inject: defaults,
      logLevel: 'info',
      revision: 'default',
      store: undefined,
      tokenSecret: '',
    });
  });

  it('reads the log level', () => {
    expect(readFunctionSettings({ PILOTLESS_LOG_LEVEL: 'debug' }).logLevel).toBe('debug');
  });

  it('names every wrong variable, once', () => {
    const env = { PILOTLESS_LOG_LEVEL: 'loud', ENABLE_NATIVE_SIDECARS: 'yes', PILOTLESS_TYPO: '1', PILOTLESS_ROOT_CERTIFICATE: 'inline' };

    const thrown = (() => {
      try {
        return readFunctionSettings(env);
      } catch (caught) {
        return caught;
      }
    })();

    expect(thrown).toBeInstanceOf(ControlPlaneError);
    const { code, message } = thrown as ControlPlaneError;
    expect(code).toBe('invalid-setting');
    expect(message.split('\n')).toHaveLength(4);
    for (const name of Object.keys(env)) expect(message).toContain(name);
  });
});

describe('processEnvironment', () => {
  it('is that of this process', () => {
    expect(processEnvironment()['PATH']).toBe(process.env['PATH']);
  });
});

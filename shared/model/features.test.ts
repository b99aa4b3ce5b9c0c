import { describe, expect, it } from 'vitest';
import { decodeFeatures, defaultFeatures } from './features.ts';

describe('decodeFeatures', () => {
  it('reads the texts of the environment as Go does', () => {
    const { value, problems } = decodeFeatures({
      ISTIO_DUAL_STACK: 'T',
      PILOT_HTTP10: '1',
      PILOT_SCOPE_GATEWAY_TO_NAMESPACE: 't',
      PILOT_TRACE_SAMPLING: '0.5',
      PILOT_ENABLE_IP_AUTOALLOCATE: 'f',
    });

    expect(value).toEqual({ dualStack: true, http10: true, scopesGateways: true, traceSampling: 0.5, allocatesAddresses: false });
    expect(problems).toEqual([]);
  });

  it('keeps the default for a text that is no value', () => {
    expect(decodeFeatures({ ISTIO_DUAL_STACK: 'yes', PILOT_TRACE_SAMPLING: 'all' }).value).toEqual(defaultFeatures);
  });

  it('reports a name that it does not know, and goes on', () => {
    const { value, problems } = decodeFeatures({ PILOT_SOMETHING: 'true', PILOT_HTTP10: 'false' });

    expect(value).toEqual(defaultFeatures);
    expect(problems).toMatchObject([{ severity: 'warning', path: 'PILOT_SOMETHING' }]);
  });
});

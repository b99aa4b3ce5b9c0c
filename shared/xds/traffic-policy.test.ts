import { describe, expect, it } from 'vitest';
import type { DestinationRule } from '../config/networking/destination-rule.ts';
import type { AppliedRule } from '../model/index.ts';
import { effectivePolicy } from './traffic-policy.ts';

const random = { simple: 'RANDOM' } as const;
const roundRobin = { simple: 'ROUND_ROBIN' } as const;
const tls = { mode: 'DISABLE' } as const;

function ruleOf(spec: DestinationRule): AppliedRule {
  return {
    kind: 'DestinationRule',
    apiVersion: 'networking.istio.io/v1',
    name: 'r',
    namespace: 'n',
    created: '',
    labels: {},
    annotations: {},
    spec,
  };
}

describe('effectivePolicy', () => {
  const rule = ruleOf({
    trafficPolicy: {
      loadBalancer: random,
      tls,
      proxyProtocol: { version: 'V2' },
      portLevelSettings: [{ port: { number: 81 }, loadBalancer: roundRobin }],
    },
  });

  it('is nothing without a rule', () => {
    expect(effectivePolicy(undefined, 80)).toEqual({});
  });

  it("is the host's for a port that has no settings of its own", () => {
    expect(effectivePolicy(rule, 80)).toEqual({ loadBalancer: random, tls, proxyProtocol: { version: 'V2' } });
  });

  it('inherits nothing of what can be set for a port where the port has settings', () => {
    expect(effectivePolicy(rule, 81)).toEqual({ loadBalancer: roundRobin, proxyProtocol: { version: 'V2' } });
  });

  it('of a subset replaces only what the subset sets', () => {
    const subset = { name: 'v1', trafficPolicy: { loadBalancer: roundRobin } };

    expect(effectivePolicy(rule, 80, subset)).toMatchObject({ loadBalancer: roundRobin, tls });
    expect(effectivePolicy(rule, 80, { name: 'v2' })).toMatchObject({ loadBalancer: random, tls });
  });

  it("of a subset's port replaces all that can be set for a port", () => {
    const subset = { name: 'v1', trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, outlierDetection: {} }] } };

    expect(effectivePolicy(rule, 80, subset)).toEqual({ outlierDetection: {}, proxyProtocol: { version: 'V2' } });
  });
});

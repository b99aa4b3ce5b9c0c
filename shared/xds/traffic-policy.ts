import type { PortTrafficPolicy, Subset, TrafficPolicy } from '../config/networking/destination-rule.ts';
import type { AppliedRule } from '../model/index.ts';

/** What of a DestinationRule holds for one port of one subset. */
export type EffectivePolicy = Omit<TrafficPolicy, 'portLevelSettings'>;

/**
 * The policy for a port: settings of the port replace those of the host altogether. A subset begins with that and replaces what it sets itself;
 * settings of the subset's port replace all four parts at once.
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
 */
export function effectivePolicy(rule: AppliedRule | undefined, port: number, subset?: Subset): EffectivePolicy {
  const host = rule?.spec.trafficPolicy;
  const base = withoutPorts(host);
  const ported = withPort(base, portSettings(host, port));
  if (subset?.trafficPolicy === undefined) return ported;
  return withPort({ ...ported, ...withoutPorts(subset.trafficPolicy) }, portSettings(subset.trafficPolicy, port));
}

function withoutPorts(policy: TrafficPolicy | undefined): EffectivePolicy {
  const { portLevelSettings: _, ...rest } = policy ?? {};
  return rest;
}

function portSettings(policy: TrafficPolicy | undefined, port: number): PortTrafficPolicy | undefined {
  return policy?.portLevelSettings?.find((settings) => settings.port?.number === port);
}

function withPort(policy: EffectivePolicy, settings: PortTrafficPolicy | undefined): EffectivePolicy {
  if (settings === undefined) return policy;
  const { loadBalancer: _lb, connectionPool: _cp, outlierDetection: _od, tls: _tls, ...rest } = policy;
  const { port: _port, ...own } = settings;
  return { ...rest, ...own };
}

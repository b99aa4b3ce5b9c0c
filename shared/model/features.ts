import type { Problem } from '../lib/problem.ts';

/** istiod's switches that change what proxies get, with istiod's own defaults. */
export interface Features {
  /** `ISTIO_DUAL_STACK` */
  readonly dualStack: boolean;
  /** `PILOT_HTTP10`: HTTP/1.0 joins the protocols that sniffing takes for HTTP. */
  readonly http10: boolean;
  /** `PILOT_SCOPE_GATEWAY_TO_NAMESPACE`: Gateways pick proxies of their own namespace only. */
  readonly scopesGateways: boolean;
  /** `PILOT_TRACE_SAMPLING`, in percent. */
  readonly traceSampling: number;
  /** `PILOT_ENABLE_IP_AUTOALLOCATE`: hosts of ServiceEntries without an address are given one, for proxies that answer DNS. */
  readonly allocatesAddresses: boolean;
}

export const defaultFeatures: Features = {
  dualStack: false,
  http10: false,
  scopesGateways: false,
  traceSampling: 1,
  allocatesAddresses: true,
};

/** Reads istiod environment names and their texts. Names that change nothing here are reported and left out. */
export function decodeFeatures(values: Readonly<Record<string, string>>): {
  readonly value: Features;
  readonly problems: readonly Problem[];
} {
  const problems = Object.keys(values)
    .filter((name) => !knownNames.has(name))
    .map((name) => problem(name, 'is no switch that pilotless knows; it is left out'));
  const value: Features = {
    dualStack: booleanAt(values, 'ISTIO_DUAL_STACK', defaultFeatures.dualStack),
    http10: booleanAt(values, 'PILOT_HTTP10', defaultFeatures.http10),
    scopesGateways: booleanAt(values, 'PILOT_SCOPE_GATEWAY_TO_NAMESPACE', defaultFeatures.scopesGateways),
    traceSampling: numberAt(values, 'PILOT_TRACE_SAMPLING', defaultFeatures.traceSampling),
    allocatesAddresses: booleanAt(values, 'PILOT_ENABLE_IP_AUTOALLOCATE', defaultFeatures.allocatesAddresses),
  };
  return { value, problems };
}

const knownNames: ReadonlySet<string> = new Set([
  'PILOT_ENABLE_IP_AUTOALLOCATE',
  'ISTIO_DUAL_STACK',
  'PILOT_HTTP10',
  'PILOT_SCOPE_GATEWAY_TO_NAMESPACE',
  'PILOT_TRACE_SAMPLING',
]);
const trueWords: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falseWords: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

function booleanAt(values: Readonly<Record<string, string>>, name: string, fallback: boolean): boolean {
  const text = values[name] ?? '';
  if (trueWords.has(text)) return true;
  return falseWords.has(text) ? false : fallback;
}

function numberAt(values: Readonly<Record<string, string>>, name: string, fallback: number): number {
  const text = values[name] ?? '';
  return text === '' || Number.isNaN(Number(text)) ? fallback : Number(text);
}

function problem(name: string, message: string): Problem {
  return { code: 'unknown-feature', severity: 'warning', object: 'features', path: name, message };
}

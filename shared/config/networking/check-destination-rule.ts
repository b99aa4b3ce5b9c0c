/** Rules of a DestinationRule. */

import { domainNameProblem, wildcardDomainProblem } from '../../lib/dns-name.ts';
import { at, each, error, errorIf, errorsOf, type Findings } from '../../lib/finding.ts';
import { ipAddressProblem } from '../../lib/ip-address.ts';
import { checkLabels } from '../../lib/label-map.ts';
import { portProblem } from '../../lib/port.ts';
import type { ConfigKind, ObjectMeta } from '../kind.ts';
import { checkClientTls } from '../mesh/client-tls.ts';
import { checkWorkloadSelector } from '../type/workload-selector.ts';
import { type DestinationRule, destinationRule, type PortTrafficPolicy, type Subset, type TrafficPolicy } from './destination-rule.ts';
import { checkConnectionPool } from './destination-rule-connection-pool.ts';
import { checkLoadBalancer } from './destination-rule-load-balancer.ts';
import { checkOutlierDetection } from './destination-rule-outlier-detection.ts';
import { checkExportTo } from './export-to.ts';
import { subsetNameProblem } from './virtual-service-destination.ts';

export const destinationRuleKind: ConfigKind<DestinationRule> = {
  group: 'networking.istio.io',
  kind: 'DestinationRule',
  schema: destinationRule,
  checkSpec: checkDestinationRule,
};

function* checkDestinationRule(rule: DestinationRule, { namespace }: ObjectMeta): Findings {
  yield* errorIf('host', 'host', wildcardDomainProblem(rule.host ?? ''));
  if (rule.trafficPolicy) yield* at('trafficPolicy', checkTrafficPolicy(rule.trafficPolicy, namespace));
  const names = new Set<string>();
  yield* each('subsets', rule.subsets, (subset) => checkSubset(subset, namespace, names));
  yield* checkExportTo(rule.exportTo ?? [], namespace, rule.workloadSelector ? 'own namespace' : 'everywhere');
  yield* at('workloadSelector', checkWorkloadSelector(rule.workloadSelector));
}

/** @param names of the subsets before this one; its own is added. */
function* checkSubset(subset: Subset, namespace: string, names: Set<string>): Findings {
  const { name = '', trafficPolicy } = subset;
  if (names.has(name)) yield error('subset-twice', 'name', `duplicate subset names: ${name}`);
  names.add(name);
  yield* errorIf('subset-name', 'name', subsetNameProblem(name));
  yield* checkLabels('labels', subset.labels);
  if (trafficPolicy) yield* errorsOf(at('trafficPolicy', checkTrafficPolicy(trafficPolicy, namespace)));
}

/** Rules of a policy for all ports of a host or subset. */
function* checkTrafficPolicy(policy: TrafficPolicy, namespace: string): Findings {
  const { portLevelSettings = [], tunnel, proxyProtocol } = policy;
  if (!hasPortSettings(policy) && portLevelSettings.length === 0 && !tunnel && !proxyProtocol && !policy.retryBudget) {
    yield error('policy-empty', '', 'traffic policy must have at least one field');
    return;
  }
  if (tunnel && proxyProtocol) {
    yield error('tunnel-and-proxy-protocol', '', 'tunnel and proxyProtocol must not be set together');
    return;
  }
  yield* checkPortSettings(policy, namespace);
  yield* errorsOf(each('portLevelSettings', portLevelSettings, (settings) => checkPortPolicy(settings, namespace)));
  if (tunnel) yield* at('tunnel', checkTunnel(tunnel));
  if (typeof proxyProtocol?.version === 'number') {
    yield error('proxy-protocol', 'proxyProtocol.version', `proxy protocol version is invalid: ${proxyProtocol.version}`);
  }
}

type PortSettings = Omit<PortTrafficPolicy, 'port'>;

function hasPortSettings({ outlierDetection, connectionPool, loadBalancer, tls }: PortSettings): boolean {
  return Boolean(outlierDetection || connectionPool || loadBalancer || tls);
}

function* checkPortSettings({ outlierDetection, connectionPool, loadBalancer, tls }: PortSettings, namespace: string): Findings {
  if (outlierDetection) yield* at('outlierDetection', checkOutlierDetection(outlierDetection));
  if (connectionPool) yield* at('connectionPool', checkConnectionPool(connectionPool));
  if (loadBalancer) yield* at('loadBalancer', checkLoadBalancer(loadBalancer, outlierDetection !== undefined));
  if (tls) yield* at('tls', checkClientTls(tls, namespace));
}

function* checkPortPolicy(policy: PortTrafficPolicy, namespace: string): Findings {
  if (policy.port === undefined) yield error('port-missing', 'port', 'portTrafficPolicy must have valid port');
  if (hasPortSettings(policy)) yield* checkPortSettings(policy, namespace);
  else yield error('policy-empty', '', 'port traffic policy must have at least one field');
}

function* checkTunnel({ protocol = '', targetHost = '', targetPort = 0 }: NonNullable<TrafficPolicy['tunnel']>): Findings {
  if (protocol !== '' && protocol !== 'CONNECT' && protocol !== 'POST') {
    yield error('tunnel-protocol', 'protocol', 'tunnel protocol must be "CONNECT" or "POST"');
  }
  const [name, address] = [domainNameProblem(targetHost), ipAddressProblem(targetHost)];
  if (name !== undefined && address !== undefined) {
    yield error('tunnel-host', 'targetHost', `tunnel target host must be valid FQDN or IP address: ${name}; ${address}`);
  }
  const port = portProblem(targetPort);
  if (port !== undefined) yield error('tunnel-port', 'targetPort', `tunnel target port is invalid: ${port}`);
}

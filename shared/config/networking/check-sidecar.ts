/** Rules of a Sidecar. */

import { domainNameProblem } from '../../lib/dns-name.ts';
import { at, error, errorIf, type Findings, hasErrors } from '../../lib/finding.ts';
import type { ConfigKind, ObjectMeta } from '../kind.ts';
import { checkConnectionPool } from './destination-rule-connection-pool.ts';
import { type Sidecar, sidecar } from './sidecar.ts';
import { checkEgress } from './sidecar-egress.ts';
import { checkIngress } from './sidecar-ingress.ts';
import { checkDestination } from './virtual-service-destination.ts';
import { checkWorkloadSelector } from './workload-selector.ts';

export const sidecarKind: ConfigKind<Sidecar> = {
  group: 'networking.istio.io',
  kind: 'Sidecar',
  schema: sidecar,
  checkSpec: checkSidecar,
};

function* checkSidecar(given: Sidecar, { namespace }: ObjectMeta): Findings {
  const { workloadSelector, ingress = [], egress = [], inboundConnectionPool, outboundTrafficPolicy } = given;
  if (workloadSelector) {
    const selector = [...at('workloadSelector', checkWorkloadSelector(workloadSelector, 'sidecar'))];
    yield* selector;
    if (hasErrors(selector)) return;
  }
  if (ingress.length === 0 && egress.length === 0 && !outboundTrafficPolicy && !inboundConnectionPool) {
    yield error('sidecar-empty', '', 'sidecar: empty configuration provided');
    return;
  }
  yield* checkIngress(ingress);
  if (inboundConnectionPool) yield* at('inboundConnectionPool', checkConnectionPool(inboundConnectionPool));
  yield* checkEgress(egress, namespace);
  if (outboundTrafficPolicy) yield* at('outboundTrafficPolicy', checkOutbound(outboundTrafficPolicy));
}

function* checkOutbound({ mode, egressProxy }: NonNullable<Sidecar['outboundTrafficPolicy']>): Findings {
  if (mode === 'ALLOW_ANY_DYNAMIC_DNS') {
    const message = 'sidecar: ALLOW_ANY_DYNAMIC_DNS mode is only supported in MeshConfig, not in Sidecar resource';
    yield error('outbound-mode', 'mode', message);
  }
  if (egressProxy === undefined) return;
  if (mode !== 'ALLOW_ANY') {
    const message = 'sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode';
    yield error('egress-proxy-mode', 'egressProxy', message);
    return;
  }
  yield* errorIf('egress-proxy-host', 'egressProxy.host', domainNameProblem(egressProxy.host ?? ''));
  if (egressProxy.port === undefined) {
    yield error('egress-proxy-port', 'egressProxy.port', 'sidecar: egress_proxy port must be non-nil');
    return;
  }
  yield* at('egressProxy', checkDestination(egressProxy));
}

/** `PeerAuthentication`: whether workloads take connections without mutual TLS. Fields in the order of the .proto file. */

import { at, error, type Findings, memberPath } from '../../lib/finding.ts';
import { enumeration, type InferMessage, map, message } from '../../lib/message.ts';
import type { ConfigKind } from '../kind.ts';
import { checkWorkloadSelector, workloadSelector } from '../type/workload-selector.ts';

const name = 'istio.security.v1beta1.PeerAuthentication';

const mutualTls = message(`${name}.MutualTLS`, {
  /** @default UNSET what holds around it */
  mode: enumeration(`${name}.MutualTLS.Mode`, ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']),
});

/** @see https://istio.io/latest/docs/reference/config/security/peer_authentication/#PeerAuthentication */
export const peerAuthentication = message(name, {
  selector: workloadSelector,
  mtls: mutualTls,
  /** By port of the workload, not of its service. */
  portLevelMtls: map(mutualTls, 'uint32'),
});
export type PeerAuthentication = InferMessage<typeof peerAuthentication>;

export const peerAuthenticationKind: ConfigKind<PeerAuthentication> = {
  group: 'security.istio.io',
  kind: 'PeerAuthentication',
  schema: peerAuthentication,
  checkSpec: checkPeerAuthentication,
};

function* checkPeerAuthentication({ selector, portLevelMtls }: PeerAuthentication): Findings {
  yield* checkPorts(Object.keys(portLevelMtls ?? {}), Object.keys(selector?.matchLabels ?? {}).length > 0);
  if (portLevelMtls !== undefined && Object.keys(portLevelMtls).length === 0) {
    yield error('port-level-empty', 'portLevelMtls', 'port level mTLS, if defined, must have at least one element');
  }
  yield* at('selector', checkWorkloadSelector(selector));
}

/** Ports belong to workloads, so a policy for a namespace has none. */
function* checkPorts(ports: readonly string[], hasSelector: boolean): Findings {
  if (ports.length > 0 && !hasSelector) {
    yield error('port-level-without-selector', 'portLevelMtls', 'mesh/namespace peer authentication cannot have port level mTLS');
  }
  for (const port of ports) {
    if (Number(port) >= 1 && Number(port) <= 65_535) continue;
    yield error('port-range', memberPath('portLevelMtls', port), 'port must be in range 1..65535');
  }
}

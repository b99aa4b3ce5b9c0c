import {
  type Sidecar,
  type SidecarEgressListener,
  type SidecarIngressListener,
  type SidecarPort,
  sidecar,
} from '../config/networking/sidecar.ts';
import { compareText } from '../lib/compare-text.ts';
import type { Problem } from '../lib/problem.ts';
import {
  byAge,
  type ConfigObject,
  type EgressRule,
  type IngressRule,
  type ServicePort,
  type SidecarResource,
  type Sidecars,
} from '../model/index.ts';
import { decodeConfigObjects } from './config-objects.ts';
import type { RawObject } from './kubernetes/objects.ts';
import { namedProtocol } from './kubernetes/protocol.ts';
import { usableSidecar } from './usable-sidecar.ts';

/** All Sidecar resources; what cannot be read is left out with a problem. */
export function decodeSidecars(
  objects: readonly RawObject[],
  rootNamespace: string,
): { readonly value: Sidecars; readonly problems: readonly Problem[] } {
  const { value, problems } = decodeConfigObjects(objects, { group: 'networking.istio.io', kind: 'Sidecar', schema: sidecar });
  const usable = [...value].sort(byAge).map(usableSidecar);
  const byNamespace = Map.groupBy(
    usable.map((one) => sidecarResource(one.value)),
    ({ namespace }) => namespace,
  );
  return { value: { rootNamespace, byNamespace }, problems: [...problems, ...usable.flatMap((one) => one.problems)] };
}

function sidecarResource({ name, namespace, spec }: ConfigObject<Sidecar>): SidecarResource {
  const { workloadSelector, inboundConnectionPool, egress, ingress = [] } = spec;
  return {
    name,
    namespace,
    ...(workloadSelector && { selector: workloadSelector.labels ?? {} }),
    egress: egress === undefined ? [everything] : egress.map(egressRule),
    ingress: ingress.map(ingressRule),
    ...(inboundConnectionPool && { inboundConnectionPool }),
    ...outboundOf(spec),
  };
}

const everything: EgressRule = { bind: '', bindsPort: false, hosts: ['*/*'] };

function egressRule({ port, bind = '', captureMode, hosts = [] }: SidecarEgressListener): EgressRule {
  const bindsPort = captureMode === 'NONE' || bind.startsWith('unix://');
  return { ...(port && { port: servicePort(port) }), bind, bindsPort, hosts: [...hosts].sort(compareText) };
}

function ingressRule({
  port,
  bind = '',
  captureMode = 'DEFAULT',
  defaultEndpoint = '',
  connectionPool,
}: SidecarIngressListener): IngressRule {
  return { port: servicePort(port ?? {}), bind, captureMode, defaultEndpoint, ...(connectionPool && { connectionPool }) };
}

function servicePort({ number = 0, name = '', protocol = '' }: SidecarPort): ServicePort {
  return { number, name, protocol: namedProtocol(protocol) };
}

/** A proxy to pass unknown traffic on to has a meaning only where it may pass. */
function outboundOf({ outboundTrafficPolicy }: Sidecar): Pick<SidecarResource, 'outbound'> {
  if (outboundTrafficPolicy === undefined) return {};
  const { mode, egressProxy } = outboundTrafficPolicy;
  if (mode !== 'ALLOW_ANY') return { outbound: { policy: 'REGISTRY_ONLY' } };
  return { outbound: { policy: mode, ...(egressProxy && { egressProxy }) } };
}

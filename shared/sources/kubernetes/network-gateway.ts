import type { MeshNetworks } from '../../config/mesh/mesh-networks.ts';
import type { KubeService } from '../../kube/service.ts';
import type { FoundGateway } from '../../model/index.ts';
import { serviceHost } from './service.ts';

const networkLabel = 'topology.istio.io/network';
const portLabel = 'networking.istio.io/gatewayPort';
/** Of east-west gateways, which pass mutual TLS on by its server name. */
const defaultPort = 15443;

interface Surroundings {
  readonly networks: MeshNetworks;
  readonly cluster: string;
  readonly domain: string;
}

/**
 * Gateways of networks that are services of this cluster: those that say so by a label, or that the mesh's networks name. They are reached by their
 * addresses outside of the cluster; one without any cannot be.
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/
 */
export function serviceGateways(services: readonly KubeService[], { networks, cluster, domain }: Surroundings): readonly FoundGateway[] {
  const declared = declaredServices(networks);
  return services.flatMap((service) => {
    const { name = '', namespace = '', labels = {} } = service.metadata ?? {};
    const label = labels[networkLabel] ?? '';
    const places =
      label === ''
        ? declared.filter(({ host }) => host === serviceHost(name, namespace, domain))
        : [{ network: label, port: labeledPort(labels[portLabel]) }];
    return externalAddresses(service).flatMap((address) =>
      places.map(({ network, port }) => ({ network, gateway: { address, port, cluster } })),
    );
  });
}

function labeledPort(text = ''): number {
  const port = Number(text);
  return text !== '' && Number.isInteger(port) ? port : defaultPort;
}

function declaredServices({ networks = {} }: MeshNetworks) {
  return Object.entries(networks).flatMap(([network, { gateways = [] }]) =>
    gateways.flatMap(({ registryServiceName: host = '', port = 0 }) => (host === '' ? [] : [{ network, host, port }])),
  );
}

/** Names of load balancers are not looked up. */
function externalAddresses({ spec = {}, status = {} }: KubeService): readonly string[] {
  const balanced = spec.type === 'LoadBalancer' ? (status.loadBalancer?.ingress ?? []).map(({ ip = '' }) => ip) : [];
  return [...balanced, ...(spec.externalIPs ?? [])].filter((address) => address !== '');
}

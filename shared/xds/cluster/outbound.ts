import { create, type JsonObject } from '@bufbuild/protobuf';
import type { Subset } from '../../config/networking/destination-rule.ts';
import { type Cluster, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { compareText } from '../../lib/compare-text.ts';
import {
  type AppliedRule,
  type Built,
  type ClusterKey,
  configPath,
  isHttp,
  type PortProtocol,
  type Scope,
  type Service,
  type ServicePort,
  type ServiceScope,
} from '../../model/index.ts';
import { inlineAssignment } from '../endpoint/assignment.ts';
import { isLocalityWeighted } from '../endpoint/locality-settings.ts';
import { clusterServerName, outboundClusterName } from '../names.ts';
import { type EffectivePolicy, effectivePolicy } from '../traffic-policy.ts';
import { type ClusterInit, connectTimeout, keepalive, metadataExchange } from './base.ts';
import { outboundCatchAll } from './catch-all.ts';
import { type Discovery, discoveryOf, dnsDiscovery, dynamicDns, edsDiscovery, originalDestination } from './discovery.ts';
import { httpOptions, upstreamProtocol } from './http-options.ts';
import { circuitBreakers } from './limits.ts';
import { loadBalancing } from './load-balancer.ts';
import { istioMetadata, serviceEntryOf } from './metadata.ts';
import { outlierDetection } from './outlier-detection.ts';
import { clusterStatistics } from './statistics-name.ts';
import { type ClusterTls, clusterTls } from './tls.ts';

/** Clusters of everything that a proxy can call: those of services, and the two that take the rest. */
export function outboundClusters(scope: Scope, key: ClusterKey): Built<Cluster> {
  return { value: [...clustersOfServices(scope, key).value, ...outboundCatchAll(scope, key)], problems: [] };
}

/** Clusters of each port of each service, whole and by subset. */
export function clustersOfServices(scope: ServiceScope, key: ClusterKey): Built<Cluster> {
  const clusters = new Map<string, Cluster>();
  for (const service of scope.services) {
    const rule = scope.destinationRuleFor(service, key.labels);
    for (const cluster of serviceClusters({ scope, key, service, rule }))
      if (!clusters.has(cluster.name)) clusters.set(cluster.name, cluster);
  }
  return { value: [...clusters.values()], problems: [] };
}

interface ServiceInput {
  readonly scope: ServiceScope;
  readonly key: ClusterKey;
  readonly service: Service;
  readonly rule: AppliedRule | undefined;
  /** Callers have ended and begun TLS already: it passes through a gateway to endpoints that speak it, in a cluster of its own name. */
  readonly passesTls?: true;
}

/** One cluster to be made. */
interface ClusterInput extends ServiceInput {
  readonly port: ServicePort;
  readonly subset: Subset | undefined;
  readonly policy: EffectivePolicy;
}

/** Of each port, whole and by subset. */
export function serviceClusters(input: ServiceInput): readonly Cluster[] {
  const subsets = [undefined, ...(input.rule?.spec.subsets ?? [])];
  return input.service.ports
    .filter(({ protocol }) => protocol !== 'UDP')
    .flatMap((port) => subsets.map((subset) => ({ ...input, port, subset, policy: effectivePolicy(input.rule, port.number, subset) })))
    .flatMap(cluster);
}

/** Ports whose bytes name the host that is wanted, so that a wildcard can be looked up. */
const namingProtocols: ReadonlySet<PortProtocol> = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-Web', 'TLS', 'HTTPS']);

function cluster(input: ClusterInput): readonly Cluster[] {
  const { service, port, policy } = input;
  const discovery = discoveryOf(service, { policy, type: input.key.type });
  switch (discovery) {
    case 'none':
      return [];
    case 'dynamic-dns':
      return namingProtocols.has(port.protocol) ? [build(input, discovery, dynamicDns(service.host, input.key.ipFamilies))] : [];
    case 'eds':
      return [build(input, discovery, edsDiscovery(nameOf(input)))];
    case 'original-destination':
      return [build(input, discovery, originalDestination(otherPort(input)))];
    case 'dns':
      return dnsCluster(input);
  }
}

/** Of a ServiceEntry without endpoints: its target port is the port at the address that the caller wanted. */
function otherPort({ service, port }: ClusterInput): number | undefined {
  const isEntry = service.registry === 'External' && service.resolution === 'passthrough';
  return isEntry && typeof port.targetPort === 'number' && port.targetPort !== port.number ? port.targetPort : undefined;
}

/** A name without anything to look up has no cluster. */
function dnsCluster(input: ClusterInput): readonly Cluster[] {
  const { scope, key, service, port, subset, policy } = input;
  const assignment = inlineAssignment({ scope, key, service, port, policy, subset, name: nameOf(input) });
  if (assignment === undefined) return [];
  const fields = dnsDiscovery({
    resolution: service.resolution === 'dns' ? 'dns' : 'dns-round-robin',
    ipFamilies: key.ipFamilies,
    refreshRate: scope.config.dnsRefreshRate ?? '',
    loadAssignment: assignment,
  });
  return [build(input, 'dns', fields)];
}

function nameOf({ service, port, subset, passesTls }: ClusterInput): string {
  const nameOfCluster = passesTls ? clusterServerName : outboundClusterName;
  return nameOfCluster(service.host, port.number, subset?.name);
}

function build(input: ClusterInput, discovery: Discovery, discoveryFields: ClusterInit): Cluster {
  const { scope, key, port, policy } = input;
  const { connectionPool: pool, outlierDetection: ejection } = policy;
  const protocol = upstreamProtocol(port.protocol, {
    ...(pool && { pool }),
    ...(scope.config.h2UpgradePolicy && { meshPolicy: scope.config.h2UpgradePolicy }),
    sniffs: key.type === 'sidecar',
  });
  const preservesHeaderCase = key.preservesHeaderCase && (isHttp(port.protocol) || port.protocol === 'Auto');
  const tls = tlsOf(input, discovery, protocol === 'http2');
  const options = httpOptions({ protocol, preservesHeaderCase, ...(pool && { pool }), ...(tls.upstream && { upstream: tls.upstream }) });
  const name = nameOf(input);
  return create(ClusterSchema, {
    name,
    altStatName: clusterStatistics(name, scope.config.outboundClusterStatName, {
      service: input.service,
      port,
      targetPort: port.number,
      subset: input.subset?.name ?? '',
    }),
    connectTimeout: connectTimeout(scope.config, pool),
    ...keepalive(scope.config, pool),
    circuitBreakers: circuitBreakers(pool, policy.retryBudget),
    ...((discovery === 'eds' || discovery === 'dns') && loadBalancing(policy.loadBalancer)),
    ...(ejection && { outlierDetection: outlierDetection(ejection) }),
    ...(discovery !== 'dynamic-dns' && { commonLbConfig: commonLb(input, discovery) }),
    ...(options && { typedExtensionProtocolOptions: options }),
    ...tls.sockets,
    metadata: metadataOf(input, discovery, tls),
    ...(key.hasIstioExtensions && { filters: [metadataExchange()] }),
    ...discoveryFields,
  });
}

/** Endpoints that are not ready are known to Envoy, so it must never use them for want of better ones: the panic threshold is 0, and written out. */
function commonLb({ scope, service, policy }: ClusterInput, discovery: Discovery): ClusterInit['commonLbConfig'] {
  const isWeighted = (discovery === 'eds' || discovery === 'dns') && isLocalityWeighted(service, policy, scope.config);
  const value = policy.outlierDetection?.minHealthPercent ?? 0;
  return {
    healthyPanicThreshold: { value: Math.max(value, 0) },
    ...(isWeighted && { localityConfigSpecifier: { case: 'localityWeightedLbConfig', value: {} } }),
  };
}

function tlsOf(input: ClusterInput, discovery: Discovery, isHttp2: boolean): ClusterTls {
  if (input.passesTls) return { sockets: {}, isUserTls: false };
  const { scope, key, service, port, rule, subset, policy } = input;
  return clusterTls({
    settings: policy.tls,
    isAutomatic: isAutomatic(input, discovery),
    endpointsChoose: discovery !== 'original-destination',
    isHttp2,
    serverName: clusterServerName(service.host, port.number, subset?.name),
    meshNames: meshNames(scope, service),
    serviceNames: service.registry === 'External' ? meshNames(scope, service) : [],
    clientCertificate: key.clientCertificate,
    mayUseSecrets: key.type === 'router' || Object.keys(rule?.spec.workloadSelector?.matchLabels ?? {}).length > 0,
    proxyProtocol: policy.proxyProtocol,
    tlsDefaults: scope.config.tlsDefaults,
  });
}

/** Where the caller chooses the address, nobody can tell which endpoint it is: all must speak mutual TLS. */
function isAutomatic({ scope, service }: ClusterInput, discovery: Discovery): boolean {
  if (scope.config.enableAutoMtls === false || service.isMeshExternal) return false;
  if (scope.namespaceMutualTls(service.namespace) === 'DISABLE') return false;
  if (discovery !== 'original-destination') return true;
  const endpoints = scope.endpointsOf(service);
  return endpoints.length > 0 && endpoints.every(({ tlsMode }) => tlsMode === 'istio');
}

/** SPIFFE ids of the accounts that the service's endpoints run as. */
function meshNames(scope: ServiceScope, service: Service): readonly string[] {
  const trustDomain = scope.config.trustDomain ?? 'cluster.local';
  const accounts = scope
    .endpointsOf(service)
    .filter(({ serviceAccount }) => serviceAccount !== '')
    .map(({ namespace, serviceAccount }) => `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`);
  return [...new Set([...accounts, ...service.subjectAltNames])].sort(compareText);
}

function metadataOf({ service, rule, subset }: ClusterInput, discovery: Discovery, { isUserTls }: ClusterTls): ClusterInit['metadata'] {
  const istio: JsonObject = {
    ...(isUserTls && { alpn_override: 'false' }),
    ...(rule && { config: configPath(rule) }),
    ...(service.isMeshExternal && { external: true }),
    ...(subset && { subset: subset.name ?? '' }),
    ...(discovery !== 'dynamic-dns' && { services: [serviceEntryOf(service)] }),
  };
  return istioMetadata(istio);
}

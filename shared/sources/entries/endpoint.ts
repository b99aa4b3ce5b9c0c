import type { WorkloadEntry } from '../../config/networking/workload-entry.ts';
import {
  type ConfigObject,
  canonicalName,
  canonicalRevision,
  type Endpoint,
  hasLabels,
  noLocality,
  parseLocality,
  type Service,
  type ServicePort,
  type Workload,
} from '../../model/index.ts';
import type { ServiceEntryObject } from './service.ts';

/** What endpoints of entries are joined with. */
export interface EntryContext {
  /** Id of the cluster whose API server holds the entries. */
  readonly cluster: string;
  readonly network: string;
  readonly workloadEntries: readonly ConfigObject<WorkloadEntry>[];
  readonly workloads: readonly Workload[];
}

/** Endpoints of one of the entry's services. */
export function entryEndpoints(entry: ServiceEntryObject, service: Service, context: EntryContext): readonly Endpoint[] {
  const { endpoints = [], workloadSelector, resolution = 'NONE' } = entry.spec;
  if (resolution === 'DYNAMIC_DNS') return [];
  const isNamed = resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
  const places =
    workloadSelector !== undefined
      ? selectedPlaces(entry, workloadSelector.labels ?? {}, context)
      : isNamed && endpoints.length === 0
        ? hostPlace(entry, service)
        : inlinePlaces(entry, endpoints);
  return service.ports.flatMap((port) => places.map((place) => entryEndpoint(place, port, context)));
}

/** Endpoints that a Kubernetes service gets from WorkloadEntries beside those of its pods. */
export function workloadEntryEndpoints(service: Service, context: EntryContext): readonly Endpoint[] {
  const { selector, namespace } = service;
  if (selector === undefined) return [];
  const entries = context.workloadEntries.filter((entry) => entry.namespace === namespace && hasLabels(workloadLabels(entry), selector));
  return service.ports.flatMap((port) => entries.map((entry) => entryEndpoint(workloadEntryPlace(entry), port, context)));
}

/** An entry with the name that telemetry shows for it. */
interface Place {
  readonly name: string;
  readonly namespace: string;
  readonly entry: WorkloadEntry;
  /** Of a pod that a ServiceEntry selects; entries themselves know less. */
  readonly workload?: Workload;
}

function inlinePlaces({ name, namespace }: ServiceEntryObject, endpoints: readonly WorkloadEntry[]): readonly Place[] {
  return endpoints.map((entry, index) => ({ name: `${name}-${index}`, namespace, entry }));
}

function selectedPlaces(
  { namespace }: ServiceEntryObject,
  selector: Readonly<Record<string, string>>,
  context: EntryContext,
): readonly Place[] {
  const entries = context.workloadEntries.filter((entry) => entry.namespace === namespace && hasLabels(workloadLabels(entry), selector));
  const pods = context.workloads.filter(
    (workload) => workload.isReady && workload.namespace === namespace && hasLabels(workload.labels, selector),
  );
  return [...entries.map(workloadEntryPlace), ...pods.flatMap(podPlace)];
}

function workloadEntryPlace(entry: ConfigObject<WorkloadEntry>): Place {
  return { name: entry.name, namespace: entry.namespace, entry: { ...entry.spec, labels: workloadLabels(entry) } };
}

function podPlace(workload: Workload): readonly Place[] {
  const [address] = workload.addresses;
  const { labels, serviceAccount, network } = workload;
  const ports = Object.fromEntries(workload.ports.filter(({ name }) => name !== '').map(({ name, number }) => [name, number]));
  return address === undefined
    ? []
    : [{ name: workload.ownerName, namespace: workload.namespace, workload, entry: { address, labels, serviceAccount, network, ports } }];
}

/** Labels of the object and of its spec; the object's win. */
function workloadLabels({ labels, spec }: ConfigObject<WorkloadEntry>): Readonly<Record<string, string>> {
  return { ...spec.labels, ...labels };
}

/** A host whose entry lists no endpoints is looked up itself; a wildcard cannot be. */
function hostPlace({ name, namespace }: ServiceEntryObject, { host }: Service): readonly Place[] {
  return host.startsWith('*') ? [] : [{ name, namespace, entry: { address: host } }];
}

function entryEndpoint({ name, namespace, entry, workload }: Place, port: ServicePort, context: EntryContext): Endpoint {
  const { address = '', labels = {}, serviceAccount = '', network = '', weight = 0, locality = '' } = entry;
  const tlsMode = labels['security.istio.io/tlsMode'] ?? (serviceAccount !== '' && workload === undefined ? 'istio' : 'disabled');
  const localityText = locality === '' ? (labels['istio-locality'] ?? '').replaceAll('.', '/') : locality;
  return {
    address,
    additionalAddresses: [],
    servicePortName: port.name,
    port: portOf(entry, port),
    // Only of pods the registry knows how they are.
    health: workload === undefined ? 'unknown' : 'healthy',
    weight: weight === 0 ? 1 : weight,
    labels,
    namespace,
    serviceAccount,
    locality: workload?.locality ?? (localityText === '' ? noLocality : parseLocality(localityText)),
    network: network === '' ? context.network : network,
    cluster: context.cluster,
    tlsMode: tlsMode === 'istio' ? 'istio' : 'disabled',
    workloadName: name,
    canonicalName: canonicalName(labels, name),
    canonicalRevision: canonicalRevision(labels),
    nodeName: workload?.nodeName ?? '',
    hostname: workload?.hostname ?? '',
    subdomain: workload?.subdomain ?? '',
  };
}

/** The endpoint's own number for the port, else the target port, by number or by its name there, else the service's number. */
function portOf({ ports = {} }: WorkloadEntry, { name, number, targetPort = number }: ServicePort): number {
  const own = Object.hasOwn(ports, name) ? ports[name] : undefined;
  if (own !== undefined) return own;
  if (typeof targetPort === 'number') return targetPort;
  return (Object.hasOwn(ports, targetPort) ? ports[targetPort] : undefined) ?? number;
}

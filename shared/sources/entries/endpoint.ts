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
  if (resolution === 'NONE' || resolution === 'DYNAMIC_DNS') return [];
  const places =
    workloadSelector === undefined ? inlinePlaces(entry, endpoints) : selectedPlaces(entry, workloadSelector.labels ?? {}, context);
  const isNamed = resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
  const all = places.length === 0 && isNamed ? hostPlace(entry, service) : places;
  return service.ports.flatMap((port) => all.map((place) => entryEndpoint(place, port, context)));
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
  const pods = context.workloads.filter((workload) => workload.namespace === namespace && hasLabels(workload.labels, selector));
  return [...entries.map(workloadEntryPlace), ...pods.flatMap(podPlace)];
}

function workloadEntryPlace(entry: ConfigObject<WorkloadEntry>): Place {
  return { name: entry.name, namespace: entry.namespace, entry: { ...entry.spec, labels: workloadLabels(entry) } };
}

function podPlace(workload: Workload): readonly Place[] {
  const [address] = workload.addresses;
  const { labels, serviceAccount, network } = workload;
  return address === undefined
    ? []
    : [{ name: workload.ownerName, namespace: workload.namespace, workload, entry: { address, labels, serviceAccount, network } }];
}

/** Labels of the object and of its spec; the spec's win. */
function workloadLabels({ labels, spec }: ConfigObject<WorkloadEntry>): Readonly<Record<string, string>> {
  return { ...labels, ...spec.labels };
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
    port: portOf(entry, port, workload),
    health: 'unknown',
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

/** The endpoint's own number for the port, else the target port, by number or by the name of a container port, else the service's number. */
function portOf({ ports = {} }: WorkloadEntry, { name, number, targetPort }: ServicePort, workload: Workload | undefined): number {
  const own = Object.hasOwn(ports, name) ? ports[name] : undefined;
  if (own !== undefined) return own;
  if (typeof targetPort !== 'string') return targetPort ?? number;
  const named = Object.hasOwn(ports, targetPort) ? ports[targetPort] : undefined;
  return named ?? workload?.ports.find((port) => port.name === targetPort)?.number ?? number;
}

import { serviceEntryKind } from '../../config/networking/check-service-entry.ts';
import { type ServiceEntry, serviceEntryStatus } from '../../config/networking/service-entry.ts';
import { type WorkloadEntry, workloadEntryKind } from '../../config/networking/workload-entry.ts';
import { isJsonArray, isJsonObject, type JsonObject, objectAt } from '../../lib/json.ts';
import { memo, memoOf } from '../../lib/memo.ts';
import type { Problem } from '../../lib/problem.ts';
import { decodeMessage } from '../../lib/proto-json.ts';
import type { ConfigObject, Endpoint, Service, Workload } from '../../model/index.ts';
import { decodeConfigObjects } from '../config-objects.ts';
import type { RawObject } from '../kubernetes/objects.ts';
import { entryEndpoints, workloadEntryEndpoints } from './endpoint.ts';
import { entryServices, type ServiceEntryObject } from './service.ts';

export interface EntrySettings {
  readonly cluster: string;
  readonly network: string;
  readonly defaultExportTo: readonly string[];
  /** Pods, which entries can select. */
  readonly workloads: readonly Workload[];
  /** Services of other registries, which can select WorkloadEntries. */
  readonly services: readonly Service[];
}

/** Services that users wrote as ServiceEntries, with endpoints of theirs and of WorkloadEntries by the service's `namespace/host`. */
export interface EntryContent {
  readonly services: readonly Service[];
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
}

/** The registry of ServiceEntries and WorkloadEntries. */
export function entryRegistry(
  objects: readonly RawObject[],
  { cluster, network, defaultExportTo, workloads, services: others }: EntrySettings,
): { readonly value: EntryContent; readonly problems: readonly Problem[] } {
  const entries = decodeConfigObjects(objects, serviceEntryKind);
  const places = decodeConfigObjects(objects, workloadEntryKind);
  const context = { cluster, network, workloads, workloadEntries: healthyEntries(places.value, objects) };
  const endpoints = new Map<string, Endpoint[]>();
  const add = (service: Service, found: readonly Endpoint[]): void => {
    const key = `${service.namespace}/${service.host}`;
    const known = endpoints.get(key);
    if (known === undefined) endpoints.set(key, [...found]);
    else known.push(...found);
  };
  const services: Service[] = [];
  const exportTo = JSON.stringify(defaultExportTo);
  const place = `${cluster}\n${network}`;
  for (const entry of withStatus(entries.value, objects)) {
    for (const service of servicesOf(entry)(exportTo)) {
      services.push(service);
      add(
        service,
        entry.spec.workloadSelector === undefined ? ownEndpoints(entry)(service)(place) : entryEndpoints(entry, service, context),
      );
    }
  }
  for (const service of others) add(service, workloadEntryEndpoints(service, context));
  return { value: { services, endpoints }, problems: [...entries.problems, ...places.problems] };
}

/** Services of an entry by the default of `exportTo`; the same values in one compile as in the one before. */
const servicesOf = memoOf((entry: ServiceEntryObject) =>
  memo((exportTo) => entryServices(entry, JSON.parse(exportTo) as readonly string[])),
);

/** Endpoints that an entry lists itself, by cluster and network. */
const ownEndpoints = memoOf((entry: ServiceEntryObject) =>
  memoOf((service: Service) =>
    memo((place) => {
      const [cluster = '', network = ''] = place.split('\n');
      return entryEndpoints(entry, service, { cluster, network, workloads: [], workloadEntries: [] });
    }),
  ),
);

const noStatus: JsonObject = {};

const withOneStatus = memoOf((entry: ConfigObject<ServiceEntry>) =>
  memoOf((text: JsonObject): ServiceEntryObject => {
    const status = decodeMessage(text, serviceEntryStatus, { unknownFields: 'ignore' });
    return { ...entry, status: status.ok ? status.value : {} };
  }),
);

function withStatus(entries: readonly ConfigObject<ServiceEntry>[], objects: readonly RawObject[]): readonly ServiceEntryObject[] {
  const statusOf = statuses(objects, 'ServiceEntry');
  return entries.map((entry) => {
    const status = statusOf(entry);
    return withOneStatus(entry)(Object.keys(status).length === 0 ? noStatus : status);
  });
}

const healthAnnotation = 'proxy.istio.io/health-checks-enabled';

/** Without those whose agent checks their health and has not found them well. */
function healthyEntries(entries: readonly ConfigObject<WorkloadEntry>[], objects: readonly RawObject[]) {
  const statusOf = statuses(objects, 'WorkloadEntry');
  return entries.filter((entry) => {
    if (entry.annotations[healthAnnotation]?.toLowerCase() !== 'true') return true;
    const conditions = statusOf(entry)['conditions'];
    const health = (isJsonArray(conditions) ? conditions : []).filter(isJsonObject).find(({ type }) => type === 'Healthy');
    return health?.['status'] === 'True';
  });
}

/** What the control plane wrote into objects of a kind. */
function statuses(objects: readonly RawObject[], kind: string): (object: ConfigObject<unknown>) => JsonObject {
  const raw = new Map(
    objects.filter((object) => object.kind === kind).map(({ namespace, name, content }) => [`${namespace}/${name}`, content]),
  );
  return ({ namespace, name }) => objectAt(raw.get(`${namespace}/${name}`), 'status');
}

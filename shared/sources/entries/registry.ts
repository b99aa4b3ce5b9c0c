import { type ServiceEntry, serviceEntry, serviceEntryStatus } from '../../config/networking/service-entry.ts';
import { workloadEntry } from '../../config/networking/workload-entry.ts';
import { objectAt } from '../../lib/json.ts';
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

const networkingGroup = 'networking.istio.io';

/** The registry of ServiceEntries and WorkloadEntries. */
export function entryRegistry(
  objects: readonly RawObject[],
  { cluster, network, defaultExportTo, workloads, services: others }: EntrySettings,
): { readonly value: EntryContent; readonly problems: readonly Problem[] } {
  const entries = decodeConfigObjects(objects, { group: networkingGroup, kind: 'ServiceEntry', schema: serviceEntry });
  const places = decodeConfigObjects(objects, { group: networkingGroup, kind: 'WorkloadEntry', schema: workloadEntry });
  const context = { cluster, network, workloads, workloadEntries: places.value };
  const endpoints = new Map<string, Endpoint[]>();
  const add = (service: Service, found: readonly Endpoint[]): void => {
    const key = `${service.namespace}/${service.host}`;
    const known = endpoints.get(key);
    if (known === undefined) endpoints.set(key, [...found]);
    else known.push(...found);
  };
  const services: Service[] = [];
  for (const entry of withStatus(entries.value, objects)) {
    for (const service of entryServices(entry, defaultExportTo)) {
      services.push(service);
      add(service, entryEndpoints(entry, service, context));
    }
  }
  for (const service of others) add(service, workloadEntryEndpoints(service, context));
  return { value: { services, endpoints }, problems: [...entries.problems, ...places.problems] };
}

function withStatus(entries: readonly ConfigObject<ServiceEntry>[], objects: readonly RawObject[]): readonly ServiceEntryObject[] {
  const raw = new Map(
    objects.filter(({ kind }) => kind === 'ServiceEntry').map((object) => [`${object.namespace}/${object.name}`, object.content]),
  );
  return entries.map((entry) => {
    const status = decodeMessage(objectAt(raw.get(`${entry.namespace}/${entry.name}`), 'status'), serviceEntryStatus, {
      unknownFields: 'ignore',
    });
    return { ...entry, status: status.ok ? status.value : {} };
  });
}

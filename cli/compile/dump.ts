import { fromBinary, toJson } from '@bufbuild/protobuf';
import { registry } from '../../shared/gen/registry.ts';
import { compareText } from '../../shared/lib/compare-text.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../../shared/lib/json.ts';
import type { WorkloadClass } from '../../shared/snapshot/chunk.ts';
import type { Bodies } from '../../shared/snapshot/snapshot.ts';

/** What one proxy gets, in the files that Istio's recordings have for it. A file without anything in it is not there. */
export type Dump = ReadonlyMap<string, readonly JsonValue[]>;

const files: readonly { readonly file: string; readonly type: string }[] = [
  { file: 'clusters', type: 'envoy.config.cluster.v3.Cluster' },
  { file: 'endpoints', type: 'envoy.config.endpoint.v3.ClusterLoadAssignment' },
  { file: 'listeners', type: 'envoy.config.listener.v3.Listener' },
  { file: 'routes', type: 'envoy.config.route.v3.RouteConfiguration' },
  { file: 'extensionconfigs', type: 'envoy.config.core.v3.TypedExtensionConfig' },
  { file: 'nametable', type: 'istio.networking.nds.v1.NameTable' },
  { file: 'secrets', type: 'envoy.extensions.transport_sockets.tls.v3.Secret' },
];

/** Files that are there even if empty: Envoy asks for these types whatever it is told. */
const always: ReadonlySet<string> = new Set(['clusters', 'endpoints', 'listeners', 'routes']);

/** What a dump may tell. */
export interface DumpChoice {
  /** Private keys stand in it. */
  readonly showsSecrets?: boolean;
}

/** The resources of a class as JSON: all clusters and listeners, and of the rest what an Envoy would ask for because those name it. */
export function dumpClass(workloadClass: WorkloadClass, bodies: Bodies, { showsSecrets = false }: DumpChoice = {}): Dump {
  const refs = workloadClass.chunks.flatMap(({ refs: own }) => own);
  const found = new Map<string, readonly NamedJson[]>(
    files.map(({ file, type }) => {
      const ofType = refs.filter(({ typeUrl }) => typeUrl.endsWith(`/${type}`));
      return [file, ofType.map(({ name, hash }) => ({ name, json: jsonOf(type, bodies.get(hash)) }))];
    }),
  );
  const named = [...(found.get('clusters') ?? []), ...(found.get('listeners') ?? [])].map(({ json }) => json);
  const dump = new Map<string, readonly JsonValue[]>();
  for (const { file } of files) {
    if (file === 'secrets' && !showsSecrets) continue;
    const asked = (found.get(file) ?? []).filter(({ name }) => isAskedFor(file, name, named)).sort((a, b) => compareText(a.name, b.name));
    if (asked.length > 0 || always.has(file))
      dump.set(
        file,
        asked.map(({ json }) => json),
      );
  }
  dump.set('secrets-needed', namesBelow(named, secretHolders).sort(compareText));
  return dump;
}

interface NamedJson {
  readonly name: string;
  readonly json: JsonValue;
}

function jsonOf(type: string, bytes: Uint8Array | undefined): JsonValue {
  const schema = registry.getMessage(type);
  if (schema === undefined || bytes === undefined) throw new Error(`bug: a resource of type ${type} has no body or no description`);
  return toJson(schema, fromBinary(schema, bytes), { registry }) as JsonValue;
}

interface Naming {
  readonly holders: readonly string[];
  readonly name: string;
}

const secretHolders: Naming = {
  holders: ['tlsCertificateSdsSecretConfigs', 'validationContextSdsSecretConfig', 'sdsSecretConfig'],
  name: 'name',
};

/** Which members name resources of a type. */
const askers: Readonly<Record<string, Naming>> = {
  endpoints: { holders: ['edsClusterConfig'], name: 'serviceName' },
  routes: { holders: ['rds'], name: 'routeConfigName' },
  secrets: secretHolders,
};

function isAskedFor(file: string, name: string, named: readonly JsonValue[]): boolean {
  const asker = askers[file];
  return asker === undefined || namesBelow(named, asker).includes(name);
}

/** The names in all members of the given holders, at any depth, each once. */
function namesBelow(values: readonly JsonValue[], naming: Naming): string[] {
  const names = new Set<string>();
  const visit = (value: JsonValue | undefined): void => {
    if (isJsonArray(value)) value.forEach(visit);
    if (!isJsonObject(value)) return;
    for (const [key, member] of Object.entries(value)) {
      if (naming.holders.includes(key)) for (const name of ownNames(member, naming.name)) names.add(name);
      visit(member);
    }
  };
  values.forEach(visit);
  return [...names];
}

function ownNames(holder: JsonValue | undefined, key: string): readonly string[] {
  const holders = isJsonArray(holder) ? holder : [holder];
  return holders.map((item) => (isJsonObject(item) ? item[key] : undefined)).filter((name) => typeof name === 'string');
}

/** One resource a line, so that files can be compared by their lines. */
export function dumpText(resources: readonly JsonValue[]): string {
  return resources.length === 0 ? '[]\n' : `[\n${resources.map((resource) => JSON.stringify(resource)).join(',\n')}\n]\n`;
}

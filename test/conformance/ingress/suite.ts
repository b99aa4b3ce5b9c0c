import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKubeYamlDocuments } from '../../../shared/kube/yaml.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, objectAt } from '../../../shared/lib/json.ts';
import type { ConfigObject } from '../../../shared/model/index.ts';
import { rawObject } from '../../../shared/sources/files/raw-object.ts';
import { meshObjects, readMeshFiles } from '../../../shared/sources/files/read.ts';
import { convertIngresses } from '../../../shared/sources/ingress/convert.ts';
import { decodeKubernetesObjects } from '../../../shared/sources/kubernetes/objects.ts';
import { difference } from '../difference.ts';
import type { Row, Suite } from '../suite.ts';

/** The Gateways and VirtualServices that Ingresses become: a row for each recorded object, and one for each of ours that was not recorded. */
export const ingressSuite: Suite = {
  name: 'ingress',
  folder: 'misc',
  rows: (folder) => casesOf(folder).flatMap((one) => caseRows(join(folder, 'ingress'), one)),
};

interface IngressCase {
  readonly name: string;
  readonly input: string;
  readonly golden: string;
  readonly domain: string;
}

function casesOf(folder: string): readonly IngressCase[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as JsonObject;
  const { cases } = objectAt(manifest, 'ingress');
  return (isJsonArray(cases) ? cases : []).filter(isJsonObject).map(({ name, input, golden, domainSuffix }) => ({
    name: String(name),
    input: String(input),
    golden: String(golden),
    domain: String(domainSuffix),
  }));
}

function caseRows(folder: string, { name, input, golden, domain }: IngressCase): readonly Row[] {
  const recorded = named(recordedObjects(readFileSync(join(folder, golden), 'utf8')));
  const ours = async () => named(await converted(join(folder, input), domain));
  const rows = [...recorded].map(
    ([id, expected]): Row => ({
      id: `${name}/${id}`,
      tags: [name],
      compare: async () => {
        const actual = (await ours()).get(id);
        return actual === undefined ? 'is missing' : difference(expected, actual);
      },
    }),
  );
  const extra: Row = {
    id: `${name}/(nothing else)`,
    tags: [name],
    compare: async () => {
      const surplus = [...(await ours()).keys()].filter((id) => !recorded.has(id));
      return surplus.length === 0 ? undefined : `is not in the recording: ${surplus.join(', ')}`;
    },
  };
  return [...rows, extra];
}

function recordedObjects(text: string): readonly JsonObject[] {
  return parseKubeYamlDocuments(text).value.flatMap(({ value }) => (isJsonObject(value) ? [value] : []));
}

/** Istio's own test converts every Ingress, whoever's it is. */
async function converted(path: string, domain: string): Promise<readonly JsonObject[]> {
  const objects = meshObjects(await readMeshFiles(path)).map(rawObject);
  const { ingresses, services } = decodeKubernetesObjects(objects).value;
  const { gateways, virtualServices } = convertIngresses(ingresses, { config: {}, namespace: 'istio-system', domain, services });
  return [...gateways, ...virtualServices].map(document);
}

function document({ apiVersion, kind, name, namespace, annotations, spec }: ConfigObject<object>): JsonObject {
  const metadata = { ...(Object.keys(annotations).length > 0 && { annotations: { ...annotations } }), name, namespace };
  return { apiVersion, kind, metadata, spec: spec as JsonObject };
}

function named(objects: readonly JsonObject[]): ReadonlyMap<string, JsonValue> {
  return new Map(objects.map((object) => [`${String(object['kind'])} ${String(objectAt(object, 'metadata')['name'])}`, object]));
}

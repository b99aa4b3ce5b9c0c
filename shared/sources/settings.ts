import { decodeMeshConfig, type MeshConfig } from '../config/mesh/mesh-config.ts';
import { decodeMeshNetworks, type MeshNetworks } from '../config/mesh/mesh-networks.ts';
import { parseKubeYaml } from '../kube/yaml.ts';
import { isJsonObject, type JsonValue, objectAt } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import { ok, type Result } from '../lib/result.ts';
import { decodeFeatures, defaultFeatures, type Features } from '../model/index.ts';
import type { RawObject } from './kubernetes/objects.ts';

/** What holds for the whole mesh. */
export interface MeshSettings {
  readonly config: MeshConfig;
  readonly networks: MeshNetworks;
  readonly features: Features;
}

/** Texts that the settings are written in. */
export interface SettingTexts {
  /** YAML; without it Istio's defaults hold. */
  readonly meshConfig?: string;
  readonly meshNetworks?: string;
  /** JSON: istiod environment name → text. */
  readonly features?: string;
}

/** Everything that is right in the texts, and what is wrong in them. */
export function readSettings({ meshConfig, meshNetworks, features }: SettingTexts): {
  readonly value: MeshSettings;
  readonly problems: readonly Problem[];
} {
  const configDocument = parsed(meshConfig);
  const networksDocument = parsed(meshNetworks);
  const config = decodeMeshConfig(configDocument.ok ? configDocument.value : {});
  const networks = decodeMeshNetworks(networksDocument.ok ? networksDocument.value : {});
  const switches = features === undefined ? { value: defaultFeatures, problems: [] } : readFeatures(features);
  return {
    value: { config: config.value, networks: networks.value, features: switches.value },
    problems: [
      ...(configDocument.ok ? [] : [problem('MeshConfig', configDocument.error)]),
      ...(networksDocument.ok ? [] : [problem('MeshNetworks', networksDocument.error)]),
      ...config.problems,
      ...networks.problems,
      ...switches.problems,
    ],
  };
}

/** The texts in Istio's own ConfigMap: `istio` of the root namespace, `istio-REVISION` for other revisions than `default`. */
export function settingTextsOf(objects: readonly RawObject[], revision: string): SettingTexts {
  const name = revision === 'default' ? 'istio' : `istio-${revision}`;
  const found = objects.find((object) => object.kind === 'ConfigMap' && object.namespace === rootNamespace && object.name === name);
  const { mesh, meshNetworks } = objectAt(found?.content, 'data');
  return { ...(typeof mesh === 'string' && { meshConfig: mesh }), ...(typeof meshNetworks === 'string' && { meshNetworks }) };
}

const rootNamespace = 'istio-system';

function parsed(text: string | undefined): Result<JsonValue> {
  return text === undefined ? ok(null) : parseKubeYaml(text);
}

function readFeatures(text: string): ReturnType<typeof decodeFeatures> {
  const document = parseKubeYaml(text);
  if (!document.ok || !isJsonObject(document.value)) {
    return { value: defaultFeatures, problems: [problem('features', 'is no object of names and texts')] };
  }
  return decodeFeatures(Object.fromEntries(Object.entries(document.value).map(([name, value]) => [name, String(value)])));
}

function problem(object: string, message: string): Problem {
  return { code: 'broken-settings', severity: 'error', object, path: '', message };
}

import { validateMeshConfig, validateMeshNetworks } from '../../shared/config/mesh/validate-mesh.ts';
import { parseKubeYaml } from '../../shared/kube/yaml.ts';
import { at, error, type Finding } from '../../shared/lib/finding.ts';
import { type JsonObject, type JsonValue, objectAt } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';

/** Istio's names for the ConfigMap with the settings of a mesh: `istio`, and `istio-REVISION`. */
const names = /^istio(?:-[a-z0-9-]+)?$/;

const members: Readonly<Record<string, (document: JsonValue) => readonly Finding[]>> = {
  mesh: validateMeshConfig,
  meshNetworks: validateMeshNetworks,
};

/** What is wrong with the settings in a ConfigMap; undefined for an object that is none of those. */
export function meshSettingsRules(object: JsonObject): readonly Problem[] | undefined {
  const { name } = objectAt(object, 'metadata');
  const data = objectAt(object, 'data');
  const isSettings = object['kind'] === 'ConfigMap' && object['apiVersion'] === 'v1' && typeof name === 'string' && names.test(name);
  if (!isSettings || typeof data['mesh'] !== 'string') return undefined;
  return Object.entries(members).flatMap(([member, validate]) => {
    const text = data[member];
    if (typeof text !== 'string') return [];
    return [...at(`data.${member}`, settingsFindings(text, validate))].map((finding) => ({ ...finding, object: `ConfigMap ${name}` }));
  });
}

function settingsFindings(text: string, validate: (document: JsonValue) => readonly Finding[]): readonly Finding[] {
  const parsed = parseKubeYaml(text);
  return parsed.ok ? validate(parsed.value) : [error('yaml-invalid', '', parsed.error)];
}

/** What is wrong with the settings of a mesh, as users write them in the ConfigMap `istio`. */

import { error, type Finding } from '../../lib/finding.ts';
import type { JsonValue } from '../../lib/json.ts';
import { readProtoMessage } from '../../lib/proto-json.ts';
import { checkMeshConfig } from './check-mesh-config.ts';
import { checkMeshNetworks } from './check-mesh-networks.ts';
import { layerMeshConfig, meshConfig, meshDefaults } from './mesh-config.ts';
import { meshNetworks } from './mesh-networks.ts';

/** Findings in a parsed MeshConfig, over the defaults; a field that nobody knows is most often a mistake. */
export function validateMeshConfig(document: JsonValue): readonly Finding[] {
  const read = readProtoMessage(document ?? {}, meshConfig);
  if (!read.ok) return [error('undecodable', read.path, read.message)];
  const strict = readProtoMessage(document ?? {}, meshConfig, { unknownFields: 'refuse' });
  const unknown = strict.ok ? [] : [{ ...error('unknown-field', strict.path, strict.message), severity: 'warning' as const }];
  return [...checkMeshConfig(layerMeshConfig(meshDefaults, read.value)), ...unknown];
}

/** Findings in a parsed MeshNetworks. */
export function validateMeshNetworks(document: JsonValue): readonly Finding[] {
  const read = readProtoMessage(document ?? {}, meshNetworks);
  return read.ok ? [...checkMeshNetworks(read.value)] : [error('undecodable', read.path, read.message)];
}

/** Networks of a mesh whose pods cannot reach each other directly, `istio.mesh.v1alpha1.MeshNetworks`. Fields in the order of the .proto file. */

import { type InferMessage, list, map, message, oneof, string, uint32 } from '../../lib/message.ts';
import type { Problem } from '../../lib/problem.ts';
import { decodeMessage } from '../../lib/proto-json.ts';

const name = 'istio.mesh.v1alpha1.Network';

const network = message(name, {
  endpoints: list(message(`${name}.NetworkEndpoints`, { ...oneof('Ne', { fromCidr: string, fromRegistry: string }) })),
  gateways: list(
    message(`${name}.IstioNetworkGateway`, {
      ...oneof('Gw', { registryServiceName: string, address: string }),
      port: uint32,
      locality: string,
    }),
  ),
});

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshNetworks */
export const meshNetworks = message('istio.mesh.v1alpha1.MeshNetworks', { networks: map(network) });
export type MeshNetworks = InferMessage<typeof meshNetworks>;

/** Reads a parsed document; null is an empty one. One that cannot be read gives an error and no networks. */
export function decodeMeshNetworks(value: unknown): { readonly value: MeshNetworks; readonly problems: readonly Problem[] } {
  const decoded = decodeMessage(value ?? {}, meshNetworks, { unknownFields: 'ignore' });
  if (decoded.ok) return { value: decoded.value, problems: [] };
  const problem: Problem = { code: 'mesh-networks-invalid', severity: 'error', object: 'MeshNetworks', path: '', message: decoded.error };
  return { value: {}, problems: [problem] };
}

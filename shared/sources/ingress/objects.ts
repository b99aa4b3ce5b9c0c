import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { KubernetesObjects } from '../kubernetes/objects.ts';
import { isOurs } from './class.ts';
import { type ConvertedIngress, convertIngresses, type IngressSurroundings } from './convert.ts';

/** Gateways and VirtualServices of the Ingresses that are ours. */
export function ingressObjects(
  { ingresses, ingressClasses, services }: KubernetesObjects,
  around: Omit<IngressSurroundings, 'services' | 'config'> & { readonly config: MeshConfig },
): ConvertedIngress {
  const ours = ingresses.filter((one) => isOurs(one, ingressClasses, around.config));
  return convertIngresses(ours, { ...around, services });
}

import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { KubeIngress, KubeIngressClass } from '../../kube/ingress.ts';

const classAnnotation = 'kubernetes.io/ingress.class';
const controllerName = 'istio.io/ingress-controller';

/**
 * Whether the Ingress is ours: by its annotation, else by its class's controller, else by the mesh's mode, of which DEFAULT takes those of nobody.
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-IngressControllerMode
 */
export function isOurs({ metadata, spec }: KubeIngress, classes: readonly KubeIngressClass[], config: MeshConfig): boolean {
  const { ingressControllerMode: mode, ingressClass = '' } = config;
  const annotated = metadata?.annotations?.[classAnnotation];
  if (annotated !== undefined) return (mode === 'STRICT' || mode === 'DEFAULT') && annotated === ingressClass;
  const name = spec?.ingressClassName;
  const named = name === undefined ? undefined : classes.find((one) => one.metadata?.name === name);
  return named === undefined ? mode === 'DEFAULT' : named.spec?.controller === controllerName;
}

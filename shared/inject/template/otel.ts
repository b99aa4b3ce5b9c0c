import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import type { Pod } from '../../kube/pod.ts';
import { label } from '../annotation-names.ts';

const attributePrefix = 'resource.opentelemetry.io/';

/**
 * Names of the workload after OpenTelemetry's semantic conventions, `key=value` joined with commas; empty unless a tracing provider of the mesh
 * has `serviceAttributeEnrichment: OTEL_SEMANTIC_CONVENTIONS`. Never empty texts: an attribute without a value is left out.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/non-normative/k8s-attributes/
 */
export function otelResourceAttributes(mesh: MeshConfig, pod: Pod, workloadNamespace: string): string {
  if (!isEnriched(mesh)) return '';
  const { annotations = {}, labels = {} } = pod.metadata ?? {};
  const namespace = workloadNamespace || 'default';
  const containers = pod.spec?.containers ?? [];
  const own = (name: string): string => annotations[`${attributePrefix}${name}`] ?? '';
  const onlyImage = containers.length === 1 ? imageVersion(containers[0]?.image ?? '') : '';
  const firstContainer = containers[0]?.name;
  const instance = firstContainer === undefined ? '' : `${namespace}.$(POD_NAME).${firstContainer}`;
  const attributes: readonly (readonly [string, string])[] = [
    ['service.namespace', own('service.namespace') || namespace],
    ['service.version', own('service.version') || labels[label.appVersion] || onlyImage],
    ['service.instance.id', own('service.instance.id') || instance],
  ];
  return attributes
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function isEnriched(mesh: MeshConfig): boolean {
  const providers = mesh.extensionProviders ?? [];
  return providers.some((provider) => provider.opentelemetry?.serviceAttributeEnrichment === 'OTEL_SEMANTIC_CONVENTIONS');
}

/** `tag`, `digest` or `tag@digest`. A colon in front of the last slash belongs to the registry's port. */
function imageVersion(image: string): string {
  const [path = '', digest] = image.split('@', 2);
  const colon = path.indexOf(':', path.lastIndexOf('/') + 1);
  const tag = colon < 0 ? '' : path.slice(colon + 1);
  return [tag, digest].filter(Boolean).join('@');
}

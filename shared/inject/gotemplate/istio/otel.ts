import { stepInto } from '../reflect.ts';
import type { GoList, GoMap, GoStruct, GoValue } from '../value.ts';
import { structs } from './ports.ts';

/** What the attributes are made from. */
export interface OtelInput {
  readonly mesh: GoStruct;
  readonly annotations: GoMap;
  readonly labels: GoMap;
  readonly namespace: string;
  readonly containers: GoList;
}

/**
 * The value of `OTEL_RESOURCE_ATTRIBUTES`, a comma list; empty unless an OpenTelemetry provider of the mesh asks for it.
 * @see https://opentelemetry.io/docs/specs/semconv/resource/k8s/
 */
export function otelResourceAttributes(input: OtelInput): string {
  if (!isAskedFor(input.mesh)) return '';
  const attributes = [
    ['service.namespace', annotationOf(input, 'service.namespace') || input.namespace],
    ['service.version', annotationOf(input, 'service.version') || textAt(input.labels, 'app.kubernetes.io/version') || imageVersion(input)],
    ['service.instance.id', annotationOf(input, 'service.instance.id') || instanceId(input)],
  ] as const;
  return attributes
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function isAskedFor(mesh: GoStruct): boolean {
  if (mesh.isNil) return false;
  return structs(stepInto(mesh, 'ExtensionProviders', false).value).some((provider) => {
    const otel = stepInto(provider, 'GetOpentelemetry', false).value;
    const enrichment = stepInto(otel, 'GetServiceAttributeEnrichment', false).value;
    return typeof enrichment === 'object' && enrichment?.kind === 'enum' && enrichment.name === 'OTEL_SEMANTIC_CONVENTIONS';
  });
}

function annotationOf({ annotations }: OtelInput, name: string): string {
  return textAt(annotations, `resource.opentelemetry.io/${name}`);
}

function textAt(map: GoMap, key: string): string {
  return textOf(map.entries().get(key));
}

function textOf(value: GoValue): string {
  return typeof value === 'string' ? value : '';
}

/** Only a pod of one container has the version of that container's image. */
function imageVersion({ containers }: OtelInput): string {
  const [only, other] = structs(containers);
  if (!only || other) return '';
  const [name = '', digest = ''] = textOf(only.get('Image')).split('@');
  const colon = name.lastIndexOf(':');
  const tag = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : '';
  return tag !== '' && digest !== '' ? `${tag}@${digest}` : tag + digest;
}

function instanceId({ containers, namespace }: OtelInput): string {
  const [first] = structs(containers);
  return first ? `${namespace}.$(POD_NAME).${textOf(first.get('Name'))}` : '';
}

import { goPrint } from '../../kube/go-print.ts';
import type { EnvVar, Volume, VolumeMount } from '../../kube/pod.ts';
import { isJsonObject, type JsonValue } from '../../lib/json.ts';
import { annotation } from '../annotation-names.ts';
import { variable } from './environment.ts';
import type { TemplateInput } from './input.ts';

/** Environment that a pod wants Datadog's tracer to have: a JSON object in annotation `apm.datadoghq.com/env`, sorted by name. */
export function datadogEnvironment({ values, pod }: TemplateInput): readonly EnvVar[] {
  const text = pod.metadata?.annotations?.[annotation.datadogEnvironment];
  if (values.proxy.tracer !== 'datadog' || text === undefined) return [];
  const entries = parseObject(text) ?? {};
  return Object.keys(entries)
    .sort()
    .map((name) => variable(name, goPrint(entries[name])));
}

/** Whether the annotation can be read; a broken one must not vanish silently. */
export function hasBrokenDatadogEnvironment({ values, pod }: TemplateInput): boolean {
  const text = pod.metadata?.annotations?.[annotation.datadogEnvironment];
  return values.proxy.tracer === 'datadog' && text !== undefined && parseObject(text) === undefined;
}

/** Deeper than anybody writes; printing a value takes a stack frame for each level. */
const maxDepth = 100;

function isDeeper(value: JsonValue | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member: JsonValue | undefined) => isDeeper(member, levels - 1));
}

function parseObject(text: string): Readonly<Record<string, JsonValue | undefined>> | undefined {
  try {
    const parsed: JsonValue = JSON.parse(text);
    return isJsonObject(parsed) && !isDeeper(parsed, maxDepth) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Certificates for Lightstep's collector, where the proxy's tracing has TLS settings. */
export function lightstepMount(input: TemplateInput): readonly VolumeMount[] {
  const certificates = lightstepCertificates(input);
  if (certificates === undefined) return [];
  return [{ name: 'lightstep-certs', mountPath: certificates.slice(0, certificates.lastIndexOf('/') + 1), readOnly: true }];
}

export function lightstepVolume(input: TemplateInput): readonly Volume[] {
  if (lightstepCertificates(input) === undefined) return [];
  return [{ name: 'lightstep-certs', secret: { optional: true, secretName: 'lightstep.cacert' } }];
}

function lightstepCertificates({ values, proxyConfig }: TemplateInput): string | undefined {
  const tls = proxyConfig.tracing?.tlsSettings;
  return values.proxy.tracer === 'lightstep' && tls ? (tls.caCertificates ?? '') : undefined;
}

import type { Container, Probe, ResourceRequirements } from '../../kube/pod.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import { annotation } from '../annotation-names.ts';
import { annotationOr, hasAnnotation, type TemplateInput } from './input.ts';

/** Port on which the agent says whether the proxy is ready. */
const readinessPort = 15021;

/** The image of the proxy: a full one from annotation or values (it has a slash), else what hub, tag and type give. */
export function proxyImage(input: TemplateInput): string {
  const wanted = annotationOr(input, annotation.proxyImage, input.values.proxy.image);
  return wanted.includes('/') ? wanted : input.proxyImage;
}

export function initImage(input: TemplateInput): string {
  const wanted = annotationOr(input, annotation.proxyImage, input.values.global.proxyInitImage);
  return wanted.includes('/') ? wanted : input.proxyInitImage;
}

export function pullPolicy({ values }: TemplateInput): Pick<Container, 'imagePullPolicy'> {
  return values.global.imagePullPolicy === '' ? {} : { imagePullPolicy: values.global.imagePullPolicy };
}

/** `pilot-agent proxy ROLE` with its flags. */
export function proxyArguments(input: TemplateInput, role: 'sidecar' | 'router'): readonly string[] {
  const { proxy, global } = input.values;
  return [
    'proxy',
    role,
    '--domain',
    `$(POD_NAMESPACE).svc.${proxy.clusterDomain}`,
    `--proxyLogLevel=${annotationOr(input, annotation.logLevel, proxy.logLevel)}`,
    `--proxyComponentLogLevel=${annotationOr(input, annotation.componentLogLevel, proxy.componentLogLevel)}`,
    logLevelArgument(input),
    ...(global.stsServicePort === '' ? [] : [`--stsPort=${global.stsServicePort}`]),
    ...(global.logAsJson ? ['--log_as_json'] : []),
    ...(proxy.outlierLogPath === '' ? [] : [`--outlierLogPath=${proxy.outlierLogPath}`]),
  ];
}

export function logLevelArgument(input: TemplateInput): string {
  return `--log_output_level=${annotationOr(input, annotation.agentLogLevel, input.values.global.logLevel)}`;
}

/** Port of the agent; `0` turns probes off. */
export function statusPort(input: TemplateInput): string {
  return annotationOr(input, annotation.statusPort, input.values.proxy.statusPort);
}

/** Whether the application waits for the proxy, before native sidecars make that needless. */
export function holdsApplication({ proxyConfig, values }: TemplateInput): boolean {
  return (proxyConfig.holdApplicationUntilProxyStarts ?? false) || values.proxy.holdApplicationUntilProxyStarts;
}

export function readinessProbe(input: TemplateInput, port: number = readinessPort): Probe {
  const { proxy } = input.values;
  const seconds = (name: string, byDefault: string): number => Number(annotationOr(input, name, byDefault));
  return {
    ...readyCall(port),
    initialDelaySeconds: seconds(annotation.readinessInitialDelaySeconds, proxy.readinessInitialDelaySeconds),
    periodSeconds: seconds(annotation.readinessPeriodSeconds, proxy.readinessPeriodSeconds),
    failureThreshold: seconds(annotation.readinessFailureThreshold, proxy.readinessFailureThreshold),
  };
}

export function startupProbe({ values }: TemplateInput): Probe {
  return { ...readyCall(readinessPort), periodSeconds: 1, failureThreshold: values.proxy.startupFailureThreshold };
}

function readyCall(port: number): Probe {
  return { httpGet: { path: '/healthz/ready', port }, timeoutSeconds: 3 };
}

/** From the four annotations if any of them is there, else from values. */
export function resources(input: TemplateInput): ResourceRequirements {
  const { proxyCpu, proxyMemory, proxyCpuLimit, proxyMemoryLimit } = annotation;
  if (![proxyCpu, proxyMemory, proxyCpuLimit, proxyMemoryLimit].some((name) => hasAnnotation(input, name))) {
    return withoutNulls(input.values.proxy.resources ?? {}) as ResourceRequirements;
  }
  const requests = amounts(input, proxyCpu, proxyMemory);
  const limits = amounts(input, proxyCpuLimit, proxyMemoryLimit);
  return { ...(requests && { requests }), ...(limits && { limits }) };
}

function amounts(input: TemplateInput, cpuName: string, memoryName: string): Readonly<Record<string, string>> | undefined {
  const cpu = input.pod.metadata?.annotations?.[cpuName];
  const memory = input.pod.metadata?.annotations?.[memoryName];
  if (cpu === undefined && memory === undefined) return undefined;
  return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}

/** Helm's way to take a default away is a null; an object left empty by that disappears as well. */
function withoutNulls(object: JsonObject): JsonObject {
  const kept = Object.entries(object).flatMap(([key, value]): [string, JsonValue][] => {
    if (value === undefined || value === null) return [];
    if (!isJsonObject(value)) return [[key, value]];
    const inner = withoutNulls(value);
    return Object.keys(inner).length === 0 && Object.keys(value).length > 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(kept);
}

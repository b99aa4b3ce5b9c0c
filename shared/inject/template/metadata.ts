import { annotation, label } from '../annotation-names.ts';
import { applicationContainers, firstLabel, hasAnnotation, type TemplateInput } from './input.ts';

/** Longest value of a Kubernetes label. */
const maxLabelLength = 63;

/** Characters that a label value may contain but not begin or end with. */
const labelEdges = /^[-_.]+|[-_.]+$/g;

/**
 * The labels by which telemetry groups workloads into services and versions.
 *
 * @see https://istio.io/latest/docs/ops/deployment/application-requirements/#pod-requirements
 */
export function canonicalLabels(input: TemplateInput): Readonly<Record<string, string>> {
  const name = firstLabel(input, label.canonicalName, label.appName, 'app') ?? input.owner.name;
  return {
    [label.canonicalName]: name.slice(0, maxLabelLength).replaceAll(labelEdges, ''),
    [label.canonicalRevision]: firstLabel(input, label.canonicalRevision, label.appVersion, 'version') ?? 'latest',
  };
}

/** Makes `kubectl logs` and `exec` take the application and not the proxy, unless the user chose. */
export function defaultContainerAnnotations(input: TemplateInput): Readonly<Record<string, string>> {
  const first = applicationContainers(input)[0]?.name;
  if (first === undefined) return {};
  return {
    ...(!hasAnnotation(input, annotation.defaultLogsContainer) && { [annotation.defaultLogsContainer]: first }),
    ...(!hasAnnotation(input, annotation.defaultContainer) && { [annotation.defaultContainer]: first }),
  };
}

export function revisionAnnotation(input: TemplateInput): Readonly<Record<string, string>> {
  return { [annotation.revision]: input.revision || 'default' };
}

import { fail } from '../../lib/result.ts';
import { annotation, label } from '../annotation-names.ts';
import type { TemplateInput } from './input.ts';
import { hasBrokenDatadogEnvironment } from './tracing.ts';
import { userVolumeMounts, userVolumes } from './volumes.ts';

/**
 * Istio's text template pastes these values into YAML as they are, so that a quote in one of them breaks the document or adds to it. Typed
 * templates cannot be broken, but a value that Istio would misread is no value that anybody meant: it is refused by name.
 */

const breaksQuotes = /["\\\r\n]/;
const breaksSingleQuotes = /['\r\n]/;

/** Where Istio's message for a document that no longer parses begins. */
const unreadable = 'failed applying injection overlay: strategic merge: invalid JSON document';

/** The failure for input that a template cannot use; undefined if all is well. */
export function checkInput(input: TemplateInput): ReturnType<typeof fail> | undefined {
  const broken = brokenText(input);
  if (broken !== undefined) return fail(`${unreadable}: ${broken} has a quote, a backslash or a line break; remove it`);
  const notJson = brokenJson(input);
  return notJson === undefined ? undefined : fail(`annotation '${notJson}' is no JSON object; write {"name": …}`);
}

function brokenText({ pod, proxyConfig }: TemplateInput): string | undefined {
  const { annotations = {}, labels = {} } = pod.metadata ?? {};
  for (const name of [annotation.includeOutboundPorts, annotation.bootstrapOverride]) {
    if (breaksQuotes.test(annotations[name] ?? '')) return `annotation '${name}'`;
  }
  if (breaksSingleQuotes.test(annotations[annotation.cniNetworks] ?? '')) return `annotation '${annotation.cniNetworks}'`;
  if (breaksQuotes.test(labels[label.workloadName] ?? '')) return `label '${label.workloadName}'`;
  const metadata = Object.entries(proxyConfig.proxyMetadata ?? {}).find(([, value]) => breaksQuotes.test(value));
  return metadata && `annotation '${annotation.proxyConfig}' (proxyMetadata ${metadata[0]})`;
}

function brokenJson(input: TemplateInput): string | undefined {
  if (userVolumes(input) === undefined) return annotation.userVolume;
  if (userVolumeMounts(input) === undefined) return annotation.userVolumeMount;
  return hasBrokenDatadogEnvironment(input) ? annotation.datadogEnvironment : undefined;
}

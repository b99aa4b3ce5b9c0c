import { goJsonText } from '../kube/go-json.ts';
import type { Pod } from '../kube/pod.ts';
import { isJsonObject, type JsonValue } from '../lib/json.ts';
import { annotation } from './annotation-names.ts';

/** What an injection added, by name: annotation `sidecar.istio.io/status`. Also tells that a pod was injected before. */
export interface InjectionStatus {
  readonly initContainers: readonly string[] | null;
  readonly containers: readonly string[] | null;
  readonly volumes: readonly string[] | null;
  readonly imagePullSecrets: readonly string[] | null;
  readonly revision: string;
}

/** The status text of what a template pod adds; the member order is part of the format. */
export function statusText(template: Pod, revision: string): string {
  const names = (items: readonly { readonly name?: string }[] | undefined): readonly string[] | null =>
    items && items.length > 0 ? items.map((item) => item.name ?? '') : null;
  const spec = template.spec;
  const status: InjectionStatus = {
    initContainers: names(spec?.initContainers),
    containers: names(spec?.containers),
    volumes: names(spec?.volumes),
    imagePullSecrets: names(spec?.imagePullSecrets),
    revision: revision || 'default',
  };
  return goJsonText({ ...status }, 'as given');
}

/** The status of an earlier injection; undefined if there was none, or if the text is not JSON of that form. */
export function readStatus(pod: Pod): InjectionStatus | undefined {
  const text = pod.metadata?.annotations?.[annotation.status];
  if (text === undefined) return undefined;
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  // Go takes null for an empty status.
  if (parsed !== null && !isJsonObject(parsed)) return undefined;
  const members = parsed ?? {};
  return {
    initContainers: nameList(members['initContainers']),
    containers: nameList(members['containers']),
    volumes: nameList(members['volumes']),
    imagePullSecrets: nameList(members['imagePullSecrets']),
    revision: typeof members['revision'] === 'string' ? members['revision'] : '',
  };
}

function nameList(value: JsonValue | undefined): readonly string[] | null {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : null;
}

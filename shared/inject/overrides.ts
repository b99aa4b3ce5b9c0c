import { decode } from '../kube/decode.ts';
import { goJson } from '../kube/go-json.ts';
import { type Container, container as containerSchema, type Pod } from '../kube/pod.ts';
import { list, struct } from '../kube/schema.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { annotation, proxyContainer } from './annotation-names.ts';
import { type ContainerList, findIn, withAnnotations } from './containers.ts';
import { layOver, type MergedPod } from './lay-over.ts';
import type { InjectionStatus } from './status.ts';

/** Containers that the user wrote under a name that a template has too: theirs win over the template, and are kept for the next injection. */
export interface Overrides {
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
}

const overridesSchema = struct('ParsedContainers', { containers: list(containerSchema), initContainers: list(containerSchema) });

/** Reads `proxy.istio.io/overrides`; absent means none. */
export function readOverrides(pod: Pod): Result<Overrides> {
  const text = pod.metadata?.annotations?.[annotation.overrides];
  if (text === undefined) return ok({ containers: [], initContainers: [] });
  try {
    const decoded = decode(JSON.parse(text) ?? {}, overridesSchema);
    if (!decoded.ok) return fail(`annotation ${annotation.overrides}: ${decoded.error}`);
    return ok({ containers: decoded.value.containers ?? [], initContainers: decoded.value.initContainers ?? [] });
  } catch (caught) {
    return fail(`annotation ${annotation.overrides}: ${caught instanceof Error ? caught.message : String(caught)}`);
  }
}

/**
 * Lays the user's containers over the merged pod once more, because the templates were laid over them before. `auto` as an image asks for the
 * template's.
 */
export function reapplyOverrides({ merged, template }: MergedPod, given: GivenContainers): Result<Pod> {
  const found: Overrides = {
    containers: ownContainers(template, 'containers', given),
    initContainers: ownContainers(template, 'initContainers', given),
  };
  let pod = merged;
  for (const listName of ['containers', 'initContainers'] as const) {
    for (const container of found[listName]) {
      // One at a time, so that the list keeps its order.
      const laid = layOver(pod, { spec: { [listName]: [container] } });
      if (!laid.ok) return laid;
      pod = laid.value;
    }
  }
  const isAny = found.containers.length > 0 || found.initContainers.length > 0;
  if (!isAny || given.status) return ok(pod);
  return ok(withAnnotations(pod, { [annotation.overrides]: goJson(found, overridesSchema) }));
}

function ownContainers(template: Pod, listName: ContainerList, given: GivenContainers): readonly Container[] {
  const names = (template.spec?.[listName] ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  return names.flatMap((name) => {
    const own = findGiven(given, listName, name);
    return own ? [withoutAutoImage(own)] : [];
  });
}

/** Where a user's container may be written down. */
export interface GivenContainers {
  readonly original: Pod;
  readonly overrides: Overrides;
  /** Of an earlier injection: what it lists came from its templates, not from the user. */
  readonly status: InjectionStatus | undefined;
}

/**
 * What an earlier injection recorded comes first: it lets a second injection give the same pod. Init templates also look among regular
 * containers, as that is where a user writes `istio-proxy`, native or not.
 */
function findGiven(given: GivenContainers, listName: ContainerList, name: string): Container | undefined {
  const recorded = given.overrides[listName].find((container) => container.name === name);
  if (recorded || given.status?.[listName]?.includes(name)) return recorded;
  const own = findIn(given.original.spec, listName, name);
  return own ?? (listName === 'initContainers' ? findIn(given.original.spec, 'containers', name) : undefined);
}

function withoutAutoImage(container: Container): Container {
  if (container.image !== 'auto') return container;
  const { image: _auto, ...rest } = container;
  return rest;
}

/**
 * Under native sidecars the template has the proxy among the init containers: the user's own one, or one of an older injection, goes there
 * too, so that the two merge. If one is there already, that is the proxy.
 */
export function moveProxyToInitContainers(pod: Pod, template: Pod): Pod {
  const own = findIn(pod.spec, 'containers', proxyContainer);
  if (!own || findIn(pod.spec, 'initContainers', proxyContainer)) return pod;
  if (!findIn(template.spec, 'initContainers', proxyContainer)) return pod;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: (pod.spec?.containers ?? []).filter((container) => container !== own),
      initContainers: [...(pod.spec?.initContainers ?? []), own],
    },
  };
}

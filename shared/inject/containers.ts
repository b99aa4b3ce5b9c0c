import type { Container, EnvVar, Pod, PodSpec } from '../kube/pod.ts';
import { proxyContainer } from './annotation-names.ts';

/** The two lists in which a proxy may be: a native one is an init container. */
export type ContainerList = 'containers' | 'initContainers';

/** A container by name, regular ones first. */
export function findContainer(spec: PodSpec | undefined, name: string): Container | undefined {
  return findIn(spec, 'containers', name) ?? findIn(spec, 'initContainers', name);
}

export function findIn(spec: PodSpec | undefined, list: ContainerList, name: string | undefined): Container | undefined {
  return spec?.[list]?.find((container) => container.name === name);
}

/** The pod with one container changed (regular ones first); the same pod if there is none of that name. */
export function updateContainer(pod: Pod, name: string, update: (container: Container) => Container): Pod {
  const list: ContainerList = findIn(pod.spec, 'containers', name) ? 'containers' : 'initContainers';
  const target = findIn(pod.spec, list, name);
  if (!target) return pod;
  return {
    ...pod,
    spec: { ...pod.spec, [list]: pod.spec?.[list]?.map((container) => (container === target ? update(container) : container)) },
  };
}

/** The pod with entries added at the end of the proxy's environment; unchanged without a proxy container. */
export function appendProxyEnvironment(pod: Pod, entries: readonly EnvVar[]): Pod {
  if (entries.length === 0) return pod;
  return updateContainer(pod, proxyContainer, (container) => ({ ...container, env: [...(container.env ?? []), ...entries] }));
}

/** The pod with annotations set, others kept. */
export function withAnnotations(pod: Pod, annotations: Readonly<Record<string, string>>): Pod {
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...pod.metadata?.annotations, ...annotations } } };
}

import type { Container, PodSpec } from '../kube/pod.ts';
import { initContainer, proxyContainer, validationContainer } from './annotation-names.ts';

/** Kept from older templates, which users may still have. */
const coreDumpContainer = 'enable-core-dump';

/**
 * Puts our containers where they work: the proxy in front of the application only if that waits for it; a native proxy behind what sets up
 * interception and in front of the user's init containers; without it validation first, so that nothing runs unprotected, and redirection
 * last, so that the user's init containers still have a network.
 */
export function orderContainers(spec: PodSpec, holdsApplication: boolean): PodSpec {
  const { containers, initContainers } = spec;
  const isNative = initContainers?.some((container) => container.name === proxyContainer) ?? false;
  const orderedInit = isNative
    ? moved(initContainers, { first: [initContainer, validationContainer, proxyContainer, coreDumpContainer] })
    : moved(initContainers, { first: [validationContainer], last: [initContainer, coreDumpContainer] });
  const ordered = moved(containers, holdsApplication ? { first: [proxyContainer] } : { last: [proxyContainer] });
  if (ordered === containers && orderedInit === initContainers) return spec;
  return { ...spec, ...(ordered && { containers: ordered }), ...(orderedInit && { initContainers: orderedInit }) };
}

interface Placement {
  readonly first?: readonly string[];
  readonly last?: readonly string[];
}

/** Istio compatibility: of several containers with a moved name only the last one stays. Valid pods have no such names. */
function moved(containers: readonly Container[] | undefined, { first = [], last = [] }: Placement): readonly Container[] | undefined {
  if (!containers) return undefined;
  const find = (names: readonly string[]) =>
    names.map((name) => containers.findLast((container) => container.name === name)).filter((container) => container !== undefined);
  const named = new Set<string | undefined>([...first, ...last]);
  const rest = containers.filter((container) => !named.has(container.name));
  const result = [...find(first), ...rest, ...find(last)];
  const isSame = result.length === containers.length && result.every((container, index) => container === containers[index]);
  return isSame ? containers : result;
}

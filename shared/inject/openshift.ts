import type { Container, Pod } from '../kube/pod.ts';
import { initContainer, proxyContainer, validationContainer } from './annotation-names.ts';

/** User and group that the proxy runs as. */
export interface ProxyIds {
  readonly uid: number;
  readonly gid: number;
}

/** Outside OpenShift, and where a namespace says nothing usable. */
export const defaultProxyIds: ProxyIds = { uid: 1337, gid: 1337 };

const uidRange = 'openshift.io/sa.scc.uid-range';
const supplementalGroups = 'openshift.io/sa.scc.supplemental-groups';

/** OpenShift lets a pod only use ids of its namespace's ranges; the proxy takes the last one of each. */
export function openshiftProxyIds(namespaceAnnotations: Readonly<Record<string, string>>): ProxyIds {
  const users = namespaceAnnotations[uidRange];
  const groups = namespaceAnnotations[supplementalGroups] || users;
  return { uid: lastId(users) ?? defaultProxyIds.uid, gid: lastId(groups?.split(',')[0]) ?? defaultProxyIds.gid };
}

const blockPattern = /^(\d+)([/-])(\d+)$/;

/** Blocks are `start/size` or `start-end`. */
function lastId(block: string | undefined): number | undefined {
  const [, start, separator, end] = blockPattern.exec(block ?? '') ?? [];
  if (start === undefined || end === undefined) return undefined;
  return separator === '/' ? Number(start) + Number(end) - 1 : Number(end);
}

/**
 * OpenShift gives every container the same user before we see the pod. A proxy container that only has that one shall get the proxy's ids from
 * the template, so what was given is taken away.
 */
export function withoutInheritedProxyUser(pod: Pod): Pod {
  const spec = pod.spec;
  if (!spec) return pod;
  const appUser = applicationUser([...(spec.initContainers ?? []), ...(spec.containers ?? [])]);
  const clean = (container: Container): Container => {
    const context = container.securityContext;
    if (container.name !== proxyContainer || !context || (context.runAsUser ?? 0) !== appUser) return container;
    const { runAsUser: _user, runAsGroup: _group, ...rest } = context;
    return { ...container, securityContext: rest };
  };
  return {
    ...pod,
    spec: {
      ...spec,
      ...(spec.containers && { containers: spec.containers.map(clean) }),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(clean) }),
    },
  };
}

const ownContainers: ReadonlySet<string | undefined> = new Set([proxyContainer, initContainer, validationContainer]);

/** The user of the last application container that sets one; 0 if none does. */
function applicationUser(containers: readonly Container[]): number {
  const users = containers
    .filter((container) => !ownContainers.has(container.name))
    .map((container) => container.securityContext?.runAsUser);
  return users.findLast((user) => user !== undefined) ?? 0;
}

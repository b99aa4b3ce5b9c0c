import type { Container, Pod } from '../kube/pod.ts';
import { annotation, initContainer, proxyContainer, validationContainer } from './annotation-names.ts';
import { findContainer, findIn, updateContainer } from './containers.ts';
import type { GivenContainers } from './overrides.ts';

/**
 * A user may run the proxy under ids of their own. Redirection exempts the proxy's traffic by user id, so the init container has to know it.
 * Under TPROXY the proxy needs root whatever was asked.
 */
export function followProxyUser(pod: Pod, given: GivenContainers, defaultInterceptionMode: string): Pod {
  const recorded = findContainer(given.overrides, proxyContainer);
  const { runAsUser, runAsGroup } = (recorded ?? findContainer(given.original.spec, proxyContainer))?.securityContext ?? {};
  if (runAsUser === undefined && runAsGroup === undefined) return pod;
  const init = findIn(pod.spec, 'initContainers', initContainer) ?? findIn(pod.spec, 'initContainers', validationContainer);
  if (init?.name === undefined) return pod;
  const isTproxy = defaultInterceptionMode === 'TPROXY' || pod.metadata?.annotations?.[annotation.interceptionMode] === 'TPROXY';
  const isValidation = init.name === validationContainer;
  const withUser =
    runAsUser === undefined || runAsUser === 0 ? pod : updateInit(pod, init, (container) => withUserArgument(container, runAsUser));
  if (isTproxy) return runAsUser === undefined ? withUser : updateContainer(withUser, proxyContainer, asRoot);
  if (!isValidation) return withUser;
  const ids = { ...(runAsUser !== undefined && { runAsUser }), ...(runAsGroup !== undefined && { runAsGroup }) };
  return updateInit(withUser, init, (container) => ({ ...container, securityContext: { ...container.securityContext, ...ids } }));
}

function updateInit(pod: Pod, init: Container, update: (container: Container) => Container): Pod {
  const initContainers = (pod.spec?.initContainers ?? []).map((container) =>
    container.name === init.name ? update(container) : container,
  );
  return { ...pod, spec: { ...pod.spec, initContainers } };
}

function asRoot(container: Container): Container {
  return { ...container, securityContext: { ...container.securityContext, runAsUser: 0 } };
}

/** `-u ID`: whose traffic is not redirected. */
function withUserArgument(container: Container, runAsUser: number): Container {
  const flag = container.args?.indexOf('-u') ?? -1;
  if (!container.args || flag < 0 || flag + 1 >= container.args.length) return container;
  return { ...container, args: container.args.with(flag + 1, String(runAsUser)) };
}

import { escapeHtmlInJson, goJson } from '../kube/go-json.ts';
import { type Container, type LifecycleHandler, lifecycleHandler, type Pod, type Probe } from '../kube/pod.ts';
import { isJsonObject, type JsonValue } from '../lib/json.ts';
import { annotation, proxyContainer } from './annotation-names.ts';
import { appendProxyEnvironment, findContainer, updateContainer } from './containers.ts';
import { parseGoBool } from './go-bool.ts';

/**
 * Probes and lifecycle calls come from the kubelet, which has no certificate: they go to the agent in the proxy container, which forwards them
 * to the application.
 *
 * @see https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/
 */

/** Where the agent finds what it has to forward. */
export const probersVariable = 'ISTIO_KUBE_APP_PROBERS';

const probeKinds = [
  ['readinessProbe', 'readyz'],
  ['livenessProbe', 'livez'],
  ['startupProbe', 'startupz'],
] as const;

const handlerKinds = [
  ['preStop', 'prestopz'],
  ['postStart', 'poststartz'],
] as const;

export interface ProbeOptions {
  /** Values `sidecarInjectorWebhook.rewriteAppHTTPProbe`. */
  readonly rewriteByDefault: boolean;
  /** MeshConfig `defaultConfig.statusPort`: a probe of this port was rewritten before. */
  readonly statusPort: number;
}

/** Sends the probes and handlers of all application containers through the agent. Without a proxy container nothing changes. */
export function rewriteProbes(pod: Pod, options: ProbeOptions): Pod {
  const wish = parseGoBool(pod.metadata?.annotations?.[annotation.rewriteAppHttpProbers] ?? '');
  if (!(wish ?? options.rewriteByDefault) || !findContainer(pod.spec, proxyContainer)) return pod;
  const recorded = recordProbers(pod, collectProbers(pod, options.statusPort));
  const port = agentPort(pod, options.statusPort);
  const rewrite = (container: Container): Container => (container.name === proxyContainer ? container : rewriteContainer(container, port));
  const spec = recorded.spec ?? {};
  return {
    ...recorded,
    spec: {
      ...spec,
      ...(spec.containers && { containers: spec.containers.map(rewrite) }),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(rewrite) }),
    },
  };
}

/** JSON texts of the probers by the path under which the agent offers them. */
export function collectProbers(pod: Pod, statusPort: number): ReadonlyMap<string, string> {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const own = containers.filter(({ name }) => name !== proxyContainer);
  return new Map(own.flatMap((container) => probersOf(container, statusPort)));
}

function probersOf(container: Container, statusPort: number): readonly [string, string][] {
  const { name, lifecycle } = container;
  const probers: [string, string][] = [];
  const add = (path: string, handler: LifecycleHandler, text: string | undefined): void => {
    if (text !== undefined && !callsAgent(handler, path)) probers.push([path, text]);
  };
  for (const [member, kind] of probeKinds) {
    const probe = container[member];
    if (probe) add(`/app-health/${name}/${kind}`, probe, probeText(container, probe, statusPort));
  }
  for (const [member, kind] of handlerKinds) {
    const handler = lifecycle?.[member];
    if (handler) add(`/app-lifecycle/${name}/${kind}`, handler, handlerText(container, handler, statusPort));
  }
  return probers;
}

/** An earlier injection wrote it, whatever the agent's port was then: recorded, it would make the agent call itself. */
function callsAgent(handler: LifecycleHandler, path: string): boolean {
  return handler.httpGet?.path === path;
}

function probeText(container: Container, probe: Probe, statusPort: number): string | undefined {
  const timeout = probe.timeoutSeconds ? `,"timeoutSeconds":${probe.timeoutSeconds}` : '';
  if (probe.httpGet || probe.tcpSocket) {
    const handler = handlerText(container, probe, statusPort);
    return handler && `${handler.slice(0, -1)}${timeout}}`;
  }
  if (!probe.grpc) return undefined;
  // Go prints a service that was not given as null.
  const service = probe.grpc.service === undefined ? 'null' : JSON.stringify(probe.grpc.service);
  return `{"grpc":{"port":${probe.grpc.port ?? 0},"service":${service}}${timeout}}`;
}

/** Undefined for what the agent cannot forward: no network call, an unknown port name, or a call that it forwards already. */
function handlerText(container: Container, handler: LifecycleHandler, statusPort: number): string | undefined {
  const [kind, action] = handler.httpGet ? (['httpGet', handler.httpGet] as const) : (['tcpSocket', handler.tcpSocket] as const);
  if (!action) return undefined;
  const port = portNumber(container, action.port);
  if (port === undefined || action.port === statusPort) return undefined;
  return goJson({ [kind]: { ...action, port } }, lifecycleHandler);
}

/** Istio compatibility: a number written as text is looked up as a name, and not found. */
function portNumber(container: Container, port: number | string | undefined): number | undefined {
  if (typeof port !== 'string') return port ?? 0;
  return container.ports?.find((candidate) => candidate.name === port)?.containerPort;
}

function recordProbers(pod: Pod, probers: ReadonlyMap<string, string>): Pod {
  if (probers.size === 0) return pod;
  const known = findContainer(pod.spec, proxyContainer)?.env?.find((entry) => entry.name === probersVariable);
  if (known && pod.metadata?.annotations?.[annotation.status] !== undefined) return mergeRecorded(pod, probers, known.value ?? '');
  return appendProxyEnvironment(pod, [{ name: probersVariable, value: probersText(probers) }]);
}

/** A second injection adds to the first; what that recorded is the application's own, so it wins. */
function mergeRecorded(pod: Pod, probers: ReadonlyMap<string, string>, recorded: string): Pod {
  const merged = new Map([...probers, ...parseRecorded(recorded)]);
  return updateContainer(pod, proxyContainer, (container) => ({
    ...container,
    env: (container.env ?? []).map((entry) => (entry.name === probersVariable ? { ...entry, value: probersText(merged) } : entry)),
  }));
}

function parseRecorded(text: string): readonly [string, string][] {
  try {
    const parsed: JsonValue = JSON.parse(text);
    return isJsonObject(parsed) ? Object.entries(parsed).map(([path, prober]): [string, string] => [path, JSON.stringify(prober)]) : [];
  } catch {
    return [];
  }
}

function probersText(probers: ReadonlyMap<string, string>): string {
  const members = [...probers.keys()].sort().map((path) => `${JSON.stringify(path)}:${probers.get(path)}`);
  return escapeHtmlInJson(`{${members.join(',')}}`);
}

const integer = /^[+-]?\d+$/;

/** Istio compatibility: an annotation that is no number means port 0; annotation checks refuse it before. */
function agentPort(pod: Pod, statusPort: number): number {
  const text = pod.metadata?.annotations?.[annotation.statusPort];
  if (text === undefined || text === '') return statusPort;
  return integer.test(text) ? Number(text) : 0;
}

function rewriteContainer(container: Container, port: number): Container {
  let rewritten = container;
  for (const [member, path] of probeKinds) {
    const probe = rewritten[member];
    if (probe?.httpGet || probe?.tcpSocket || probe?.grpc) {
      const { tcpSocket: _tcp, grpc: _grpc, ...rest } = probe;
      rewritten = { ...rewritten, [member]: { ...rest, httpGet: agentCall(probe, `/app-health/${container.name}/${path}`, port) } };
    }
  }
  for (const [member, path] of handlerKinds) {
    const handler = rewritten.lifecycle?.[member];
    if (handler?.httpGet || handler?.tcpSocket) {
      const { tcpSocket: _tcp, ...rest } = handler;
      const call = { ...rest, httpGet: agentCall(handler, `/app-lifecycle/${container.name}/${path}`, port) };
      rewritten = { ...rewritten, lifecycle: { ...rewritten.lifecycle, [member]: call } };
    }
  }
  return rewritten;
}

/** The agent speaks plain HTTP; host and headers stay, as it passes them on. */
function agentCall(handler: LifecycleHandler, path: string, port: number): NonNullable<LifecycleHandler['httpGet']> {
  const { scheme, ...rest } = handler.httpGet ?? {};
  return { ...rest, path, port, ...(scheme !== undefined && { scheme: scheme === 'HTTPS' ? 'HTTP' : scheme }) };
}

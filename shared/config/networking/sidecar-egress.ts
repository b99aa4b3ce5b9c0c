/** Rules of a Sidecar's egress listeners: what the workload sees of the mesh. */

import { each, error, errorIf, type Findings, warning } from '../../lib/finding.ts';
import { portNameProblem } from '../../lib/port.ts';
import { isUnixAddress, unixAddressProblem } from '../../lib/unix-address.ts';
import { checkNamespaceHost } from './namespace-host.ts';
import { protocolProblem } from './protocol.ts';
import type { SidecarEgressListener, SidecarPort } from './sidecar.ts';
import { checkPortAndBind } from './sidecar-ingress.ts';

/** @param namespace of the Sidecar, which `.` stands for. */
export function* checkEgress(listeners: readonly SidecarEgressListener[], namespace: string): Findings {
  const places: Places = { sockets: new Set(), numbers: new Set() };
  yield* each('egress', listeners, function* (listener, index): Findings {
    if (listener.port) yield* checkPlace(listener, listener.port, places);
    else if (index < listeners.length - 1) {
      const message = 'sidecar: the egress listener with empty port should be the last listener in the list';
      yield error('egress-order', 'port', message);
    }
    yield* checkHosts(listener.hosts ?? [], namespace);
  });
}

/** Where listeners before one listen; its own place is added. */
interface Places {
  readonly sockets: Set<string>;
  readonly numbers: Set<number>;
}

function* checkPlace(listener: SidecarEgressListener, port: SidecarPort, { sockets, numbers }: Places): Findings {
  const { bind = '' } = listener;
  const number = port.number ?? 0;
  if (number === 0) {
    yield* checkSocket(listener, port);
    if (sockets.has(bind)) yield error('bind-twice', 'bind', 'sidecar: unix domain socket values for listeners must be unique');
    sockets.add(bind);
    return;
  }
  yield* checkPortAndBind(port, bind);
  if (numbers.has(number)) yield error('port-twice', 'port.number', 'sidecar: ports on IP bound listeners must be unique');
  numbers.add(number);
}

/** Without a port number the listener is a socket of the file system. */
function* checkSocket({ bind = '', captureMode = 'DEFAULT' }: SidecarEgressListener, port: SidecarPort): Findings {
  if ((port.targetPort ?? 0) > 0) yield error('target-port', 'port.targetPort', 'targetPort has no impact on Sidecars');
  if (port.name) yield* errorIf('port-name', 'port.name', portNameProblem(port.name));
  yield* errorIf('protocol', 'port.protocol', protocolProblem(port.protocol ?? ''));
  if (isUnixAddress(bind)) yield* errorIf('bind', 'bind', unixAddressProblem(bind));
  else yield error('bind', 'bind', 'sidecar: ports with 0 value must have a unix domain socket bind address');
  if (captureMode !== 'DEFAULT' && captureMode !== 'NONE') {
    yield error('capture-mode', 'captureMode', 'sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners');
  }
}

function* checkHosts(hosts: readonly string[], namespace: string): Findings {
  if (hosts.length === 0) yield error('hosts-missing', 'hosts', 'sidecar: egress listener must contain at least one host');
  const imported = new Map<string, Set<string>>();
  for (const [index, host] of hosts.entries()) {
    const path = `hosts[${index}]`;
    if (isImportedTwice(host, namespace, imported)) yield warning('egress-twice', path, `duplicated egress host: ${host}`);
    yield* checkNamespaceHost(path, host, 'sidecar');
  }
  if (imported.get('*')?.has('*') && imported.size > 1) {
    yield warning('egress-all', 'hosts', '`*/*` host select all resources, no other hosts can be added');
  }
}

/** @param imported hosts of the entries before this one, by namespace; its own is added. */
function isImportedTwice(entry: string, ownNamespace: string, imported: Map<string, Set<string>>): boolean {
  const slash = entry.indexOf('/');
  // What begins with `~` is left out of the import.
  if (slash === -1 || entry.startsWith('~')) return false;
  const [given, host] = [entry.slice(0, slash), entry.slice(slash + 1)];
  const namespace = given === '.' ? ownNamespace : given;
  const hosts = imported.get(namespace) ?? new Set<string>();
  const isTwice = host === '*' ? hosts.size > 0 : hosts.has(host) || hosts.has('*');
  imported.set(namespace, hosts.add(host));
  return isTwice;
}

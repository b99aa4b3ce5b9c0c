import type { GoList, GoStruct, GoValue } from '../value.ts';

const notTcp = new Set(['UDP', 'SCTP']);

/** Comma list of the container ports that can be TCP. */
export function includeInboundPorts(containers: GoList): string {
  return structs(containers).flatMap(tcpPorts).join(',');
}

/** The same without the proxy's own ports; old templates use it. */
export function applicationPorts(containers: GoList): string {
  return structs(containers)
    .filter((container) => container.get('Name') !== 'istio-proxy')
    .flatMap(tcpPorts)
    .join(',');
}

/** The structs of a list, such as a pod's containers. */
export function structs(value: GoValue): readonly GoStruct[] {
  if (typeof value !== 'object' || value?.kind !== 'list') return [];
  return value.items().filter((item): item is GoStruct => typeof item === 'object' && item?.kind === 'struct');
}

function tcpPorts(container: GoStruct): readonly string[] {
  return structs(container.get('Ports'))
    .filter((port) => !notTcp.has(String(port.get('Protocol'))))
    .map((port) => wholeNumberText(port.get('ContainerPort')));
}

function wholeNumberText(value: GoValue): string {
  return typeof value === 'object' && value?.kind === 'int' ? String(value.value) : '0';
}

/**
 * Adds a port to a comma list of excluded ones. The list is left as it was for an empty port or 0, and if it has the port already: only then are
 * its pieces compared untrimmed (Istio compatibility).
 */
export function excludeInboundPort(given: string, list: string): string {
  const port = given.trim();
  const pieces = list.split(',');
  if (port === '' || port === '0' || pieces.includes(port)) return list;
  const kept = pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
  return [...kept, port].join(',');
}

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

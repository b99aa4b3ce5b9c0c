import { type Gateway, gateway, type GatewayServer as Server } from '../config/networking/gateway.ts';
import type { Problem } from '../lib/problem.ts';
import { byAge, type ConfigObject, type GatewayResource, type GatewayServer, type ServerHost } from '../model/index.ts';
import { decodeConfigObjects } from './config-objects.ts';
import type { RawObject } from './kubernetes/objects.ts';
import { namedProtocol } from './kubernetes/protocol.ts';

/** All Gateways; what cannot be read is left out with a problem. */
export function decodeGateways(objects: readonly RawObject[]): {
  readonly value: readonly ConfigObject<Gateway>[];
  readonly problems: readonly Problem[];
} {
  return decodeConfigObjects(objects, { group: 'networking.istio.io', kind: 'Gateway', schema: gateway });
}

/** Gateways as the mesh has them, the oldest first. */
export function gatewayResources(objects: readonly ConfigObject<Gateway>[]): readonly GatewayResource[] {
  return [...objects].sort(byAge).map(gatewayResource);
}

function gatewayResource({ name, namespace, spec: { selector = {}, servers = [] } }: ConfigObject<Gateway>): GatewayResource {
  return {
    name,
    namespace,
    selector,
    servers: servers.flatMap((server, index) => gatewayServer(server, { namespace, index })),
  };
}

/** A server without a port listens nowhere. */
function gatewayServer(
  { port, bind = '', hosts = [], tls, name = '' }: Server,
  { namespace, index }: { readonly namespace: string; readonly index: number },
): readonly GatewayServer[] {
  if (port === undefined) return [];
  const { number = 0, name: portName = '', protocol = '' } = port;
  return [
    {
      index,
      name,
      port: { number, name: portName, protocol: namedProtocol(protocol) },
      bind,
      hosts: hosts.map((host) => serverHost(host, namespace)),
      ...(tls && { tls }),
    },
  ];
}

function serverHost(text: string, namespace: string): ServerHost {
  const slash = text.indexOf('/');
  if (slash === -1) return { namespace: '*', host: text };
  const given = text.slice(0, slash);
  return { namespace: given === '.' ? namespace : given, host: text.slice(slash + 1) };
}

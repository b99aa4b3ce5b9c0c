import { isHttp, type ListenerKey, type Scope, type Service, type ServicePort } from '../../model/index.ts';
import { isIpAddress, localhosts, wildcards } from './address.ts';

/** Where an outbound listener listens. */
export interface Bind {
  /** The first one names the listener. */
  readonly addresses: readonly string[];
  /** CIDR of the service behind it: told apart by the filter chain, for there is no listener of a range. */
  readonly cidr?: string;
  /** A socket of its own; otherwise the virtual listener hands connections over. */
  readonly bindsPort: boolean;
}

/** What the choice of addresses reads of the proxy. */
export type BindKey = Pick<ListenerKey, 'ipFamilies' | 'interception' | 'addresses' | 'capturesDns' | 'takesAutoAddresses'>;

/**
 * The places where a proxy takes connections to a port of a service: the address of the service, one for each endpoint where callers connect to
 * the pods themselves, or all addresses where nothing else tells services apart (HTTP does by host name).
 */
export function outboundBinds(scope: Scope, service: Service, port: ServicePort, key: BindKey): readonly Bind[] {
  if (key.interception === 'NONE') return [{ addresses: localhosts[key.ipFamilies], bindsPort: true }];
  if (isHttp(port.protocol)) return [wildcardBind(key)];
  if (service.registry === 'Kubernetes' || serviceAddresses(service, key).length === 0) {
    const addresses = serviceAddresses(service, key);
    if (addresses.length === 0) return addresslessBinds(scope, service, port, key);
    return [{ addresses: addressesInFamily(addresses, key), bindsPort: false }];
  }
  return serviceAddresses(service, key).map((address) =>
    address.includes('/') ? { ...wildcardBind(key), cidr: address } : { addresses: [address], bindsPort: false },
  );
}

/** Its own addresses, or those that were made up for a host without any. */
function serviceAddresses({ addresses, autoAddresses }: Service, key: BindKey): readonly string[] {
  if (addresses.length > 0 || !key.capturesDns || !key.takesAutoAddresses) return addresses;
  return addressesInFamily(autoAddresses, key);
}

/** Whether the proxy can reach the service by an address of its own. */
export function hasAddress(service: Service, key: BindKey): boolean {
  return serviceAddresses(service, key).length > 0;
}

function wildcardBind({ ipFamilies }: BindKey): Bind {
  return { addresses: wildcards[ipFamilies], bindsPort: false };
}

/** All for dual stack, else the first one that the proxy's family can reach, else the first one. */
function addressesInFamily(addresses: readonly string[], { ipFamilies }: BindKey): readonly string[] {
  if (ipFamilies === 'dual') return addresses;
  const own = addresses.find((address) => address.includes(':') === (ipFamilies === 'v6'));
  return own === undefined ? addresses.slice(0, 1) : [own];
}

/**
 * Headless services have a listener for each endpoint. Where a ServiceEntry has neither address nor endpoints nor a way to get some, all addresses
 * on the port are taken to be it. The proxy's own pod is left out: it reaches itself without a proxy.
 */
function addresslessBinds(scope: Scope, service: Service, port: ServicePort, key: BindKey): readonly Bind[] {
  if (service.resolution !== 'passthrough') return [wildcardBind(key)];
  const endpoints = scope
    .endpointsOf(service)
    .filter(({ servicePortName, health }) => servicePortName === port.name && health !== 'terminating');
  if (endpoints.length === 0 && service.registry === 'External' && service.selector === undefined) return [wildcardBind(key)];
  const others = endpoints.filter(({ address }) => isIpAddress(address) && address !== key.addresses[0]);
  const byAddress = new Map(others.map(({ address, additionalAddresses }) => [address, [address, ...additionalAddresses]]));
  return [...byAddress.values()].map((addresses) => ({ addresses, bindsPort: false }));
}

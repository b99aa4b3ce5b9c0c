import type { Service } from './service.ts';

/**
 * Host of the service that an extension provider names as `[NAMESPACE/]HOST`, whoever may see it. Undefined if the mesh does not have it, or has it
 * in several namespaces and none is named.
 */
export function providerHost(services: readonly Pick<Service, 'host' | 'namespace'>[], text: string): string | undefined {
  const slash = text.indexOf('/');
  const [namespace, host] = slash === -1 ? [undefined, text] : [text.slice(0, slash), text.slice(slash + 1)];
  const owners = new Set(services.filter((service) => service.host === host).map((service) => service.namespace));
  const isFound = namespace === undefined ? owners.size === 1 : owners.has(namespace);
  return isFound ? host : undefined;
}

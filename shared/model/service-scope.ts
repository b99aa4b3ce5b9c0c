import type { Labels } from './config-object.ts';
import type { Scope } from './scope.ts';
import type { Service } from './service.ts';

/** What of a scope a builder may read that makes resources service by service. A whole scope will do as well. */
export type ServiceScope = Pick<
  Scope,
  | 'config'
  | 'features'
  | 'services'
  | 'serviceOf'
  | 'endpointsOf'
  | 'destinationRuleFor'
  | 'networkGateways'
  | 'isClusterLocal'
  | 'namespaceMutualTls'
>;

/**
 * A scope with a single service, which knows nothing of the others. Two scopes in which a service is the same, and is called by the same rule, give the
 * same one: nothing tells which namespace it is for.
 * @param labels the calling proxy's.
 */
export function serviceScope(scope: Scope, service: Service, labels: Labels): ServiceScope {
  const rule = scope.destinationRuleFor(service, labels);
  const { config, features, networkGateways, isClusterLocal, namespaceMutualTls } = scope;
  return {
    config,
    features,
    networkGateways,
    isClusterLocal,
    namespaceMutualTls,
    services: [service],
    serviceOf: (host) => (host === service.host ? service : undefined),
    endpointsOf: (other) => (other === service ? scope.endpointsOf(service) : []),
    destinationRuleFor: (other) => (other === service ? rule : undefined),
  };
}

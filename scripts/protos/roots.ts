/**
 * What is generated: the resources of xDS, everything that a user's EnvoyFilter may put into their `typed_config`s (all v3 extensions), the discovery
 * and status services, and Istio's own messages. Globs over import paths.
 */
export const rootPatterns: readonly string[] = [
  'envoy/config/{accesslog,bootstrap,cluster,core,endpoint,listener,metrics,overload,ratelimit,rbac,route,tap,trace}/v3/*.proto',
  'envoy/extensions/**/v3/*.proto',
  'envoy/service/{discovery,secret,status}/v3/*.proto',
  'envoy/admin/v3/config_dump*.proto',
  'udpa/type/**/*.proto',
  'xds/type/**/*.proto',
  'istio/**/*.proto',
];

/** Files whose own imports nobody ships; an import of them is dropped. Envoy removed the OpenCensus tracer in 1.36. */
export const unresolvable: readonly string[] = ['envoy/config/trace/v3/opencensus.proto'];

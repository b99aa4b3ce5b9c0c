import type { HttpRewrite } from '../../config/networking/virtual-service-rewrite.ts';
import type { RouteActionSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import type { Init } from '../init.ts';

/** Fields of a route action that change the request's path. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite */
export function rewriteFields({ uri, uriRegexRewrite }: HttpRewrite): Init<typeof RouteActionSchema> {
  if (uriRegexRewrite) {
    const { match = '', rewrite = '' } = uriRegexRewrite;
    return { regexRewrite: { pattern: { regex: match }, substitution: rewrite } };
  }
  return uri ? { prefixRewrite: uri } : {};
}

import type { HttpRoute } from '../../config/networking/virtual-service.ts';
import type { Destination } from '../../config/networking/virtual-service-destination.ts';
import type { Percent } from '../../config/networking/virtual-service-percent.ts';
import type { RouteAction_RequestMirrorPolicySchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import type { Init } from '../init.ts';
import { type FractionalPercent, fractionalPercent, wholePercent } from './percent.ts';

type MirrorPolicy = Init<typeof RouteAction_RequestMirrorPolicySchema>;

/**
 * Copies of requests that go elsewhere too, the old single mirror first; one that no request is sent to is left out.
 * @param clusterOf name of a destination's cluster.
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMirrorPolicy
 */
export function mirrorPolicies(route: HttpRoute, clusterOf: (destination: Destination) => string): MirrorPolicy[] {
  const all = [{ destination: route.mirror, part: singleMirrorPart(route) }, ...(route.mirrors ?? []).map(mirrorOfList)];
  return all.flatMap(({ destination, part }) => (destination && part ? [mirrorPolicy(clusterOf(destination), part)] : []));
}

type ListedMirror = NonNullable<HttpRoute['mirrors']>[number];

function mirrorOfList({ destination, percentage }: ListedMirror) {
  return { destination, part: percentage ? somePart(percentage) : wholePercent(100) };
}

function singleMirrorPart({ mirrorPercentage, mirrorPercent = 100 }: HttpRoute): FractionalPercent | undefined {
  if (mirrorPercentage) return somePart(mirrorPercentage);
  return mirrorPercent > 0 ? wholePercent(mirrorPercent) : undefined;
}

/** Undefined for 0. What is less than a ten-thousandth percent stays, though Envoy never mirrors it. */
function somePart(percentage: Percent): FractionalPercent | undefined {
  return (percentage.value ?? 0) > 0 ? fractionalPercent(percentage) : undefined;
}

function mirrorPolicy(cluster: string, part: FractionalPercent): MirrorPolicy {
  return { cluster, runtimeFraction: { defaultValue: part }, traceSampled: false, disableShadowHostSuffixAppend: true };
}

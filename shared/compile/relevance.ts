/** What of a proxy matters in this mesh. A field that nothing reads is left out of the projection, so that it splits no class. */

import type { Labels, Mesh, Service } from '../model/index.ts';

export interface Relevance {
  /** Label keys that rules name: the callers that they are for. */
  readonly ruleLabels: readonly string[];
  /** Label keys that services, Sidecars and Gateways name: the workloads behind and under them. Of known pods the registry knows what selects them. */
  readonly selectorLabels: readonly string[];
  /** Some endpoints are near and some are far, and some setting tells them apart. */
  readonly locality: boolean;
  /** Some service is for callers on the same node. */
  readonly nodeName: boolean;
  /** Spans are sent to a provider that is told the proxy's own name of its service. */
  readonly nodeCluster: boolean;
}

const hostnameLabel = 'kubernetes.io/hostname';

export function relevanceOf(mesh: Mesh): Relevance {
  const priorities = failoverLabels(mesh);
  return {
    ruleLabels: sorted([...ruleSelectors(mesh), ...routeSelectors(mesh), ...priorities]),
    selectorLabels: sorted(
      [...mesh.services, ...sidecarsOf(mesh), ...mesh.gateways, ...policySelectors(mesh)].flatMap(({ selector }) =>
        Object.keys(selector ?? {}),
      ),
    ),
    locality: hasLocalities(mesh) && (priorities.length > 0 || spreadsByLocality(mesh)),
    nodeName:
      mesh.services.some(({ isNodeLocal, trafficDistribution }) => isNodeLocal || trafficDistribution === 'same-node') ||
      priorities.includes(hostnameLabel),
    nodeCluster: (mesh.config.defaultProviders?.tracing ?? []).length > 0,
  };
}

function sorted(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)].sort();
}

function sidecarsOf({ sidecars }: Mesh) {
  return [...sidecars.byNamespace.values()].flat();
}

function policySelectors({ peerAuthentications }: Mesh): readonly { readonly selector?: Labels }[] {
  const selectors = [...peerAuthentications.ofWorkloads.values()].flat().map(({ spec }) => spec.selector?.matchLabels);
  return selectors.map((selector) => (selector === undefined ? {} : { selector }));
}

function rulesOf({ destinationRules }: Mesh) {
  return [...destinationRules.byNamespace.values()].flatMap((hosts) => [...hosts.values()].flat().map(({ rule }) => rule));
}

function policiesOf(mesh: Mesh) {
  return rulesOf(mesh).flatMap(({ spec }) =>
    [spec.trafficPolicy, ...(spec.subsets ?? []).map(({ trafficPolicy }) => trafficPolicy)].flatMap((policy) => [
      policy,
      ...(policy?.portLevelSettings ?? []),
    ]),
  );
}

function ruleSelectors(mesh: Mesh): readonly string[] {
  return rulesOf(mesh).flatMap(({ spec }) => Object.keys(spec.workloadSelector?.matchLabels ?? {}));
}

function routeSelectors({ virtualServices }: Mesh): readonly string[] {
  return virtualServices.flatMap(({ spec }) =>
    [...(spec.http ?? []), ...(spec.tls ?? []), ...(spec.tcp ?? [])].flatMap((route) =>
      (route.match ?? []).flatMap(({ sourceLabels }) => Object.keys(sourceLabels ?? {})),
    ),
  );
}

/** Keys by which endpoints are compared with their caller, without the values that replace the caller's. */
function failoverLabels(mesh: Mesh): readonly string[] {
  const settings = [mesh.config.localityLbSetting, ...policiesOf(mesh).map((policy) => policy?.loadBalancer?.localityLbSetting)];
  return settings.flatMap((setting) => setting?.failoverPriority ?? []).map((label) => label.split('=', 1)[0] ?? '');
}

function hasLocalities({ endpoints }: Mesh): boolean {
  return [...endpoints.values()].some((found) => found.some(({ locality }) => locality.region !== '' || locality.zone !== ''));
}

/** Outlier detection brings failing over to far endpoints with it. */
function spreadsByLocality(mesh: Mesh): boolean {
  const prefersNear = ({ trafficDistribution }: Service): boolean => trafficDistribution !== undefined;
  const spreads = policiesOf(mesh).some(
    (policy) => policy?.outlierDetection !== undefined || (policy?.loadBalancer?.localityLbSetting?.distribute ?? []).length > 0,
  );
  return spreads || (mesh.config.localityLbSetting?.distribute ?? []).length > 0 || mesh.services.some(prefersNear);
}

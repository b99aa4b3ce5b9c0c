import type { MeshConfig } from '../../config/mesh/mesh-config.ts';
import { type LabelSelector, matchesAll, selectorProblem } from '../../kube/label-selector.ts';
import { isJsonObject, objectAt } from '../../lib/json.ts';
import type { Labels } from '../../model/index.ts';
import type { RawObject } from './objects.ts';

/**
 * Objects of the namespaces that the mesh looks at: any of the selectors picks them. Without selectors all are. Objects of the cluster always
 * stay.
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
 */
export function discoveredObjects(objects: readonly RawObject[], { discoverySelectors = [] }: MeshConfig): readonly RawObject[] {
  const selectors = discoverySelectors.map(kubeSelector).filter((selector) => selectorProblem(selector) === undefined);
  if (selectors.length === 0) return objects;
  const discovered = new Set(
    objects
      .filter((object) => object.kind === 'Namespace' && selectors.some((selector) => matchesAll(selector, labelsOf(object))))
      .map(({ name }) => name),
  );
  return objects.filter(({ namespace }) => namespace === '' || discovered.has(namespace));
}

/** The two differ in their type alone: members that are absent. */
function kubeSelector({ matchLabels, matchExpressions }: NonNullable<MeshConfig['discoverySelectors']>[number]): LabelSelector {
  return { ...(matchLabels && { matchLabels }), ...(matchExpressions && { matchExpressions }) };
}

function labelsOf({ content }: RawObject): Labels {
  const labels = objectAt(content, 'metadata')['labels'];
  const texts = Object.entries(isJsonObject(labels) ? labels : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

import type { LabelSelector } from '../../shared/kube/label-selector.ts';

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

/** A namespace with this label and the value `true` is left alone: the way out when the functions cannot answer and pods must run. */
export const bypassLabel = 'pilotless.io/bypass';

/** Namespaces that a cluster needs to heal itself. */
const clusterNamespaces = ['kube-node-lease', 'kube-public', 'kube-system'] as const;

const absent = (key: string): Requirement => ({ key, operator: 'DoesNotExist' });
const among = (key: string, ...values: readonly string[]): Requirement => ({ key, operator: 'In', values });

const notBypassed: Requirement = { key: bypassLabel, operator: 'NotIn', values: ['true'] };
const notOfTheCluster: Requirement = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: clusterNamespaces };

/** Namespaces that fulfil these requirements, and are neither the cluster's own nor bypassed. */
export function namespaces(...requirements: readonly Requirement[]): LabelSelector {
  return { matchExpressions: [...requirements, notOfTheCluster, notBypassed] };
}

/** Two selectors that both have to match. */
export interface Selection {
  /** With dots, unique in its configuration. */
  readonly name: string;
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
}

const injectLabel = 'sidecar.istio.io/inject';
const notOptedOut: Requirement = { key: injectLabel, operator: 'NotIn', values: ['false'] };

/**
 * Istio's ways to ask for injection: a revision on the namespace, or on the pod where the namespace says nothing; for the default revision also
 * `istio-injection=enabled` on the namespace and `sidecar.istio.io/inject=true` on the pod.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
export function injectionSelections(revision: string): readonly Selection[] {
  const ofRevision = among('istio.io/rev', revision);
  const silent = namespaces(absent('istio.io/rev'), absent('istio-injection'));
  const byRevision: readonly Selection[] = [
    {
      name: 'rev.namespace.sidecar-injector.istio.io',
      namespaceSelector: namespaces(ofRevision, absent('istio-injection')),
      objectSelector: { matchExpressions: [notOptedOut] },
    },
    {
      name: 'rev.object.sidecar-injector.istio.io',
      namespaceSelector: silent,
      objectSelector: { matchExpressions: [notOptedOut, ofRevision] },
    },
  ];
  if (revision !== 'default') return byRevision;
  return [
    ...byRevision,
    {
      name: 'namespace.sidecar-injector.istio.io',
      namespaceSelector: namespaces(among('istio-injection', 'enabled')),
      objectSelector: { matchExpressions: [notOptedOut] },
    },
    {
      name: 'object.sidecar-injector.istio.io',
      namespaceSelector: silent,
      objectSelector: { matchExpressions: [among(injectLabel, 'true'), absent('istio.io/rev')] },
    },
  ];
}

/** Whose Istio objects a revision checks: those labelled with it; the default one also those without a revision. */
export function validationSelections(revision: string): readonly Selection[] {
  const labelled: Selection = {
    name: 'rev.validation.istio.io',
    namespaceSelector: namespaces(),
    objectSelector: { matchExpressions: [among('istio.io/rev', revision)] },
  };
  if (revision !== 'default') return [labelled];
  const unlabelled: Selection = {
    name: 'validation.istio.io',
    namespaceSelector: namespaces(),
    objectSelector: { matchExpressions: [absent('istio.io/rev')] },
  };
  return [labelled, unlabelled];
}

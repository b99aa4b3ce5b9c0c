import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../shared/lib/json.ts';

/**
 * The group of the custom resources that stand in for the core's kinds, which have none. Clients never see it; rules of webhooks must name it, and
 * reviews carry it in `kind`, `resource` and the object's `apiVersion`.
 */
export const coreGroup = 'core.kubernetes.test';

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortName?: string;
  readonly scope: 'Cluster' | 'Namespaced';
  /** Rules for its top-level fields, in OpenAPI's words; others are kept as they are. */
  readonly fields?: JsonObject;
}

/** The kinds below `/api/v1`. */
export const coreKinds: readonly Kind[] = [
  { group: coreGroup, kind: 'Namespace', plural: 'namespaces', shortName: 'ns', scope: 'Cluster' },
  { group: coreGroup, kind: 'Node', plural: 'nodes', shortName: 'no', scope: 'Cluster' },
  { group: coreGroup, kind: 'Service', plural: 'services', shortName: 'svc', scope: 'Namespaced' },
  { group: coreGroup, kind: 'Pod', plural: 'pods', shortName: 'po', scope: 'Namespaced' },
  { group: coreGroup, kind: 'ConfigMap', plural: 'configmaps', shortName: 'cm', scope: 'Namespaced' },
  { group: coreGroup, kind: 'Secret', plural: 'secrets', scope: 'Namespaced' },
  { group: coreGroup, kind: 'Endpoints', plural: 'endpoints', shortName: 'ep', scope: 'Namespaced' },
];

/**
 * The server takes a path with `/namespaces/NAME` for one inside that namespace, and then refuses it for a kind of cluster scope. So Namespaces are
 * stored under another name than the one that clients see.
 */
export const storedNamespaces = 'namespaceobjects';

/** Defaults that a whole API server fills in: the webhook plugins read the objects as they are stored. */
function webhooks(own: JsonObject): JsonObject {
  const object = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const rule = { ...object, properties: { scope: { type: 'string', default: '*' } } };
  const properties = {
    failurePolicy: { type: 'string', default: 'Fail' },
    matchPolicy: { type: 'string', default: 'Equivalent' },
    timeoutSeconds: { type: 'integer', default: 10 },
    namespaceSelector: { ...object, default: {} },
    objectSelector: { ...object, default: {} },
    rules: { type: 'array', items: rule },
    ...own,
  };
  return { webhooks: { type: 'array', items: { ...object, properties } } };
}

const admission = { group: 'admissionregistration.k8s.io', scope: 'Cluster' } as const;

const otherKinds: readonly Kind[] = [
  { group: 'discovery.k8s.io', kind: 'EndpointSlice', plural: 'endpointslices', scope: 'Namespaced' },
  {
    ...admission,
    kind: 'MutatingWebhookConfiguration',
    plural: 'mutatingwebhookconfigurations',
    fields: webhooks({ reinvocationPolicy: { type: 'string', default: 'Never' } }),
  },
  { ...admission, kind: 'ValidatingWebhookConfiguration', plural: 'validatingwebhookconfigurations', fields: webhooks({}) },
];

/**
 * The stored CustomResourceDefinitions of every kind, as keys and values of etcd: there from the first moment, because the webhook plugins let
 * nothing in, also no CRD, before they have read their own kinds.
 */
export function storedDefinitions(): ReadonlyMap<string, string> {
  const definitions = [...coreKinds, ...otherKinds].map((kind) => definition(kind));
  return new Map(definitions.map((crd) => [`${etcdFolder}/${crd.metadata.name}`, JSON.stringify(crd)]));
}

const etcdFolder = '/registry/apiextensions.kubernetes.io/apiextensions.k8s.io/customresourcedefinitions';

function definition({ group, kind, plural, shortName, scope, fields = {} }: Kind) {
  const stored = kind === 'Namespace' ? storedNamespaces : plural;
  const names = { kind, listKind: `${kind}List`, plural: stored, singular: kind.toLowerCase(), shortNames: shortName ? [shortName] : [] };
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: fields };
  const longAgo = '2020-01-01T00:00:00Z';
  const condition = { status: 'True', reason: 'Stored', message: '', lastTransitionTime: longAgo };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${stored}.${group}`,
      uid: randomUUID(),
      generation: 1,
      creationTimestamp: longAgo,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, stands in for the real kind' },
    },
    spec: {
      group,
      names,
      scope,
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      conversion: { strategy: 'None' },
    },
    status: {
      acceptedNames: names,
      storedVersions: ['v1'],
      conditions: ['NamesAccepted', 'Established'].map((type) => ({ ...condition, type })),
    },
  };
}

import { coreGroup } from './apiserver/kinds.ts';

/** How an API server calls a webhook. */
export interface WebhookClient {
  readonly url: string;
  /** The CA that it trusts for that URL. */
  readonly caPem: string;
}

export interface WebhookPolicy {
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly reinvocationPolicy: 'Never' | 'IfNeeded';
  readonly timeoutSeconds: number;
}

export interface PodWebhook {
  /** With dots, for example `pods.example.com`. */
  readonly name: string;
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector?: LabelSelector;
}

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface ConfigurationOptions extends WebhookPolicy {
  /** Configurations are called in the order of their names. */
  readonly name: string;
  readonly client: WebhookClient;
  readonly webhooks: readonly PodWebhook[];
}

/** A MutatingWebhookConfiguration whose webhooks are all called for Pods that are created. */
export function mutatingWebhookConfiguration({ name, client, webhooks, ...policy }: ConfigurationOptions): object {
  const clientConfig = { url: client.url, caBundle: Buffer.from(client.caPem).toString('base64') };
  const rules = [{ operations: ['CREATE'], apiGroups: [coreGroup], apiVersions: ['v1'], resources: ['pods'] }];
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name },
    webhooks: webhooks.map((webhook) => ({
      ...webhook,
      ...policy,
      clientConfig,
      rules,
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    })),
  };
}

const absent = (key: string): Requirement => ({ key, operator: 'DoesNotExist' });
const notOptedOut: Requirement = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };

/**
 * Istio's four ways to ask for injection: a revision or `istio-injection` on the namespace, a revision or `sidecar.istio.io/inject` on the pod where
 * the namespace says nothing.
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
export function injectionWebhooks(revision: string): readonly PodWebhook[] {
  const ofRevision: Requirement = { key: 'istio.io/rev', operator: 'In', values: [revision] };
  const silent = { matchExpressions: [absent('istio.io/rev'), absent('istio-injection')] };
  return [
    {
      name: 'rev.namespace.sidecar-injector.istio.io',
      namespaceSelector: { matchExpressions: [ofRevision, absent('istio-injection')] },
      objectSelector: { matchExpressions: [notOptedOut] },
    },
    {
      name: 'rev.object.sidecar-injector.istio.io',
      namespaceSelector: silent,
      objectSelector: { matchExpressions: [notOptedOut, ofRevision] },
    },
    {
      name: 'namespace.sidecar-injector.istio.io',
      namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
      objectSelector: { matchExpressions: [notOptedOut] },
    },
    {
      name: 'object.sidecar-injector.istio.io',
      namespaceSelector: silent,
      objectSelector: { matchLabels: { 'sidecar.istio.io/inject': 'true' }, matchExpressions: [absent('istio.io/rev')] },
    },
  ];
}

import type { LabelSelector } from '../../shared/kube/label-selector.ts';
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

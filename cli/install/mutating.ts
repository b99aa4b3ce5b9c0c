import { injectionSelections } from './selectors.ts';
import { clientConfig, type InstallSettings, nameOf } from './settings.ts';

/** Seconds: a pod waits no longer for its sidecar, or for the news that there is none. */
export const webhookTimeoutSeconds = 5;

/** The MutatingWebhookConfiguration through which pods get their sidecars when they are created. */
export function injectionConfiguration(settings: InstallSettings): object {
  const client = clientConfig(settings.injectUrl, injectionPath(settings), settings);
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    // istioctl finds a revision's injector by these labels.
    metadata: {
      name: nameOf('pilotless-sidecar-injector', settings),
      labels: { app: 'sidecar-injector', 'istio.io/rev': settings.revision },
    },
    webhooks: injectionSelections(settings.revision).map((selection) => ({
      ...selection,
      clientConfig: client,
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
      failurePolicy: settings.failurePolicy,
      reinvocationPolicy: 'Never',
      sideEffects: 'None',
      timeoutSeconds: webhookTimeoutSeconds,
      admissionReviewVersions: ['v1'],
    })),
  };
}

/** Istio's form: `/inject`, then `/name/value` pairs. */
function injectionPath({ cluster, network }: InstallSettings): string {
  const pair = (name: string, value: string | undefined): string => (value === undefined ? '' : `/${name}/${encodeURIComponent(value)}`);
  return `/inject${pair('cluster', cluster)}${pair('net', network)}`;
}

import { webhookTimeoutSeconds } from './mutating.ts';
import { namespaces, validationSelections } from './selectors.ts';
import { clientConfig, type InstallSettings, nameOf } from './settings.ts';

const istioGroups = ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'] as const;

/** What is only told, never judged: it must not stand in anybody's way. */
const toldTimeoutSeconds = 2;

/** The ValidatingWebhookConfiguration through which Istio's objects are checked, and through which their changes become known at once. */
export function validationConfiguration(settings: InstallSettings): object {
  const common = {
    clientConfig: clientConfig(settings.validateUrl, '/validate', settings),
    sideEffects: 'NoneOnDryRun',
    admissionReviewVersions: ['v1'],
  };
  const told = { ...common, namespaceSelector: namespaces(), failurePolicy: 'Ignore', timeoutSeconds: toldTimeoutSeconds };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: nameOf('pilotless-validator', settings), labels: { app: 'istiod', 'istio.io/rev': settings.revision } },
    webhooks: [
      ...validationSelections(settings.revision).map((selection) => ({
        ...selection,
        ...common,
        rules: [{ operations: ['CREATE', 'UPDATE'], apiGroups: istioGroups, apiVersions: ['*'], resources: ['*'] }],
        failurePolicy: settings.failurePolicy,
        timeoutSeconds: webhookTimeoutSeconds,
      })),
      {
        name: 'changes.validation.pilotless.io',
        rules: [
          { operations: ['DELETE'], apiGroups: istioGroups, apiVersions: ['*'], resources: ['*'] },
          { operations: ['CREATE', 'UPDATE', 'DELETE'], apiGroups: ['gateway.networking.k8s.io'], apiVersions: ['*'], resources: ['*'] },
        ],
        ...told,
      },
    ],
  };
}

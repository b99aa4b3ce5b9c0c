import { bypassLabel } from './selectors.ts';
import type { InstallSettings } from './settings.ts';

/** What an object does to a cluster, in a sentence or two. */
export function explanation(kind: string, settings: InstallSettings): string {
  switch (kind) {
    case 'MutatingWebhookConfiguration':
      return `the API server asks ${settings.injectUrl} for the sidecar of each new pod in ${whichNamespaces(settings)}, or labelled so itself; ${unanswered('the pod', settings)} ${bypass}`;
    case 'ValidatingWebhookConfiguration':
      return `the API server asks ${settings.validateUrl} about each new or changed Istio object ${whichObjects(settings)}; ${unanswered('the object', settings)} Deleted ones, and Gateway API objects, are only told, for 2 s at most. ${bypass}`;
    case 'ClusterRole':
      return 'what the compiler may read: services, endpoints, pods, nodes, namespaces, ingresses, Istio and Gateway API objects; no Secret, and nothing to write.';
    default:
      return 'gives that role to the group pilotless:readers; on EKS, an access entry puts the IAM role of the snapshot function into the group.';
  }
}

function whichNamespaces({ revision }: InstallSettings): string {
  const labelled = `namespaces labelled istio.io/rev=${revision}`;
  return revision === 'default' ? `${labelled} or istio-injection=enabled` : labelled;
}

function whichObjects({ revision }: InstallSettings): string {
  return revision === 'default' ? 'without a revision, or labelled istio.io/rev=default' : `labelled istio.io/rev=${revision}`;
}

function unanswered(what: string, { failurePolicy }: InstallSettings): string {
  return failurePolicy === 'Fail'
    ? `without an answer within 5 s ${what} is refused (failurePolicy Fail).`
    : `without an answer within 5 s ${what} is taken as it is (failurePolicy Ignore).`;
}

const bypass = `To leave a namespace alone: kubectl label namespace NAME ${bypassLabel}=true`;

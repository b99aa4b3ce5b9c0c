import { injectionConfiguration } from './mutating.ts';
import { readerObjects } from './rbac.ts';
import type { InstallSettings } from './settings.ts';
import { validationConfiguration } from './validating.ts';

/** A Kubernetes object, as far as all are alike. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** All that a cluster needs so that it is served from outside. The objects of one revision replace nothing of another. */
export function installedObjects(settings: InstallSettings): readonly KubeObject[] {
  return [...readerObjects, injectionConfiguration(settings), validationConfiguration(settings)] as readonly KubeObject[];
}

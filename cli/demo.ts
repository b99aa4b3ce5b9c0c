import { fileURLToPath } from 'node:url';

/** The bundled demo mesh: what `pilotless serve` reads where nothing else is given. */
export const demoMeshPath = pathOf('./demo/mesh');
/** A Deployment of the demo mesh, to try `pilotless inject` on. */
export const demoManifestPath = pathOf('./demo/mesh/40-opinions.yaml');
/** What an API server would send for a pod of the demo mesh, to try the webhook with. */
export const demoReviewPath = pathOf('./demo/admission-review.json');

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

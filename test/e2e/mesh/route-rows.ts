import type { JsonObject } from '../../../shared/lib/json.ts';
import { destinationRule, virtualService } from './objects.ts';
import type { Row, RowMesh } from './row-mesh.ts';

/** Destinations; `web` stands for the row’s host. */
export const toV1: JsonObject = { destination: { host: 'web', subset: 'v1' } };
export const toV2: JsonObject = { destination: { host: 'web', subset: 'v2' } };

type Check = (row: Row) => Promise<void>;

/** Rows that are a VirtualService for their host, which has subsets `v1` and `v2`. */
export class RouteRows {
  readonly #mesh: RowMesh;

  constructor(mesh: RowMesh) {
    this.#mesh = mesh;
  }

  /** One HTTP route to `v1`, with more fields or with others in the place of these. */
  route(fields: JsonObject, check: Check): () => Promise<void> {
    return this.routes([fields], check);
  }

  /** HTTP routes to `v1`, unless they say otherwise or do something else than to route. */
  routes(http: readonly JsonObject[], check: Check): () => Promise<void> {
    return this.#mesh.row(({ host }) => {
      const routes = http.map((fields) => (isFinal(fields) ? fields : { route: [toV1], ...fields }));
      const named: readonly JsonObject[] = JSON.parse(JSON.stringify(routes).replaceAll('"web"', `"${host}"`));
      return [virtualService(host, named), destinationRule(host, ['v1', 'v2'])];
    }, check);
  }
}

function isFinal(fields: JsonObject): boolean {
  return 'redirect' in fields || 'directResponse' in fields;
}

import type { HttpDirectResponse } from '../../config/networking/virtual-service-direct-response.ts';
import type { DirectResponseActionSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Init } from '../init.ts';

/** Of a body, as every route configuration tells Envoy. */
export const maxDirectResponseBytes = 1_048_576;

type DirectResponse = Init<typeof DirectResponseActionSchema>;

/** An answer that Envoy gives by itself. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPDirectResponse */
export function directResponseAction({ status = 0, body }: HttpDirectResponse): Result<DirectResponse> {
  if (status < 200 || status > 599) return fail(`Envoy cannot answer with status ${status}: take one from 200 to 599`);
  const specifier = body && bodySpecifier(body);
  return ok({ status, ...(specifier && { body: { specifier } }) });
}

function bodySpecifier({ string, bytes }: NonNullable<HttpDirectResponse['body']>): NonNullable<DirectResponse['body']>['specifier'] {
  if (string !== undefined) return { case: 'inlineString', value: string };
  return bytes === undefined ? { case: undefined } : { case: 'inlineBytes', value: new Uint8Array(Buffer.from(bytes, 'base64')) };
}

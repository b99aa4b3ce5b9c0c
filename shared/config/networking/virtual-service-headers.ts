import { type InferMessage, list, map, message, string } from '../../lib/message.ts';

const headers = 'istio.networking.v1alpha3.Headers';

const headerOperations = message(`${headers}.HeaderOperations`, { set: map(string), add: map(string), remove: list(string) });
export type HeaderOperations = InferMessage<typeof headerOperations>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers */
export const httpHeaders = message(headers, { request: headerOperations, response: headerOperations });
export type HttpHeaders = InferMessage<typeof httpHeaders>;

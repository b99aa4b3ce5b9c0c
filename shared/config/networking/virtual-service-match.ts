import { bool, type InferMessage, list, map, message, string, uint32 } from '../../lib/message.ts';
import { stringMatch } from './virtual-service-string-match.ts';

const networking = 'istio.networking.v1alpha3';

/** All of the fields that are set must hold. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest */
export const httpMatch = message(`${networking}.HTTPMatchRequest`, {
  name: string,
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: map(stringMatch),
  port: uint32,
  sourceLabels: map(string),
  gateways: list(string),
  queryParams: map(stringMatch),
  ignoreUriCase: bool,
  withoutHeaders: map(stringMatch),
  sourceNamespace: string,
  statPrefix: string,
});
export type HttpMatch = InferMessage<typeof httpMatch>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#L4MatchAttributes */
export const l4Match = message(`${networking}.L4MatchAttributes`, {
  destinationSubnets: list(string),
  port: uint32,
  sourceSubnet: string,
  sourceLabels: map(string),
  gateways: list(string),
  sourceNamespace: string,
});

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#TLSMatchAttributes */
export const tlsMatch = message(`${networking}.TLSMatchAttributes`, {
  sniHosts: list(string),
  destinationSubnets: list(string),
  port: uint32,
  sourceLabels: map(string),
  gateways: list(string),
  sourceNamespace: string,
});

import { boolValue, duration, enumeration, type InferMessage, list, message, string } from '../../lib/message.ts';
import { stringMatch } from './virtual-service-string-match.ts';

const name = 'istio.networking.v1alpha3.CorsPolicy';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy */
export const corsPolicy = message(name, {
  /** Deprecated: exact origins. */
  allowOrigin: list(string),
  allowOrigins: list(stringMatch),
  allowMethods: list(string),
  allowHeaders: list(string),
  exposeHeaders: list(string),
  maxAge: duration,
  allowCredentials: boolValue,
  unmatchedPreflights: enumeration(`${name}.UnmatchedPreflights`, ['UNSPECIFIED', 'FORWARD', 'IGNORE']),
});
export type CorsPolicy = InferMessage<typeof corsPolicy>;

import { enumeration, type InferMessage, message, oneof, string, uint32 } from '../../lib/message.ts';

const name = 'istio.networking.v1alpha3.HTTPRedirect';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect */
export const httpRedirect = message(name, {
  uri: string,
  authority: string,
  ...oneof('RedirectPort', {
    port: uint32,
    derivePort: enumeration(`${name}.RedirectPortSelection`, ['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
  }),
  scheme: string,
  /** @default 301 */
  redirectCode: uint32,
  prefixRewrite: string,
});
export type HttpRedirect = InferMessage<typeof httpRedirect>;

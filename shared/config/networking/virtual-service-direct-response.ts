import { type InferMessage, message, oneof, type ProtoScalar, string, uint32 } from '../../lib/message.ts';

const networking = 'istio.networking.v1alpha3';

/** Base64 text. */
const bytes: ProtoScalar<string> = { kind: 'bytes' };

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPDirectResponse */
export const httpDirectResponse = message(`${networking}.HTTPDirectResponse`, {
  status: uint32,
  body: message(`${networking}.HTTPBody`, { ...oneof('Specifier', { string, bytes }) }),
});
export type HttpDirectResponse = InferMessage<typeof httpDirectResponse>;

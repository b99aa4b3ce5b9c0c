import { error, errorIf, type Findings, warning } from '../../lib/finding.ts';
import { httpStatusProblem } from '../../lib/http-status.ts';
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

const warnBytes = 100 * 1024;
const maxBytes = 1024 * 1024;

export function* checkDirectResponse({ status = 0, body }: HttpDirectResponse): Findings {
  const size = body?.bytes === undefined ? Buffer.byteLength(body?.string ?? '') : Buffer.byteLength(body.bytes, 'base64');
  const message = 'large direct_responses may impact control plane performance';
  if (size > maxBytes) yield error('direct-response-size', 'body', `${message}, must be less than 1MB`);
  else if (size > warnBytes) yield warning('direct-response-size', 'body', message);
  yield* errorIf('http-status', 'status', httpStatusProblem(status));
}

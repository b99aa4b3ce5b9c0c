import { type InferMessage, message, string } from '../../lib/message.ts';

const networking = 'istio.networking.v1alpha3';

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite */
export const httpRewrite = message(`${networking}.HTTPRewrite`, {
  uri: string,
  authority: string,
  uriRegexRewrite: message(`${networking}.RegexRewrite`, { match: string, rewrite: string }),
});
export type HttpRewrite = InferMessage<typeof httpRewrite>;

import { type InferMessage, message, oneof, string } from '../../lib/message.ts';

/**
 * How a text must look. In maps of headers and query parameters an empty one asks only that the name is there.
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export const stringMatch = message('istio.networking.v1alpha3.StringMatch', {
  ...oneof('MatchType', { exact: string, prefix: string, regex: string }),
});
export type StringMatch = InferMessage<typeof stringMatch>;

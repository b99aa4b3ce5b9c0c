import type { InferMessage } from '../../lib/message.ts';
import { httpRetry } from '../mesh/connection.ts';

export { httpRetry };
/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */
export type HttpRetry = InferMessage<typeof httpRetry>;

import { double, type InferMessage, message } from '../../lib/message.ts';

/** 0 to 100, in steps of a ten-thousandth. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Percent */
export const percent = message('istio.networking.v1alpha3.Percent', { value: double });
export type Percent = InferMessage<typeof percent>;

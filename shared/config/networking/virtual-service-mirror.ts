import { message } from '../../lib/message.ts';
import { destination } from './virtual-service-destination.ts';
import { percent } from './virtual-service-percent.ts';

/** Without a percentage all requests are mirrored. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMirrorPolicy */
export const httpMirror = message('istio.networking.v1alpha3.HTTPMirrorPolicy', { destination, percentage: percent });

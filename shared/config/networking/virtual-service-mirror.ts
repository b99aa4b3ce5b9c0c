import { at, each, error, type Findings } from '../../lib/finding.ts';
import { type InferMessage, message } from '../../lib/message.ts';
import { checkDestination, destination } from './virtual-service-destination.ts';
import { percent } from './virtual-service-percent.ts';

/** Without a percentage all requests are mirrored. @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMirrorPolicy */
export const httpMirror = message('istio.networking.v1alpha3.HTTPMirrorPolicy', { destination, percentage: percent });
type HttpMirror = InferMessage<typeof httpMirror>;

export function* checkMirrors(mirrors: readonly HttpMirror[] | undefined): Findings {
  yield* each('mirrors', mirrors, function* ({ destination: to, percentage }): Findings {
    if (to === undefined) {
      yield error('destination-missing', 'destination', 'destination is required for mirrors');
      return;
    }
    yield* at('destination', checkDestination(to));
    if (percentage) yield* checkMirrorShare('percentage', percentage.value ?? 0, 'mirror percentage');
  });
}

/** @param what the field, as messages call it. */
export function* checkMirrorShare(path: string, share: number, what: string): Findings {
  const has = `(it has ${share.toFixed(6)})`;
  if (share > 100) yield error('mirror-percentage', path, `${what} must have a max value of 100 ${has}`);
  if (share < 0) yield error('mirror-percentage', path, `${what} must have a min value of 0 ${has}`);
}

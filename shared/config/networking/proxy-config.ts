/** `ProxyConfig`: settings of some proxies. Fields in the order of the .proto file. */

import { at, error, type Findings } from '../../lib/finding.ts';
import { type InferMessage, int32Value, map, message, string } from '../../lib/message.ts';
import type { ConfigKind } from '../kind.ts';
import { checkWorkloadSelector, workloadSelector } from '../type/workload-selector.ts';

const name = 'istio.networking.v1beta1';

/** @see https://istio.io/latest/docs/reference/config/networking/proxy-config/#ProxyConfig */
const proxyConfig = message(`${name}.ProxyConfig`, {
  selector: workloadSelector,
  /** Worker threads; 0 is one for each core. @default 2 */
  concurrency: int32Value,
  environmentVariables: map(string),
  image: message(`${name}.ProxyImage`, { imageType: string }),
});
type ProxyConfig = InferMessage<typeof proxyConfig>;

export const proxyConfigKind: ConfigKind<ProxyConfig> = {
  group: 'networking.istio.io',
  kind: 'ProxyConfig',
  schema: proxyConfig,
  checkSpec: checkProxyConfig,
};

function* checkProxyConfig({ selector, concurrency = 0 }: ProxyConfig): Findings {
  yield* at('selector', checkWorkloadSelector(selector));
  if (concurrency < 0) yield error('concurrency', 'concurrency', 'concurrency must be greater than or equal to 0');
}

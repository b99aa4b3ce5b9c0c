/** `WasmPlugin`: WebAssembly filters of proxies. Fields in the order of the .proto file. */

import type { Findings } from '../../lib/finding.ts';
import { enumeration, type InferMessage, int32Value, list, message } from '../../lib/message.ts';
import type { ConfigKind } from '../kind.ts';
import { checkPolicyTarget, policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';
import { checkTrafficSelectors, trafficSelector } from './traffic-selector.ts';
import { checkWasm, wasmFields } from './wasm.ts';

const name = 'istio.extensions.v1alpha1';
const { url, sha256, imagePullPolicy, imagePullSecret, verificationKey, pluginConfig, pluginName, failStrategy, vmConfig, type } =
  wasmFields;

/** @see https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/#WasmPlugin */
const wasmPlugin = message(`${name}.WasmPlugin`, {
  selector: workloadSelector,
  targetRef: policyTargetReference,
  targetRefs: list(policyTargetReference),
  url,
  sha256,
  imagePullPolicy,
  imagePullSecret,
  verificationKey,
  pluginConfig,
  pluginName,
  /** @default UNSPECIFIED_PHASE behind Istio's own filters, before the router */
  phase: enumeration(`${name}.PluginPhase`, ['UNSPECIFIED_PHASE', 'AUTHN', 'AUTHZ', 'STATS']),
  /** Within the phase, the highest first. @default 0 */
  priority: int32Value,
  failStrategy,
  vmConfig,
  match: list(trafficSelector(`${name}.WasmPlugin.TrafficSelector`)),
  type,
});
type WasmPlugin = InferMessage<typeof wasmPlugin>;

export const wasmPluginKind: ConfigKind<WasmPlugin> = {
  group: 'extensions.istio.io',
  kind: 'WasmPlugin',
  schema: wasmPlugin,
  checkSpec: checkWasmPlugin,
};

function* checkWasmPlugin(spec: WasmPlugin): Findings {
  yield* checkPolicyTarget(spec);
  yield* checkWasm(spec);
  yield* checkTrafficSelectors(spec.match);
}

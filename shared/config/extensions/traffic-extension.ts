/** `TrafficExtension`: WebAssembly or Lua filters of proxies. Fields in the order of the .proto file. */

import { at, error, type Findings } from '../../lib/finding.ts';
import { enumeration, type InferMessage, int32Value, list, message, oneof, string } from '../../lib/message.ts';
import type { ConfigKind } from '../kind.ts';
import { checkPolicyTarget, policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';
import { checkTrafficSelectors, trafficSelector } from './traffic-selector.ts';
import { checkWasm, wasmFields } from './wasm.ts';

const name = 'istio.extensions.v1alpha1';

const luaConfig = message(`${name}.LuaConfig`, { inlineCode: string });
type LuaConfig = InferMessage<typeof luaConfig>;

const trafficExtension = message(`${name}.TrafficExtension`, {
  selector: workloadSelector,
  targetRefs: list(policyTargetReference),
  phase: enumeration(`${name}.TrafficExtension.ExecutionPhase`, ['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']),
  /** Within the phase, the highest first. @default 0 */
  priority: int32Value,
  match: list(trafficSelector(`${name}.TrafficExtension.TrafficSelector`)),
  ...oneof('FilterConfig', { wasm: message(`${name}.WasmConfig`, wasmFields), lua: luaConfig }),
});
type TrafficExtension = InferMessage<typeof trafficExtension>;

export const trafficExtensionKind: ConfigKind<TrafficExtension> = {
  group: 'extensions.istio.io',
  kind: 'TrafficExtension',
  schema: trafficExtension,
  checkSpec: checkTrafficExtension,
};

function* checkTrafficExtension(spec: TrafficExtension): Findings {
  const { wasm, lua, match } = spec;
  yield* checkPolicyTarget(spec);
  if (wasm === undefined && lua === undefined) yield error('extension-missing', '', 'exactly one of wasm or lua must be set');
  if (wasm) yield* at('wasm', checkWasm(wasm));
  if (lua) yield* at('lua', checkLua(lua));
  yield* checkTrafficSelectors(match);
}

const maxCodeBytes = 65_536;

function* checkLua({ inlineCode = '' }: LuaConfig): Findings {
  if (inlineCode === '') yield error('lua-empty', 'inlineCode', 'lua.inlineCode cannot be empty');
  if (Buffer.byteLength(inlineCode) > maxCodeBytes) yield error('lua-size', 'inlineCode', 'lua.inlineCode exceeds maximum size of 64KB');
}

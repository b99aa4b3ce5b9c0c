/** A WebAssembly module: where it comes from and what it is given. The same in WasmPlugin and TrafficExtension. */

import { error, errorIf, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import { enumeration, type InferMessage, list, message, string, structValue } from '../../lib/message.ts';
import { parseRequestUri } from '../../lib/url.ts';

const name = 'istio.extensions.v1alpha1';

const envVar = message(`${name}.EnvVar`, {
  name: string,
  /** `HOST`: the proxy's own variable of that name. @default INLINE */
  valueFrom: enumeration(`${name}.EnvValueSource`, ['INLINE', 'HOST']),
  value: string,
});
type EnvVar = InferMessage<typeof envVar>;

/** Fields by their names: each of the two messages has an order of its own. */
export const wasmFields = {
  url: string,
  sha256: string,
  imagePullPolicy: enumeration(`${name}.PullPolicy`, ['UNSPECIFIED_POLICY', 'IfNotPresent', 'Always']),
  imagePullSecret: string,
  verificationKey: string,
  pluginConfig: structValue,
  pluginName: string,
  failStrategy: enumeration(`${name}.FailStrategy`, ['FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD']),
  vmConfig: message(`${name}.VmConfig`, { env: list(envVar) }),
  type: enumeration(`${name}.PluginType`, ['UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK']),
} as const;

/** What the rules read. */
interface Wasm {
  readonly url?: string;
  readonly sha256?: string;
  readonly imagePullSecret?: string;
  readonly pluginName?: string;
  readonly vmConfig?: { readonly env?: readonly EnvVar[] };
}

const maxPullSecretLength = 253;
const maxPluginNameLength = 256;

/** Paths from the message with the fields. */
export function* checkWasm({ url = '', sha256 = '', imagePullSecret = '', pluginName = '', vmConfig }: Wasm): Findings {
  yield* errorIf('wasm-url', 'url', urlProblem(url));
  yield* errorIf('wasm-sha256', 'sha256', sha256Problem(sha256));
  if (imagePullSecret.length > maxPullSecretLength) {
    yield error('wasm-pull-secret', 'imagePullSecret', `imagePullSecret field must be at most ${maxPullSecretLength} characters long`);
  }
  if (pluginName.length > maxPluginNameLength) {
    yield error('wasm-plugin-name', 'pluginName', `pluginName field must be at most ${maxPluginNameLength} characters long`);
  }
  yield* checkEnvironment(vmConfig?.env ?? []);
}

const schemes: ReadonlySet<string> = new Set(['', 'file', 'http', 'https', 'oci']);

/** Of an image, `HOST/IMAGE:TAG` without a scheme is common. */
function urlProblem(url: string): string | undefined {
  if (url === '') return 'url field needs to be set';
  const asWritten = parseRequestUri(url);
  const parsed = asWritten.ok ? asWritten : parseRequestUri(`http://${url}`);
  if (!parsed.ok) return `failed to parse url: parse ${quoted(url)}: ${asWritten.ok ? '' : asWritten.error}`;
  const { scheme } = parsed.value;
  return schemes.has(scheme) ? undefined : `url contains unsupported scheme: ${scheme}`;
}

const sha256Length = 64;
const hexadecimal = /^[a-f0-9]*$/;

function sha256Problem(sha256: string): string | undefined {
  if (sha256 === '') return undefined;
  if (sha256.length !== sha256Length) return 'sha256 field must be 64 characters long';
  return hexadecimal.test(sha256) ? undefined : 'sha256 field must match [a-f0-9]{64} pattern';
}

const maxVariableLength = 256;

/** Only the first problem is told. */
function* checkEnvironment(env: readonly EnvVar[]): Findings {
  const names = new Set<string>();
  for (const [index, { name: variable = '', valueFrom = 'INLINE', value = '' }] of env.entries()) {
    const path = `vmConfig.env[${index}]`;
    if (variable === '' || variable.length > maxVariableLength) yield error('wasm-env-name', path, 'spec.vmConfig.env invalid');
    else if (names.has(variable)) yield error('wasm-env-duplicate', path, 'duplicate env');
    else if (valueFrom !== 'INLINE' && value !== '') {
      yield error('wasm-env-value', path, 'value may only be set when valueFrom is INLINE');
    } else {
      names.add(variable);
      continue;
    }
    return;
  }
}

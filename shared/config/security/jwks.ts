import { error, type Findings, warning } from '../../lib/finding.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import { fail, ok, type Result } from '../../lib/result.ts';

/** A set of keys, or one key, that tokens are checked with. @see https://www.rfc-editor.org/rfc/rfc7517 */
export function* checkJwks(text: string): Findings {
  const keys = parseKeys(text);
  if (!keys.ok) {
    yield error('jwks', '', `jwks parse error: ${keys.error}`);
    return;
  }
  for (const [index, key] of keys.value.entries()) {
    if (!isPrivate(key)) continue;
    const what = `jwks key at index ${index} contains private key material; only public keys are used for verification`;
    yield warning('jwks-private-key', '', what);
  }
}

/** The error quotes nothing: the text may hold a private key. */
function parseKeys(text: string): Result<readonly JsonObject[]> {
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) return fail('failed to unmarshal JWK set: it is no JSON object');
  const keys = parsed['keys'] === undefined ? [parsed] : parsed['keys'];
  if (!isJsonArray(keys)) return fail('failed to unmarshal JWK set: "keys" is no list');
  for (const [index, key] of keys.entries()) {
    const problem = isJsonObject(key) ? keyProblem(key) : 'it is no JSON object';
    if (problem !== undefined) return fail(`failed to unmarshal JWK set: key at index ${index}: ${problem}`);
  }
  return ok(keys.filter(isJsonObject));
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a public key of each type is made of; a symmetric one has only its secret. */
const members: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  oct: ['k'],
};

const base64Url = /^[A-Za-z0-9_-]+$/;

function keyProblem(key: JsonObject): string | undefined {
  const { kty } = key;
  const wanted = typeof kty === 'string' && Object.hasOwn(members, kty) ? members[kty] : undefined;
  if (wanted === undefined) return 'its "kty" is none of RSA, EC, OKP, oct';
  const wrong = wanted.find((name) => !(typeof key[name] === 'string' && isGoodMember(name, key[name])));
  return wrong === undefined ? undefined : `its "${wrong}" is missing or invalid`;
}

const curves: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521', 'secp256k1', 'Ed25519', 'Ed448', 'X25519', 'X448']);

function isGoodMember(name: string, value: string): boolean {
  return name === 'crv' ? curves.has(value) : base64Url.test(value.replace(padding, ''));
}

const padding = /=*$/;

function isPrivate(key: JsonObject): boolean {
  return key['kty'] === 'oct' || key['d'] !== undefined;
}

import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { Problem } from '../../lib/problem.ts';
import type { Authority, Certificate, TlsSecret, TlsSecrets } from '../../model/index.ts';
import { groupOf, type RawObject } from './objects.ts';

/** Names under which secrets hold things, the generic ones first: they go before those of type `kubernetes.io/tls`. */
const certificateKeys = [
  ['cert', 'key'],
  ['tls.crt', 'tls.key'],
] as const;
const authorityKeys = [
  ['cacert', 'crl'],
  ['ca.crt', 'ca.crl'],
] as const;
const stapleKey = 'tls.ocsp-staple';

/** Whether the object may hold keys, and so must not be shown or stored as it is. */
export function isSecret({ apiVersion, kind }: Pick<RawObject, 'apiVersion' | 'kind'>): boolean {
  return kind === 'Secret' && groupOf(apiVersion) === '';
}

/** Secrets that hold something for TLS, by namespace. A member that is no base64 is a problem that names it and nothing of what it holds. */
export function tlsSecrets(objects: readonly RawObject[]): {
  readonly value: ReadonlyMap<string, TlsSecrets>;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const value = new Map<string, Map<string, TlsSecret>>();
  for (const object of objects.filter(isSecret)) {
    const secret = tlsSecret(membersOf(object, problems));
    if (secret.certificate === undefined && secret.authority === undefined) continue;
    const named = value.get(object.namespace) ?? new Map<string, TlsSecret>();
    value.set(object.namespace, named.set(object.name, secret));
  }
  return { value, problems };
}

type Members = ReadonlyMap<string, string>;

/** `stringData` is what people write in files; the API server never answers with it. */
function membersOf(object: RawObject, problems: Problem[]): Members {
  const members = new Map<string, string>();
  for (const [key, value] of entriesOf(object.content['data'])) {
    if (typeof value === 'string' && isBase64(value)) members.set(key, value);
    else problems.push(notBase64(object, key));
  }
  for (const [key, value] of entriesOf(object.content['stringData']))
    if (typeof value === 'string') members.set(key, Buffer.from(value).toString('base64'));
  return members;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return Object.entries(isJsonObject(value) ? value : ({} satisfies JsonObject));
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && base64.test(text);
}

function notBase64({ namespace, name }: RawObject, key: string): Problem {
  return {
    code: 'broken-secret',
    severity: 'error',
    object: `Secret ${namespace}/${name}`,
    path: `data[${key}]`,
    message: 'is not base64',
  };
}

function tlsSecret(members: Members): TlsSecret {
  const certificate = certificateOf(members);
  const authority = authorityOf(members);
  return { ...(certificate && { certificate }), ...(authority && { authority }) };
}

function certificateOf(members: Members): Certificate | undefined {
  const found = certificateKeys.find((keys) => keys.every((key) => (members.get(key) ?? '') !== ''));
  if (found === undefined) return undefined;
  const staple = members.get(stapleKey);
  return { chain: members.get(found[0]) ?? '', key: members.get(found[1]) ?? '', ...(staple && { staple }) };
}

function authorityOf(members: Members): Authority | undefined {
  const found = authorityKeys.find(([roots]) => (members.get(roots) ?? '') !== '');
  if (found === undefined) return undefined;
  const revoked = members.get(found[1]);
  return { roots: members.get(found[0]) ?? '', ...(revoked && { revoked }) };
}

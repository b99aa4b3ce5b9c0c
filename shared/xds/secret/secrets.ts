/** Secrets that the control plane hands out itself: those that Gateways and DestinationRules name as credentials. */

import { create } from '@bufbuild/protobuf';
import type { TrafficPolicy } from '../../config/networking/destination-rule.ts';
import { type Secret, SecretSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/secret_pb.js';
import type { Problem } from '../../lib/problem.ts';
import {
  type Authority,
  authorityName,
  type Built,
  type Certificate,
  credentialsOf,
  objectName,
  type Scope,
  type SecretKey,
  secretResourceName,
} from '../../model/index.ts';

/**
 * Every credential of the proxy's own namespace that its Gateways, and rules for what it calls, name. One that is missing is a problem of the object that
 * names it; Envoy goes without and serves everything else.
 */
export function secrets(scope: Scope, key: SecretKey): Built<Secret> {
  const value = new Map<string, Secret>();
  const problems: Problem[] = [];
  for (const wanted of [...gatewayCredentials(key), ...ruleCredentials(scope, key)]) {
    const name = secretResourceName(wanted.credential);
    const place = placeOf(name, scope.namespace);
    if (place === undefined) continue;
    const secret = place.namespace === scope.namespace ? secretOf(scope, name, { ...wanted, secret: place.name }) : undefined;
    if (secret !== undefined) value.set(name, secret);
    else problems.push(missing(wanted, place, scope.namespace));
  }
  return { value: [...value.values()], problems };
}

/** A credential, and the object and field that name it. */
interface Credential {
  readonly credential: string;
  readonly kind: 'certificate' | 'authority';
  readonly object: string;
  readonly path: string;
}

function gatewayCredentials({ gateway }: SecretKey): readonly Credential[] {
  const servers = (gateway?.sockets ?? []).flatMap((socket) => socket.servers);
  return servers.flatMap(({ tls = {}, gateway: name, index }) => {
    const { certificates, authority } = credentialsOf(tls);
    const object = `Gateway ${name}`;
    const field = (tls.credentialNames ?? []).length > 0 ? 'credentialNames' : 'credentialName';
    const path = `spec.servers[${index}].tls.${field}`;
    return [
      ...certificates.map((credential) => ({ credential, kind: 'certificate', object, path }) as const),
      ...(authority === undefined ? [] : [{ credential: authority, kind: 'authority', object, path } as const]),
    ];
  });
}

/** Istio compatibility: sidecars may have credentials only of rules that select their workloads. */
function ruleCredentials(scope: Scope, { type, labels }: SecretKey): readonly Credential[] {
  const rules = new Set(scope.services.flatMap((service) => scope.destinationRuleFor(service, labels) ?? []));
  return [...rules].flatMap((rule) => {
    const { workloadSelector, trafficPolicy, subsets = [] } = rule.spec;
    if (type === 'sidecar' && Object.keys(workloadSelector?.matchLabels ?? {}).length === 0) return [];
    const object = objectName(rule);
    return [
      ...policyCredentials(trafficPolicy, object, 'spec.trafficPolicy'),
      ...subsets.flatMap((subset, index) => policyCredentials(subset.trafficPolicy, object, `spec.subsets[${index}].trafficPolicy`)),
    ];
  });
}

function policyCredentials(policy: TrafficPolicy | undefined, object: string, path: string): readonly Credential[] {
  const ports = (policy?.portLevelSettings ?? []).map(({ tls }, index) => ({ tls, path: `${path}.portLevelSettings[${index}].tls` }));
  return [{ tls: policy?.tls, path: `${path}.tls` }, ...ports].flatMap(({ tls, path: field }): readonly Credential[] => {
    const { credentialName = '', mode, insecureSkipVerify } = tls ?? {};
    if (credentialName === '' || (mode !== 'SIMPLE' && mode !== 'MUTUAL')) return [];
    const common = { object, path: `${field}.credentialName` };
    return [
      ...(mode === 'MUTUAL' ? [{ ...common, credential: credentialName, kind: 'certificate' } as const] : []),
      ...(insecureSkipVerify ? [] : [{ ...common, credential: authorityName(credentialName), kind: 'authority' } as const]),
    ];
  });
}

interface SecretPlace {
  readonly namespace: string;
  readonly name: string;
}

const kubernetesForm = /^kubernetes:\/\/(?:([^/]+)\/)?([^/]+)$/;

/** Undefined for names of other schemes, which others hand out. */
function placeOf(resource: string, ownNamespace: string): SecretPlace | undefined {
  const match = kubernetesForm.exec(resource);
  return match === null ? undefined : { namespace: match[1] ?? ownNamespace, name: match[2] ?? '' };
}

/** Authorities may stand in the secret of the certificate, if there is none of their own name. */
function secretOf({ secrets }: Scope, name: string, { kind, secret }: Credential & { readonly secret: string }): Secret | undefined {
  if (kind === 'certificate') {
    const { certificate } = secrets.get(secret) ?? {};
    return certificate && certificateSecret(name, certificate);
  }
  const { authority } = secrets.get(secret) ?? secrets.get(withoutSuffix(secret)) ?? {};
  return authority && authoritySecret(name, authority);
}

const suffix = authorityName('');

function withoutSuffix(name: string): string {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

function certificateSecret(name: string, { chain, key, staple }: Certificate): Secret {
  const value = { certificateChain: inline(chain), privateKey: inline(key), ...(staple && { ocspStaple: inline(staple) }) };
  return create(SecretSchema, { name, type: { case: 'tlsCertificate', value } });
}

function authoritySecret(name: string, { roots, revoked }: Authority): Secret {
  const value = { trustedCa: inline(roots), ...(revoked && { crl: inline(revoked) }) };
  return create(SecretSchema, { name, type: { case: 'validationContext', value } });
}

function inline(base64: string) {
  return { specifier: { case: 'inlineBytes' as const, value: Buffer.from(base64, 'base64') } };
}

function missing({ object, path, kind }: Credential, { namespace, name }: SecretPlace, own: string): Problem {
  const what = kind === 'certificate' ? 'a certificate and its key (tls.crt and tls.key)' : 'authorities (ca.crt or cacert)';
  const message =
    namespace === own
      ? `there is no Secret ${namespace}/${name} with ${what}; connections that need it fail until there is`
      : `the Secret ${namespace}/${name} is not in ${own}, the namespace of the proxy, and no proxy gets secrets of another one`;
  return { code: 'missing-secret', severity: 'warning', object, path, message };
}

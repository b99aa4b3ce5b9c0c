/** TLS that a proxy begins: of DestinationRules and of tracing. */

import { error, type Findings } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';
import type { InferMessage } from '../../lib/message.ts';
import type { clientTlsSettings } from './connection.ts';

type ClientTls = InferMessage<typeof clientTlsSettings>;

/** @param namespace of the object; empty for settings of the mesh. */
export function* checkClientTls(tls: ClientTls, namespace: string): Findings {
  const { mode = 'DISABLE', credentialName = '' } = tls;
  yield* checkConfigMap(credentialName, namespace);
  if (tls.insecureSkipVerify) yield* checkUnverified(tls);
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credentialName !== '') {
    if (!tls.clientCertificate && !tls.caCertificates && !tls.privateKey && !tls.caCrl) return;
    const message = 'cannot specify client certificates or CA certificate or CA CRL If credentialName is set';
    yield error('tls-credential-name', 'credentialName', message);
    return;
  }
  if (mode !== 'MUTUAL') return;
  if (!tls.clientCertificate) yield error('tls-client-certificate', 'clientCertificate', 'client certificate required for mutual tls');
  if (!tls.privateKey) yield error('tls-private-key', 'privateKey', 'private key required for mutual tls');
}

/** Nothing is verified, so there is nothing to verify it with. */
function* checkUnverified({ mode, caCertificates, credentialName, subjectAltNames = [] }: ClientTls): Findings {
  const hasNames = subjectAltNames.length > 0;
  if (mode === 'SIMPLE' && (caCertificates || credentialName || hasNames)) {
    const message = 'cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true';
    yield error('tls-unverified', 'insecureSkipVerify', message);
  }
  if (mode === 'MUTUAL' && (caCertificates || hasNames)) {
    const message = 'cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true';
    yield error('tls-unverified', 'insecureSkipVerify', message);
  }
}

const configMap = 'configmap://';

/** A ConfigMap may be read by everybody who may write the object, so it must lie in the same namespace. */
function* checkConfigMap(credentialName: string, namespace: string): Findings {
  if (!credentialName.startsWith(configMap)) return;
  const parts = credentialName.slice(configMap.length).split('/');
  const reason = configMapProblem(parts, credentialName) ?? namespaceProblem(parts[0], namespace);
  if (reason !== undefined) yield error('tls-configmap', 'credentialName', `invalid ${configMap} credentialName: ${reason}`);
}

function configMapProblem(parts: readonly string[], credentialName: string): string | undefined {
  const missing = parts.length === 2 ? [...(parts[0] ? [] : ['namespace']), ...(parts[1] ? [] : ['name'])] : ['namespace and name'];
  return missing.length === 0 ? undefined : `invalid resource name ${quoted(credentialName)}. Expected ${missing[0]}`;
}

function namespaceProblem(given: string | undefined, namespace: string): string | undefined {
  if (given === namespace && namespace !== '') return undefined;
  return `namespace must match the configuration namespace ${quoted(namespace)}`;
}

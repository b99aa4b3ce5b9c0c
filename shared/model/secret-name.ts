/** Names of credentials as Gateways and DestinationRules write them, and as Envoy asks for them. */

import type { ServerTls } from '../config/networking/gateway-tls.ts';

const kubernetesScheme = 'kubernetes://';
const authoritySuffix = '-cacert';

/** Name of the SDS resource; a credential without a scheme is a Kubernetes secret. */
export function secretResourceName(credentialName: string): string {
  return credentialName.includes('://') ? credentialName : `${kubernetesScheme}${credentialName}`;
}

/** Credentials of a server. */
export interface ServerCredentials {
  readonly certificates: readonly string[];
  /** That clients are checked against; absent in modes that check none. */
  readonly authority?: string;
}

/** Names of the credentials that the settings ask for; none where certificates are files, the mesh's own or nobody's. */
export function credentialsOf({
  mode,
  credentialName = '',
  credentialNames = [],
  caCertCredentialName = '',
}: ServerTls): ServerCredentials {
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL' && mode !== 'OPTIONAL_MUTUAL') return { certificates: [] };
  const certificates = credentialNames.length > 0 ? credentialNames : [credentialName].filter((name) => name !== '');
  const [first] = certificates;
  if (first === undefined || mode === 'SIMPLE') return { certificates };
  return { certificates, authority: caCertCredentialName || authorityName(first) };
}

/** Authorities belong to the credential of the same name. */
export function authorityName(credentialName: string): string {
  return `${credentialName}${authoritySuffix}`;
}

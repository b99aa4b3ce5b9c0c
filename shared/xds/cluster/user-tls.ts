/** TLS that a DestinationRule asks for in modes SIMPLE and MUTUAL, with certificates that Istio did not issue. */

import type { TransportSocket } from '../../gen/envoy/config/core/v3/base_pb.js';
import type { CommonTlsContextSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import type { Init } from '../init.ts';
import { certificateFile, controlPlaneSecret, rootFile } from '../tls/sds.ts';
import { exactNames, type TlsChoice, type TlsSettings, tlsParams, tlsSocket } from './tls-socket.ts';

interface UserTls {
  /** None where the rule names a credential that this proxy cannot have. */
  readonly socket?: TransportSocket;
  readonly upstream?: { readonly autoSni: boolean; readonly autoSanValidation?: boolean };
}

type TlsContext = Init<typeof CommonTlsContextSchema>;

export function userTls(settings: TlsSettings, choice: TlsChoice): UserTls {
  const { credentialName = '', sni = '' } = settings;
  if (credentialName !== '' && !choice.mayUseSecrets) return {};
  const names = subjectNames(settings, choice);
  const commonTlsContext: TlsContext = {
    tlsParams: { ...tlsParams, ...withDefaults(choice.tlsDefaults) },
    ...ownCertificate(settings),
    validationContextType: validation(settings, names),
    ...(choice.isHttp2 && { alpnProtocols: ['h2'] }),
  };
  const socket = tlsSocket({ commonTlsContext, ...(sni !== '' && { sni }) });
  if (sni !== '') return { socket };
  const checksHost = names.length === 0 && settings.insecureSkipVerify !== true;
  return { socket, upstream: { autoSni: true, ...(checksHost && { autoSanValidation: true }) } };
}

/** What the mesh says of TLS that is not its own. */
function withDefaults({ ecdhCurves = [], cipherSuites = [] }: TlsChoice['tlsDefaults'] = {}) {
  return {
    ...(ecdhCurves.length > 0 && { ecdhCurves: [...ecdhCurves] }),
    ...(cipherSuites.length > 0 && { cipherSuites: [...cipherSuites] }),
  };
}

function subjectNames({ subjectAltNames = [] }: TlsSettings, { serviceNames }: TlsChoice): readonly string[] {
  return subjectAltNames.length > 0 ? subjectAltNames : serviceNames;
}

function ownCertificate({ mode, credentialName = '', clientCertificate = '', privateKey = '' }: TlsSettings): TlsContext {
  if (mode !== 'MUTUAL') return {};
  const source = credentialName === '' ? certificateFile(clientCertificate, privateKey) : controlPlaneSecret(credentialName);
  return { tlsCertificateSdsSecretConfigs: [source] };
}

/** Without a root of its own a rule means those of the operating system. */
function validation(
  { insecureSkipVerify, credentialName = '', caCertificates = '', caCrl = '' }: TlsSettings,
  names: readonly string[],
): NonNullable<TlsContext['validationContextType']> {
  if (insecureSkipVerify === true) return { case: 'validationContext', value: {} };
  const validationContextSdsSecretConfig =
    credentialName === '' ? rootFile(caCertificates === '' ? 'system' : caCertificates) : controlPlaneSecret(`${credentialName}-cacert`);
  return {
    case: 'combinedValidationContext',
    value: {
      defaultValidationContext: {
        ...exactNames(names),
        ...(caCrl !== '' && { crl: { specifier: { case: 'filename', value: caCrl } } }),
      },
      validationContextSdsSecretConfig,
    },
  };
}

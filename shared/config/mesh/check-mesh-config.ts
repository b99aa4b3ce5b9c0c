/** Rules of MeshConfig and of what is in it. Over a complete configuration: the defaults with what a user wrote. */

import { compareText } from '../../lib/compare-text.ts';
import { wildcardDomainProblem } from '../../lib/dns-name.ts';
import { goDurationText, parseDuration } from '../../lib/duration.ts';
import { durationProblem } from '../../lib/duration-problem.ts';
import { at, each, error, errorIf, type Findings, warning } from '../../lib/finding.ts';
import { portProblem } from '../../lib/port.ts';
import { checkConnectionPool } from '../networking/destination-rule-connection-pool.ts';
import { checkOutlierDetection } from '../networking/destination-rule-outlier-detection.ts';
import { checkExtensionProvider } from './check-extension-provider.ts';
import { checkInboundRetry } from './check-inbound-retry.ts';
import { proxyConfigProblems } from './check-proxy-config.ts';
import { checkLocalityLb, checkZoneAwareLb } from './locality-lb.ts';
import type { MeshConfig } from './mesh-config.ts';
import type { ProxyConfig } from './proxy-config.ts';
import { trustDomainProblem } from './trust-domain.ts';

export function* checkMeshConfig(mesh: MeshConfig): Findings {
  yield* prefixed('invalid proxy listen port: ', errorIf('port', 'proxyListenPort', portProblem(mesh.proxyListenPort ?? 0)));
  yield* checkTimeouts(mesh);
  if (mesh.defaultConfig) yield* at('defaultConfig', checkProxyConfigMessage(mesh.defaultConfig));
  else yield error('default-config', 'defaultConfig', 'missing default config');
  // Outlier detection is a matter of each destination.
  if (mesh.localityLbSetting) yield* at('localityLbSetting', checkLocalityLb(mesh.localityLbSetting, true));
  if (mesh.zoneAwareLbSetting) yield* at('zoneAwareLbSetting', checkZoneAwareLb(mesh.zoneAwareLbSetting, true));
  yield* checkServiceSettings(mesh);
  yield* checkTrustDomains(mesh);
  yield* checkCurves(mesh);
  const { connectionPool, outlierDetection } = mesh.defaultTrafficPolicy ?? {};
  if (connectionPool) yield* at('defaultTrafficPolicy.connectionPool', checkConnectionPool(connectionPool));
  if (outlierDetection) yield* at('defaultTrafficPolicy.outlierDetection', checkOutlierDetection(outlierDetection));
  yield* checkProviders(mesh);
  const { defaultInboundHttpRetryPolicy: retry } = mesh;
  if (retry) yield* at('defaultInboundHttpRetryPolicy', checkInboundRetry(retry));
}

/** Istio writes what is wrong with a provider into its log only. */
function* checkProviders({ extensionProviders = [] }: MeshConfig): Findings {
  for (const [index, provider] of extensionProviders.entries()) {
    const told = new Set<string>();
    for (const { code, path, message } of at(`extensionProviders[${index}]`, checkExtensionProvider(provider))) {
      const text = `pilotless: extension provider ${provider.name ?? ''}: ${message}`.slice(0, longestWarning);
      if (!told.has(path)) yield warning(code, path, text);
      told.add(path);
    }
  }
}

/** Of a warning of ours. */
const longestWarning = 200;

function* prefixed(prefix: string, findings: Findings): Findings {
  for (const finding of findings) yield { ...finding, message: prefix + finding.message };
}

const longestConnectTimeout = 3_600_000_000_000n;

function* checkTimeouts({ connectTimeout = '0s', protocolDetectionTimeout = '0s' }: MeshConfig): Findings {
  yield* prefixed('invalid connect timeout: ', errorIf('duration', 'connectTimeout', connectTimeoutProblem(connectTimeout)));
  yield* prefixed(
    'invalid protocol detection timeout: ',
    errorIf('duration', 'protocolDetectionTimeout', detectionProblem(protocolDetectionTimeout)),
  );
}

/** Zero, and what is less, is no detection. */
function detectionProblem(text: string): string | undefined {
  return (parseDuration(text) ?? 0n) % 1_000_000n === 0n ? undefined : 'only durations to ms precision are supported';
}

function connectTimeoutProblem(text: string): string | undefined {
  const nanoseconds = parseDuration(text) ?? 0n;
  const problem = durationProblem(text);
  if (problem !== undefined || nanoseconds <= longestConnectTimeout) return problem;
  return `time ${goDurationText(nanoseconds)} must be >1ms and <1h0m0s`;
}

const autoAllocate = 'ISTIO_META_DNS_AUTO_ALLOCATE';
const autoAllocateDocs =
  'https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/#dns-auto-allocation-v2 for information about replacement functionality';

/** Rules of the mesh's ProxyConfig, which is no object of its own. */
export function* checkProxyConfigMessage(config: ProxyConfig): Findings {
  for (const problem of proxyConfigProblems(config)) yield error('proxy-config', '', problem);
  if (config.proxyMetadata && Object.hasOwn(config.proxyMetadata, autoAllocate)) {
    yield warning('deprecated', `proxyMetadata.${autoAllocate}`, `'${autoAllocate}' is deprecated; review ${autoAllocateDocs}`);
  }
}

function* checkServiceSettings({ serviceSettings = [] }: MeshConfig): Findings {
  for (const [index, { hosts = [] }] of serviceSettings.entries()) {
    const checkHost = (host: string): Findings =>
      prefixed(`serviceSettings[${index}], host \`${host}\`: `, errorIf('host', '', wildcardDomainProblem(host)));
    yield* at(`serviceSettings[${index}]`, each('hosts', hosts, checkHost));
  }
}

function* checkTrustDomains({ trustDomain = '', trustDomainAliases = [] }: MeshConfig): Findings {
  yield* prefixed('trustDomain: ', errorIf('trust-domain', 'trustDomain', trustDomainProblem(trustDomain)));
  for (const [index, alias] of trustDomainAliases.entries()) {
    const path = `trustDomainAliases[${index}]`;
    yield* prefixed(`${path}, domain \`${alias}\` : `, errorIf('trust-domain', path, trustDomainProblem(alias)));
  }
}

/** Those of BoringSSL. */
const curves: ReadonlySet<string> = new Set(['', 'P-224', 'P-256', 'P-384', 'P-521', 'X25519', 'X25519Kyber768Draft00', 'X25519MLKEM768']);

function* checkCurves({ meshMTLS, tlsDefaults }: MeshConfig): Findings {
  if (meshMTLS?.ecdhCurves && meshMTLS.ecdhCurves.length > 0) {
    yield error('ecdh-curves', 'meshMTLS.ecdhCurves', 'mesh TLS does not support ECDH curves configuration');
  }
  const given = tlsDefaults?.ecdhCurves ?? [];
  const path = 'tlsDefaults.ecdhCurves';
  const unknown = given.filter((curve) => !curves.has(curve));
  if (unknown.length > 0) yield warning('ecdh-curves', path, `detected unrecognized ECDH curves: [${listed(unknown)}]`);
  const twice = given.filter((curve, index) => curves.has(curve) && given.indexOf(curve) < index);
  if (twice.length > 0) yield warning('ecdh-curves', path, `detected duplicate ECDH curves: [${listed(twice)}]`);
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].sort(compareText).join(' ');
}

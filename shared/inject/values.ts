import { goPrint } from '../kube/go-print.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { ownMember, setOwnMember } from '../lib/own-member.ts';

/** The part of Istio's Helm values that injection reads, at the places where the chart has it; texts are printed as Go templates print them. */
export interface InjectValues {
  /** As given: user templates see this. */
  readonly raw: JsonObject;
  readonly revision: string;
  readonly rewriteAppHttpProbe: boolean;
  readonly cniEnabled: boolean;
  readonly cniProvider: string;
  readonly clusterTrustBundle: boolean;
  readonly gatewaySecurityContext: JsonObject | undefined;
  readonly gatewaySeccompProfile: JsonObject | undefined;
  readonly global: GlobalValues;
  readonly proxy: ProxyValues;
}

export interface GlobalValues {
  readonly hub: string;
  readonly tag: string;
  readonly variant: string;
  readonly caAddress: string;
  readonly caName: string;
  readonly clusterName: string;
  readonly imagePullPolicy: string;
  readonly imagePullSecrets: readonly string[];
  readonly istioNamespace: string;
  readonly logAsJson: boolean;
  readonly logLevel: string;
  readonly meshId: string;
  readonly mountMtlsCerts: boolean;
  readonly nativeNftables: boolean;
  readonly network: string;
  readonly pilotCertProvider: string;
  readonly proxyInitImage: string;
  readonly forceApplyIptables: boolean;
  readonly stsServicePort: string;
  readonly tokenAudience: string;
  readonly trustBundleName: string;
  readonly trustDomain: string;
}

export interface ProxyValues {
  readonly image: string;
  readonly clusterDomain: string;
  readonly logLevel: string;
  readonly componentLogLevel: string;
  readonly includeIpRanges: string;
  readonly excludeIpRanges: string;
  readonly includeInboundPorts: string;
  readonly excludeInboundPorts: string;
  readonly includeOutboundPorts: string;
  readonly excludeOutboundPorts: string;
  readonly statusPort: string;
  readonly readinessInitialDelaySeconds: string;
  readonly readinessPeriodSeconds: string;
  readonly readinessFailureThreshold: string;
  readonly startupProbe: boolean;
  readonly startupFailureThreshold: number;
  readonly holdApplicationUntilProxyStarts: boolean;
  readonly privileged: boolean;
  readonly lifecycle: JsonObject | undefined;
  readonly resources: JsonObject | undefined;
  readonly seccompProfile: JsonObject | undefined;
  readonly outlierLogPath: string;
  readonly tracer: string;
}

/** What the chart's own values.yaml says, for keys that the given values leave out. */
const chartDefaults = {
  revision: '',
  gateways: {},
  global: {
    caAddress: '',
    caName: '',
    hub: 'registry.istio.io/release',
    imagePullPolicy: '',
    imagePullSecrets: [],
    istioNamespace: 'istio-system',
    logAsJson: false,
    logging: { level: 'default:info' },
    meshID: '',
    mountMtlsCerts: false,
    multiCluster: { clusterName: '' },
    nativeNftables: false,
    network: '',
    pilotCertProvider: 'istiod',
    proxy: {
      clusterDomain: 'cluster.local',
      componentLogLevel: 'misc:error',
      excludeIPRanges: '',
      excludeInboundPorts: '',
      excludeOutboundPorts: '',
      image: 'proxyv2',
      includeIPRanges: '*',
      includeInboundPorts: '*',
      includeOutboundPorts: '',
      logLevel: 'warning',
      outlierLogPath: '',
      privileged: false,
      readinessFailureThreshold: 4,
      readinessInitialDelaySeconds: 0,
      readinessPeriodSeconds: 15,
      resources: { limits: { cpu: '2000m', memory: '1024Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
      startupProbe: { enabled: true, failureThreshold: 600 },
      statusPort: 15020,
      tracer: 'none',
    },
    proxy_init: { forceApplyIptables: false, image: 'proxyv2' },
    sds: { token: { aud: 'istio-ca' } },
    sts: { servicePort: 0 },
    tag: '1.30.0',
    variant: '',
  },
  pilot: { cni: { enabled: false, provider: 'default' }, env: {} },
  sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
} satisfies JsonObject;

/** Reads Helm values once per configuration; a key that is absent has the value in `under`, a null counts as set to nothing. */
export function readInjectValues(given: JsonObject, under: JsonObject = chartDefaults): InjectValues {
  const raw = layer(under, given);
  const at = (path: string): JsonValue | undefined => valueAt(raw, path);
  return {
    raw,
    revision: textAt(at('revision')),
    rewriteAppHttpProbe: truth(at('sidecarInjectorWebhook.rewriteAppHTTPProbe')),
    cniEnabled: truth(at('pilot.cni.enabled')),
    cniProvider: textAt(at('pilot.cni.provider')),
    clusterTrustBundle: at('pilot.env.ENABLE_CLUSTER_TRUST_BUNDLE_API') === true,
    gatewaySecurityContext: filledObject(at('gateways.securityContext')),
    gatewaySeccompProfile: filledObject(at('gateways.seccompProfile')),
    global: readGlobal((key) => at(`global.${key}`)),
    proxy: readProxy((key) => at(`global.proxy.${key}`)),
  };
}

type Lookup = (key: string) => JsonValue | undefined;

function readGlobal(at: Lookup): GlobalValues {
  const secrets = at('imagePullSecrets');
  return {
    hub: textAt(at('hub')),
    tag: textAt(at('tag')),
    variant: textAt(at('variant')),
    caAddress: textAt(at('caAddress')),
    caName: textAt(at('caName')),
    clusterName: textAt(at('multiCluster.clusterName')),
    imagePullPolicy: textAt(at('imagePullPolicy')),
    imagePullSecrets: Array.isArray(secrets) ? secrets.map(goPrint) : [],
    istioNamespace: textAt(at('istioNamespace')),
    logAsJson: truth(at('logAsJson')),
    logLevel: textAt(at('logging.level')),
    meshId: textAt(at('meshID')),
    mountMtlsCerts: truth(at('mountMtlsCerts')),
    nativeNftables: truth(at('nativeNftables')),
    network: textAt(at('network')),
    pilotCertProvider: textAt(at('pilotCertProvider')),
    proxyInitImage: textAt(at('proxy_init.image')) || 'proxyv2',
    forceApplyIptables: truth(at('proxy_init.forceApplyIptables')),
    stsServicePort: truth(at('sts.servicePort')) ? textAt(at('sts.servicePort')) : '',
    tokenAudience: textAt(at('sds.token.aud')),
    trustBundleName: textAt(at('trustBundleName')),
    trustDomain: textAt(at('trustDomain')),
  };
}

function readProxy(at: Lookup): ProxyValues {
  return {
    image: textAt(at('image')) || 'proxyv2',
    clusterDomain: textAt(at('clusterDomain')),
    logLevel: textAt(at('logLevel')),
    componentLogLevel: textAt(at('componentLogLevel')),
    includeIpRanges: textAt(at('includeIPRanges')),
    excludeIpRanges: textAt(at('excludeIPRanges')),
    includeInboundPorts: textAt(at('includeInboundPorts')),
    excludeInboundPorts: textAt(at('excludeInboundPorts')),
    includeOutboundPorts: textAt(at('includeOutboundPorts')),
    excludeOutboundPorts: textAt(at('excludeOutboundPorts')),
    statusPort: textAt(at('statusPort')),
    readinessInitialDelaySeconds: textAt(at('readinessInitialDelaySeconds')),
    readinessPeriodSeconds: textAt(at('readinessPeriodSeconds')),
    readinessFailureThreshold: textAt(at('readinessFailureThreshold')),
    startupProbe: truth(at('startupProbe.enabled')),
    startupFailureThreshold: Number(at('startupProbe.failureThreshold') ?? 0),
    holdApplicationUntilProxyStarts: truth(at('holdApplicationUntilProxyStarts')),
    privileged: truth(at('privileged')),
    lifecycle: filledObject(at('lifecycle')),
    resources: filledObject(at('resources')),
    seccompProfile: filledObject(at('seccompProfile')),
    outlierLogPath: textAt(at('outlierLogPath')),
    tracer: textAt(at('tracer')),
  };
}

/** Objects are joined member by member, anything else in `over` replaces what is below. */
export function layer(under: JsonObject, over: JsonObject): JsonObject {
  const joined: Record<string, JsonValue | undefined> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = ownMember(joined, key);
    setOwnMember(joined, key, isJsonObject(below) && isJsonObject(value) ? layer(below, value) : value);
  }
  return joined;
}

function valueAt(root: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of path.split('.')) {
    value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function textAt(value: JsonValue | undefined): string {
  return value === undefined || value === null ? '' : goPrint(value);
}

/** What an `if` of a Go template takes for true. */
function truth(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

function filledObject(value: JsonValue | undefined): JsonObject | undefined {
  return isJsonObject(value) && Object.keys(value).length > 0 ? value : undefined;
}

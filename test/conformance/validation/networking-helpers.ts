import { validateObject } from '../../../shared/config/validate-object.ts';
import type { JsonObject, JsonValue } from '../../../shared/lib/json.ts';
import type { Messages } from './messages.ts';

/** Istio's helpers for parts of networking objects. Each part is put into the smallest object that has nothing else to complain of. */
export const networkingHelpers: Readonly<Record<string, (...args: readonly never[]) => Messages>> = {
  validateHTTPRoute: (route: JsonObject, isDelegate: boolean, isOfGatewayApi: boolean) =>
    virtualService({ http: [route] }, { isDelegate, isOfGatewayApi }),
  validateRouteDestinations: ([...destinations]: readonly TypedJson[], isOfGatewayApi: boolean) => {
    const route = destinations.map(({ json }) => json);
    const isHttp = destinations.some(({ type }) => type.endsWith('.HTTPRouteDestination'));
    return virtualService(isHttp ? { http: [{ route }] } : { tcp: [{ route }] }, { isOfGatewayApi });
  },
  validateDestination: (destination: JsonObject) => httpRoute({ route: [{ destination }] }),
  validateHTTPRedirect: (redirect: JsonObject | null, match: JsonValue) =>
    httpRoute(redirect === null ? { match, ...forwards } : { match, redirect }),
  validateHTTPDirectResponse: (directResponse: JsonObject) => httpRoute({ directResponse }),
  validateHTTPRewrite: (rewrite: JsonObject | null) => httpRoute({ ...forwards, rewrite }),
  ValidateHTTPRetry: (retries: JsonObject | null) => httpRoute({ ...forwards, retries }),
  validateCORSPolicy: (corsPolicy: JsonObject | null) => httpRoute({ ...forwards, corsPolicy }),
  validateHTTPFaultInjectionAbort: (abort: JsonObject | null) => (abort === null ? none : httpRoute({ ...forwards, fault: { abort } })),
  validateHTTPFaultInjectionDelay: (delay: JsonObject | null) => (delay === null ? none : httpRoute({ ...forwards, fault: { delay } })),
  ValidateHTTPHeaderNameOrJwtClaimRoute: (name: string) => httpRoute({ ...forwards, match: [{ headers: { [name]: { exact: 'x' } } }] }),
  ValidateHTTPHeaderValue: (value: string) => httpRoute({ ...forwards, headers: { response: { set: { name: value } } } }),
  validateServer: (server: JsonObject, isOfGatewayApi: boolean) => gateway(server, isOfGatewayApi),
  validateServerPort: (port: JsonObject, bind: string) => gateway({ port, bind, hosts: ['*'] }, false),
  validateTLSOptions: (tls: JsonObject | null) =>
    tls === null ? none : gateway({ port: { number: 443, protocol: 'HTTPS', name: 'https' }, hosts: ['*'], tls }, false),
  validateTrafficPolicy: (namespace: string, trafficPolicy: JsonObject) => destinationRule({ trafficPolicy }, namespace),
  ValidateTLS: (namespace: string, tls: JsonObject | null) => trafficPolicy({ tls }, namespace),
  validateConnectionPool: (connectionPool: JsonObject | null) => trafficPolicy({ connectionPool }),
  validateOutlierDetection: (outlierDetection: JsonObject | null) => trafficPolicy({ outlierDetection }),
  validateLoadBalancer: (loadBalancer: JsonObject | null, outlierDetection: JsonValue) => trafficPolicy({ loadBalancer, outlierDetection }),
  ValidateLocalityLbSetting: (localityLbSetting: JsonValue, outlierDetection: JsonValue) =>
    trafficPolicy({ loadBalancer: { localityLbSetting }, outlierDetection }),
  ValidateZoneAwareLbSetting: (zoneAwareLbSetting: JsonValue, outlierDetection: JsonValue) =>
    trafficPolicy({ loadBalancer: { zoneAwareLbSetting }, outlierDetection }),
  validateExportTo: exportTo,
};

interface TypedJson {
  readonly json: JsonObject;
  /** Full protobuf name. */
  readonly type: string;
}

const none: Messages = { errors: [], warnings: [] };
const forwards: JsonObject = { route: [{ destination: { host: 'web.example.com' } }] };

/** A part that is null is absent. */
function trafficPolicy(parts: JsonObject, namespace = 'default'): Messages {
  const given = Object.entries(parts).filter(([, part]) => part !== null);
  return given.length === 0 ? none : destinationRule({ trafficPolicy: Object.fromEntries(given) }, namespace);
}

function destinationRule(spec: JsonObject, namespace: string): Messages {
  return messagesOf('DestinationRule', { host: 'web', ...spec }, { namespace });
}

function httpRoute(route: JsonObject): Messages {
  return virtualService({ http: [route] }, {});
}

interface RouteSurroundings {
  readonly isDelegate?: boolean;
  readonly isOfGatewayApi?: boolean;
}

function virtualService(spec: JsonObject, { isDelegate = false, isOfGatewayApi = false }: RouteSurroundings): Messages {
  const annotations = isOfGatewayApi ? { 'internal.istio.io/route-semantics': 'gateway' } : {};
  const head = isDelegate ? {} : { hosts: ['web.example.com'], gateways: ['edge/gateway'] };
  return messagesOf('VirtualService', { ...head, ...spec }, { annotations });
}

function gateway(server: JsonObject, isOfGatewayApi: boolean): Messages {
  const annotations = isOfGatewayApi ? { 'internal.istio.io/gateway-semantics': 'gateway' } : {};
  return messagesOf('Gateway', { servers: [server] }, { annotations });
}

function exportTo(namespace: string, list: JsonValue, isServiceEntry: boolean, hasSelector: boolean): Messages {
  if (isServiceEntry) return messagesOf('ServiceEntry', { hosts: ['web.example.com'], exportTo: list }, { namespace });
  const selector = hasSelector ? { workloadSelector: { matchLabels: { app: 'web' } } } : {};
  return destinationRule({ exportTo: list, ...selector }, namespace);
}

function messagesOf(kind: string, spec: JsonObject, metadata: JsonObject): Messages {
  const object = { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'part', namespace: 'default', ...metadata }, spec };
  const { errors, warnings } = validateObject(object);
  return { errors: errors.map(({ message }) => message), warnings: warnings.map(({ message }) => message) };
}

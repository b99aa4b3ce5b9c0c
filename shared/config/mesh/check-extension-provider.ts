import { domainNameProblem, wildcardDomainProblem } from '../../lib/dns-name.ts';
import { at, error, errorIf, type Findings } from '../../lib/finding.ts';
import { ipAddressProblem } from '../../lib/ip-address.ts';
import { portProblem } from '../../lib/port.ts';
import type { ExtensionProvider } from './extension-provider.ts';

/** A service that a provider is reached at. */
interface Endpoint {
  readonly service?: string;
  readonly port?: number;
}

/** Providers with a service, and what stands in front of what is wrong with its port. */
const portPrefixes = {
  envoyExtAuthzHttp: '',
  envoyExtAuthzGrpc: '',
  zipkin: 'invalid service port: ',
  lightstep: 'invalid service port: ',
  datadog: 'invalid service port: ',
  opencensus: 'invalid service port: ',
  skywalking: 'invalid service port: ',
  opentelemetry: 'invalid service port: ',
  envoyHttpAls: '',
  envoyTcpAls: '',
  envoyOtelAls: '',
} as const;

/** Rules of an extension provider. Paths from the provider. */
export function* checkExtensionProvider(provider: ExtensionProvider): Findings {
  for (const [kind, prefix] of Object.entries(portPrefixes)) {
    const endpoint = provider[kind as keyof typeof portPrefixes];
    if (endpoint) yield* at(kind, checkEndpoint(endpoint, prefix));
  }
  const { lightstep, opentelemetry } = provider;
  if (lightstep && !lightstep.accessToken) yield error('access-token', 'lightstep.accessToken', 'access token is required');
  if (opentelemetry?.http && opentelemetry.grpc) {
    yield error('provider-protocol', 'opentelemetry', 'OpenTelemetryTracingProvider cannot specify both grpc and http');
  }
}

function* checkEndpoint({ service = '', port = 0 }: Endpoint, prefix: string): Findings {
  yield* at('service', checkProviderService(service));
  const problem = portProblem(port);
  if (problem !== undefined) yield error('port', 'port', prefix + problem);
}

/** `HOST`, an address, or `NAMESPACE/HOST`. */
function* checkProviderService(service: string): Findings {
  const slash = service.indexOf('/');
  if (slash === -1) {
    const problem = domainNameProblem(service) === undefined ? undefined : ipAddressProblem(service);
    if (problem !== undefined) yield error('service', '', `invalid service fmt ${service}: ${problem}`);
    return;
  }
  // Istio compatibility: told twice.
  const problem = wildcardDomainProblem(service.slice(slash + 1));
  yield* errorIf('service', '', problem);
  yield* errorIf('service', '', problem);
}

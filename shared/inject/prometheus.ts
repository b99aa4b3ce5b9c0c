import { goJsonText } from '../kube/go-json.ts';
import type { Pod } from '../kube/pod.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { annotation, proxyContainer } from './annotation-names.ts';
import { appendProxyEnvironment, findContainer } from './containers.ts';
import { parseGoBool } from './go-bool.ts';

/** Prometheus itself joins label names with underscores; so two spellings of an annotation mean the same. */
const notAllowedInLabel = /[^A-Za-z0-9_]/g;

function normalised(name: string): string {
  return name.replaceAll(notAllowedInLabel, '_');
}

const scrape = normalised(annotation.prometheusScrape);
const port = normalised(annotation.prometheusPort);
const path = normalised(annotation.prometheusPath);
const targets = normalised(annotation.prometheusTargets);
const securePort = normalised(annotation.prometheusSecurePort);

/** Ports of the proxy that must not be scraped through its agent, with what they are. @see https://istio.io/latest/docs/ops/deployment/application-requirements/ */
const reservedPorts: ReadonlyMap<number, string> = new Map([
  [15000, 'Envoy admin'],
  [15001, 'Envoy outbound'],
  [15004, 'debug'],
  [15006, 'Envoy inbound'],
  [15008, 'HBONE tunnel'],
  [15020, 'agent'],
  [15021, 'health checks'],
  [15053, 'DNS'],
  [15090, 'Envoy Prometheus (already merged)'],
]);

/** Where the agent finds what it has to scrape. */
export const prometheusVariable = 'ISTIO_PROMETHEUS_ANNOTATIONS';

interface Target {
  readonly port: string;
  readonly path: string;
}

/** What the agent shall scrape for the application; the member order is that of Istio's text. */
interface ScrapeConfig {
  readonly scrape: string;
  readonly path: string;
  readonly port: string;
  readonly targets?: readonly Target[];
}

export interface PrometheusOptions {
  /** MeshConfig `enablePrometheusMerge`. */
  readonly mergeByDefault: boolean;
  /** MeshConfig `defaultConfig.statusPort`. */
  readonly statusPort: number;
}

/**
 * Lets one scrape of the agent's port give the metrics of the proxy and of the application: notes what the pod asked to be scraped for the
 * agent, and points the annotations at the agent. Refuses ports of the proxy itself.
 *
 * @see https://istio.io/latest/docs/ops/integrations/prometheus/#option-1-metrics-merging
 */
export function mergePrometheus(pod: Pod, options: PrometheusOptions): Result<Pod> {
  const annotations = pod.metadata?.annotations ?? {};
  const asked = valuesByLabelName(annotations);
  if (!wantsMerge(asked, parseGoBool(annotations[annotation.prometheusMerge] ?? '') ?? options.mergeByDefault)) return ok(pod);
  const statusPort = String(options.statusPort);
  // Somebody pointed it at the agent already: ourselves, in an earlier injection.
  if (asked.get(port) === statusPort) return ok(pod);
  const wanted = scrapeConfig(asked);
  const error = checkPorts(wanted, options.statusPort);
  if (error !== undefined) return fail(error);
  return ok(pointAtAgent(noteForAgent(pod, wanted), statusPort));
}

function wantsMerge(asked: ReadonlyMap<string, string>, mergeWish: boolean): boolean {
  return mergeWish && (parseGoBool(asked.get(scrape) ?? '') ?? true);
}

/** Sorted, so that of two spellings the same one wins whatever their order. */
function valuesByLabelName(annotations: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const name of Object.keys(annotations).sort()) {
    const labelName = normalised(name);
    if (!values.has(labelName)) values.set(labelName, annotations[name] ?? '');
  }
  return values;
}

function scrapeConfig(asked: ReadonlyMap<string, string>): ScrapeConfig {
  const single = { scrape: asked.get(scrape) ?? '', path: asked.get(path) ?? '', port: asked.get(port) ?? '' };
  const several = parseTargets(asked.get(targets) ?? '');
  const first = several[0];
  return first ? { ...single, path: first.path, port: first.port, targets: several } : single;
}

/** `port[:path]`, comma-separated. One entry without a port makes the list unusable. */
function parseTargets(text: string): readonly Target[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const parsed = entries.map((entry): Target => {
    const colon = entry.indexOf(':');
    if (colon < 0) return { port: entry, path: '/metrics' };
    return { port: entry.slice(0, colon).trim(), path: entry.slice(colon + 1).trim() || '/metrics' };
  });
  return parsed.some((target) => target.port === '') ? [] : parsed;
}

const decimal = /^\d+$/;

function checkPorts(wanted: ScrapeConfig, statusPort: number): string | undefined {
  if (wanted.targets) {
    const problem = wanted.targets.map((target) => checkPort(target.port, statusPort, 'target port')).find((found) => found !== undefined);
    return problem && `invalid prometheus scrape targets: ${problem}`;
  }
  const problem = wanted.port === '' ? undefined : checkPort(wanted.port, statusPort, 'port');
  return problem && `invalid prometheus scrape configuration: ${problem}`;
}

function checkPort(text: string, statusPort: number, what: string): string | undefined {
  const number = decimal.test(text) ? Number(text) : 0;
  if (number < 1 || number > 65535) return `invalid ${what} "${text}"`;
  if (number === statusPort) return `${what} ${text} conflicts with agent port`;
  const owner = reservedPorts.get(number);
  return owner && `${what} ${text} is reserved for Istio (${owner}) and cannot be scraped`;
}

function noteForAgent(pod: Pod, wanted: ScrapeConfig): Pod {
  const asksNothing = wanted.scrape === '' && wanted.path === '' && wanted.port === '' && !wanted.targets;
  if (asksNothing) return pod;
  return appendProxyEnvironment(pod, [{ name: prometheusVariable, value: goJsonText({ ...wanted }, 'as given') }]);
}

const rewritten: ReadonlySet<string> = new Set([scrape, port, path, targets]);

function pointAtAgent(pod: Pod, statusPort: string): Pod {
  const kept = Object.entries(pod.metadata?.annotations ?? {}).filter(([name]) => !rewritten.has(normalised(name)));
  const annotations = {
    ...Object.fromEntries(kept),
    [annotation.prometheusScrape]: 'true',
    [annotation.prometheusPort]: statusPort,
    [annotation.prometheusPath]: '/stats/prometheus',
  };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/** Announces the port on which the proxy offers the merged metrics over mutual TLS, if it is told to. */
export function announceSecureMetrics(pod: Pod): Pod {
  const environment = findContainer(pod.spec, proxyContainer)?.env ?? [];
  const value = environment.find((entry) => entry.name === 'ENVOY_SECURE_MERGED_METRICS_PORT')?.value ?? '';
  if (value === '' || value === '0') return pod;
  const annotations = pod.metadata?.annotations ?? {};
  if (Object.keys(annotations).some((name) => normalised(name) === securePort)) return pod;
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...annotations, [annotation.prometheusSecurePort]: value } } };
}

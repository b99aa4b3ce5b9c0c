import { join } from 'node:path';
import { validateApp } from '../../functions/validate/app.ts';
import { bundle } from '../../scripts/bundle.ts';
import { jsonLinesLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import { unneededHints } from '../../shared/sources/hint.ts';
import type { Bench, Figure } from './bench.ts';
import { cpuBesideEcho, type Effort } from './cpu.ts';
import { root } from './inputs.ts';

const sizes: readonly { readonly routes: number; readonly effort: Effort }[] = [
  { routes: 3, effort: { warmUpRequests: 4_000, rounds: 9, requestsPerRound: 300 } },
  { routes: 100, effort: { warmUpRequests: 300, rounds: 7, requestsPerRound: 30 } },
  { routes: 1_000, effort: { warmUpRequests: 30, rounds: 7, requestsPerRound: 5 } },
];

/** The most that the function's own file may have; what it loads when it is asked for is not counted. */
const bundleBudget = 600_000;

/** What the validation of a VirtualService costs, decoding the review and encoding the answer included. */
export const validateBench: Bench = {
  name: 'validate',
  about: 'CPU per review of a VirtualService, beside an echo handler on the same express + serverless-http; growth with its routes',
  run: async (say) => {
    const figures: Figure[] = [];
    const work = new Map<number, number>();
    for (const { routes, effort } of sizes) {
      const body = reviewOf(routes);
      say(`${routes} routes: ${effort.rounds} rounds of ${effort.requestsPerRound} requests for each handler`);
      const { ours, echo } = await cpuBesideEcho('validate', { app: app(), body, effort });
      figures.push({
        what: `${routes} routes (${body.length.toLocaleString('en')} bytes), CPU per review`,
        unit: 'µs',
        value: ours,
        beside: echo,
      });
      work.set(routes, ours - echo);
    }
    const growth = (work.get(1_000) ?? 0) / (work.get(100) ?? 1);
    figures.push({
      what: 'growth of our own work from 100 to 1,000 routes, beside that of the routes',
      unit: '',
      value: growth,
      beside: 10,
    });
    const { startBytes } = await bundle({ entry: join(root, 'functions/validate/handler.ts') });
    figures.push({ what: 'bundle at its start, beside its budget', unit: 'bytes', value: startBytes, beside: bundleBudget });
    return figures;
  },
};

function app() {
  // Lines are formatted as in a function, and dropped.
  const log = jsonLinesLogger({ write: () => undefined, now: () => new Date() });
  return validateApp({ log, metrics: noMetrics, hints: unneededHints });
}

/** A review of a VirtualService whose routes match by path and header, split by weight, and retry. */
function reviewOf(routes: number): Buffer {
  const destination = (subset: string): object => ({ host: 'reviews.shop.svc.cluster.local', subset, port: { number: 8080 } });
  const http = Array.from({ length: routes }, (_, index) => ({
    name: `route-${index}`,
    match: [{ uri: { prefix: `/api/v${index}/` }, headers: { 'x-group': { exact: `group-${index}` } } }],
    route: [
      { destination: destination('v1'), weight: 90 },
      { destination: destination('v2'), weight: 10 },
    ],
    timeout: '5s',
    retries: { attempts: 2, perTryTimeout: '2s', retryOn: '5xx,reset' },
  }));
  const request = {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    operation: 'CREATE',
    namespace: 'shop',
    kind: { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService' },
    resource: { group: 'networking.istio.io', version: 'v1', resource: 'virtualservices' },
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'shop' },
      spec: { hosts: ['reviews.shop.svc.cluster.local'], http },
    },
  };
  return Buffer.from(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }));
}

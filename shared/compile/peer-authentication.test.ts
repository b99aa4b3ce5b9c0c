import { describe, expect, it } from 'vitest';
import { assignmentsOf, clustersOf, shopScope } from '../../test/fixtures/clusters.ts';
import { object, pod, type RawObject, sidecar, webEndpoints, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../lib/json.ts';
import { classKeyOf } from '../snapshot/projection.ts';
import { compile } from './compile.ts';

const web = 'outbound|80||web.shop.svc.cluster.local';
const backends = [webService('web'), pod('web-1', '10.0.0.1', { app: 'web' }), webEndpoints('web', { 'web-1': '10.0.0.1' })];

function policy(name: string, spec: JsonObject, namespace = 'shop'): RawObject {
  return object('security.istio.io/v1', 'PeerAuthentication', name, { spec }, { namespace });
}

const disabled = { mtls: { mode: 'DISABLE' } };
const ofWeb = { selector: { matchLabels: { app: 'web' } } };
const ofPort = (port: number): JsonObject => ({ ...ofWeb, portLevelMtls: { [port]: { mode: 'DISABLE' } } });

describe('callers of a workload', () => {
  it.each([
    ['nothing', {}, true, true],
    ['STRICT', { mtls: { mode: 'STRICT' } }, true, true],
    ['its namespace', disabled, false, false],
    ['itself', { ...ofWeb, ...disabled }, false, true],
    ['its port', ofPort(8080), false, true],
    ['another port', ofPort(80), true, true],
  ])('where mutual TLS is turned off by %s', (_, spec, endpointSpeaks, clusterSpeaks) => {
    const scope = shopScope([...backends, policy('p', spec)]);

    expect(JSON.stringify(assignmentsOf(scope)[web]).includes('"tlsMode":"istio"')).toBe(endpointSpeaks);
    expect(Object.hasOwn(clustersOf(scope)[web] ?? {}, 'transportSocketMatches')).toBe(clusterSpeaks);
  });

  it('begin mutual TLS with all endpoints where a rule says so', () => {
    const tls = { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } };
    const rule = object('networking.istio.io/v1', 'DestinationRule', 'web', { spec: { host: 'web', ...tls } });
    const scope = shopScope([...backends, policy('p', disabled), rule]);

    expect(JSON.stringify(assignmentsOf(scope)[web])).toContain('"tlsMode":"istio"');
    expect(clustersOf(scope)[web]).toHaveProperty('transportSocket');
  });
});

/** Hash of the listener for incoming connections. */
function inboundOf(node: JsonObject, ...objects: readonly RawObject[]): string | undefined {
  const { snapshot } = compile(worldOf([...backends, ...objects]), [node]);
  const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
  return found?.chunks.flatMap(({ refs }) => refs).find(({ name }) => name === 'virtualInbound')?.hash;
}

describe('a workload', () => {
  const known = sidecar('web-1', '10.0.0.1');
  const unknown = sidecar('vm-1', '10.9.0.1', { LABELS: { app: 'web' } });
  const strict = { mtls: { mode: 'STRICT' } };

  it.each([
    ['known to the registry', known],
    ['known by its own labels alone', unknown],
  ])('%s takes connections as the policy that selects it says', (_, node) => {
    const plain = inboundOf(node);

    expect(inboundOf(node, policy('p', { ...ofWeb, ...strict }))).not.toBe(plain);
    expect(inboundOf(node, policy('p', strict))).toBe(inboundOf(node, policy('p', { ...ofWeb, ...strict })));
    expect(inboundOf(node, policy('p', strict, 'other'))).toBe(plain);
    expect(inboundOf(node, policy('p', { ...strict, selector: { matchLabels: { app: 'db' } } }))).toBe(plain);
  });

  it('takes connections to a port that no service has as its policy says', () => {
    expect(inboundOf(known, policy('p', { ...ofWeb, portLevelMtls: { 12345: { mode: 'STRICT' } } }))).not.toBe(inboundOf(known));
  });

  it('is not changed by a policy that cannot be translated, which is a problem', () => {
    const wrong = policy('p', { portLevelMtls: { 80: strict.mtls } });

    expect(inboundOf(known, wrong)).toBe(inboundOf(known));
    expect(compile(worldOf([...backends, wrong]), [known]).snapshot.problems).toMatchObject([{ object: 'PeerAuthentication shop/p' }]);
  });
});

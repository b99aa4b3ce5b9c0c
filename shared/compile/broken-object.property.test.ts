import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { config, pod, type RawObject, sidecar, webEndpoints, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { classKeyOf } from '../snapshot/projection.ts';
import { compile } from './compile.ts';

const rule: JsonObject = {
  host: 'web',
  trafficPolicy: {
    loadBalancer: { consistentHash: { httpCookie: { name: 'c', ttl: '1s' }, ringHash: { minimumRingSize: 1 } } },
    connectionPool: { tcp: { maxConnections: 1, connectTimeout: '1s', tcpKeepalive: { time: '1s' } }, http: { idleTimeout: '1s' } },
    outlierDetection: { consecutive5xxErrors: 1, interval: '1s', minHealthPercent: 10, maxEjectionPercent: 10 },
    tls: { mode: 'SIMPLE', sni: 'a.example.com' },
    portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: 'RANDOM', warmup: { duration: '1s', aggression: 1 } } }],
  },
  subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { localityLbSetting: { failoverPriority: ['a'] } } } }],
  exportTo: ['*'],
};
const entry: JsonObject = {
  hosts: ['api.example.com'],
  addresses: ['240.0.0.1', '240.0.1.0/24'],
  ports: [{ number: 443, name: 'tls', protocol: 'TLS', targetPort: 8443 }],
  location: 'MESH_EXTERNAL',
  resolution: 'STATIC',
  endpoints: [{ address: '10.1.0.1', ports: { tls: 1443 }, labels: { version: 'v1' }, locality: 'r/z', weight: 2, network: 'n' }],
  exportTo: ['.'],
  subjectAltNames: ['x'],
};
const place: JsonObject = {
  address: '10.2.0.1',
  ports: { http: 8080 },
  labels: { app: 'web' },
  serviceAccount: 'vm',
  locality: 'r/z',
  weight: 3,
};
/** What a rule is for is what it names: changed, it may well be for everything. */
const isScope = ([first]: readonly string[]): boolean => first === 'host' || first === 'hosts';
const others: readonly RawObject[] = [
  webService('web'),
  webService('other', { clusterIP: '10.96.0.2' }),
  pod('web-1', '10.0.0.1', { app: 'web' }),
  webEndpoints('web', { 'web-1': '10.0.0.1' }),
  webEndpoints('other', { 'web-1': '10.0.0.1' }),
];
const node = sidecar('web-1', '10.0.0.1', { DNS_CAPTURE: 'true' });

/** What concerns a service that no rule and no entry names, with its hashes; and the objects that have problems. */
function untouched(objects: readonly RawObject[]) {
  const { snapshot } = compile(worldOf(objects), [node]);
  const found = snapshot.classes.get(classKeyOf(snapshot.projection, node));
  const refs = (found?.chunks ?? []).flatMap(({ refs: own }) => own).filter(({ name }) => name.endsWith('other.shop.svc.cluster.local'));
  return { refs, broken: snapshot.problems.map(({ object }) => object) };
}

/** Every place below a value, as the steps to it. */
function placesIn(value: JsonValue, steps: readonly string[] = []): readonly (readonly string[])[] {
  const members = isJsonArray(value) || isJsonObject(value) ? Object.entries(value) : [];
  return [...(steps.length > 0 ? [steps] : []), ...members.flatMap(([key, member]) => placesIn(member ?? null, [...steps, key]))];
}

/** A copy with another value at one place. */
function changed(value: JsonValue, [step, ...rest]: readonly string[], to: JsonValue): JsonValue {
  if (step === undefined) return to;
  if (isJsonArray(value)) return value.map((item, index) => (String(index) === step ? changed(item, rest, to) : item));
  const members = isJsonObject(value) ? value : {};
  return { ...members, [step]: changed(members[step] ?? null, rest, to) };
}

const strange = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    '',
    -1,
    0,
    2 ** 32,
    2 ** 31,
    70_000,
    1e300,
    true,
    [],
    {},
    '*',
    '~',
    '-1s',
    '999999999999999s',
    '1e9',
    '::',
    '/',
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
);

describe('an object with any value at any place', () => {
  const rest = untouched(others).refs;

  it.each([
    ['DestinationRule', rule],
    ['ServiceEntry', entry],
    ['WorkloadEntry', place],
  ])('of kind %s changes nothing for what it does not name, and only it has problems', (kind, spec) => {
    const mutation = fc.array(fc.tuple(fc.constantFrom(...placesIn(spec).filter((place) => !isScope(place))), strange), {
      minLength: 1,
      maxLength: 3,
    });

    expect(rest.length).toBeGreaterThan(1);
    fc.assert(
      fc.property(mutation, (changes) => {
        const broken = changes.reduce<JsonValue>((made, [at, to]) => changed(made, at, to), spec);
        const { refs, broken: objects } = untouched([...others, config(kind, 'odd', isJsonObject(broken) ? broken : {})]);

        expect(refs).toEqual(rest);
        expect(objects.filter((object) => object !== `${kind} shop/odd`)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

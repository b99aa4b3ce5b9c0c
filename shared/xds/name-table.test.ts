import { describe, expect, it } from 'vitest';
import { shopScope } from '../../test/fixtures/clusters.ts';
import { config, object, pod, type RawObject, webEndpoints, webService } from '../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../lib/json.ts';
import type { NameTableKey } from '../model/index.ts';
import { nameTable } from './name-table.ts';

const capturing: NameTableKey = { network: '', ipFamilies: 'v4', capturesDns: true, takesAutoAddresses: true };

/** Without the wire's own members. */
function tableOf(objects: readonly RawObject[], key: Partial<NameTableKey> = {}): JsonObject {
  const [table] = nameTable(shopScope(objects), { ...capturing, ...key }).value;
  return JSON.parse(
    JSON.stringify(table?.table, (name, value: unknown) => (name.startsWith('$') || name === 'altHosts' ? undefined : value)),
  ) as JsonObject;
}

const headless = webService('db', { clusterIP: 'None' });
const host = 'db.shop.svc.cluster.local';
const entry = (name: string, spec: JsonObject): RawObject =>
  config('ServiceEntry', name, { hosts: ['api.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], ...spec });

/** A slice of the headless service with one endpoint. */
function slice(name: string, ip: string, conditions: JsonObject): RawObject {
  const fields = {
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080 }],
    endpoints: [{ addresses: [ip], conditions, targetRef: { kind: 'Pod', name } }],
  };
  return object('discovery.k8s.io/v1', 'EndpointSlice', `db-${name}`, fields, { labels: { 'kubernetes.io/service-name': 'db' } });
}

describe('the name table', () => {
  it('tells the agent the parts of a Kubernetes name, of which it makes the abbreviations', () => {
    expect(tableOf([webService('web')])).toEqual({
      'web.shop.svc.cluster.local': { ips: ['10.96.0.1'], registry: 'Kubernetes', shortname: 'web', namespace: 'shop' },
    });
  });

  it('has the pods of a headless service together, and each that has a host name', () => {
    const db0 = pod('db-0', '10.0.0.1', {}, { spec: { hostname: 'db-0', subdomain: 'db' } });
    const table = tableOf([headless, db0, pod('other', '10.0.0.2'), webEndpoints('db', { 'db-0': '10.0.0.1', other: '10.0.0.2' })]);

    expect(table).toEqual({
      [host]: { ips: ['10.0.0.1', '10.0.0.2'], registry: 'Kubernetes', shortname: 'db', namespace: 'shop' },
      [`db-0.${host}`]: { ips: ['10.0.0.1'], registry: 'Kubernetes', shortname: 'db-0.db', namespace: 'shop' },
    });
  });

  it.each([
    [{ ready: true }, {}, true],
    [{ ready: false, terminating: false }, {}, false],
    [{ ready: false, terminating: true }, {}, false],
    [{ ready: false, terminating: false }, { publishNotReadyAddresses: true }, true],
  ])('has a pod of a headless service in condition %j with spec %j: %s', (conditions, spec, expected) => {
    const table = tableOf([
      webService('db', { clusterIP: 'None', ...spec }),
      pod('db-0', '10.0.0.1'),
      slice('db-0', '10.0.0.1', conditions),
    ]);
    expect(Object.hasOwn(table, host)).toBe(expected);
  });

  it.each([
    ['', true],
    ['near', true],
    ['far', false],
  ])('has a pod of network "near" for a caller of network "%s": %s', (network, expected) => {
    const near = pod('db-0', '10.0.0.1', { 'topology.istio.io/network': 'near' });
    expect(Object.hasOwn(tableOf([headless, near, webEndpoints('db', { 'db-0': '10.0.0.1' })], { network }), host)).toBe(expected);
  });

  it('has all addresses of a ServiceEntry’s host, but no prefixes', () => {
    expect(tableOf([entry('a', { addresses: ['240.0.0.1', '10.0.0.0/8', '240.0.0.2/32'], resolution: 'STATIC' })])).toEqual({
      'api.example.com': { ips: ['240.0.0.1', '240.0.0.2'], registry: 'External', shortname: '', namespace: '' },
    });
  });

  it('leaves hosts without an address to the DNS server behind it', () => {
    expect(
      tableOf([entry('a', { resolution: 'DNS' }), headless, webService('alias', { type: 'ExternalName', externalName: 'a.b' })]),
    ).toEqual({});
  });

  it('has the address that was given to a host without one', () => {
    const given = entry('a', { resolution: 'DNS' });
    const status = { addresses: [{ host: 'api.example.com', value: '240.240.0.7' }] };
    const table = tableOf([{ ...given, content: { ...given.content, status } }]);

    expect(table).toMatchObject({ 'api.example.com': { ips: ['240.240.0.7'] } });
  });
});

import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { validateObject } from './validate-object.ts';

const route = [{ destination: { host: 'web' } }];

function object(kind: string, spec: JsonObject): JsonObject {
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'n', namespace: 'ns' }, spec };
}

describe('an object that is hard to look at is answered', () => {
  const routes = Array.from({ length: 5_000 }, (_, index) => ({ match: [{ uri: { prefix: `/${index.toString(36)}` } }], route }));
  const virtualService = (spec: JsonObject): JsonObject => object('VirtualService', { hosts: ['web'], ...spec });

  it('with 5,000 routes, of which one covers all others', () => {
    const behindAll = [{ match: [{ uri: { prefix: '/' } }], route }, ...routes];

    expect(validateObject(virtualService({ http: routes })).errors).toEqual([]);
    expect(validateObject(virtualService({ http: behindAll })).warnings).toHaveLength(1_000);
  });

  it('with more errors than anybody reads', () => {
    const { errors, denial } = validateObject(virtualService({ http: Array(5_000).fill({}) }));

    expect(errors).toHaveLength(1_000);
    expect(denial).toMatch(/^configuration is invalid: 1000 errors occurred:/);
  });

  it('with an error behind more warnings than anybody reads', () => {
    const hosts = Array(2_000).fill('ns/a.b');

    expect(validateObject(object('Sidecar', { egress: [{ hosts: [...hosts, 'a'] }] })).denial).toBe(
      'configuration is invalid: host must be of form namespace/dnsName',
    );
  });

  it('nested as deep as it is large', () => {
    const deep = (open: string, close: string): JsonValue => JSON.parse(open.repeat(200_000) + close.repeat(200_000));

    for (const value of [deep('[', ']'), JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)]) {
      for (const field of ['hosts', 'http', 'unknown'])
        expect(typeof validateObject(virtualService({ [field]: value })).errors).toBe('object');
      const enumerated = object('ServiceEntry', { hosts: ['web.example.com'], resolution: value });
      expect(validateObject(enumerated).denial).toContain('error decoding configuration');
      expect(validateObject(object('WorkloadEntry', { address: '10.0.0.1', weight: value })).denial).toContain('error decoding');
      expect(validateObject(virtualService({ http: [{ route, timeout: value }] })).denial).toContain('error decoding');
    }
  });
});

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../lib/json.ts';
import { validateObject } from './validate-object.ts';

const entry = (parts: JsonObject = {}): JsonObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'WorkloadEntry',
  metadata: { name: 'vm', namespace: 'shop' },
  spec: { address: '10.0.0.1' },
  ...parts,
});

const problem = { severity: 'error', object: 'WorkloadEntry shop/vm' };

describe('validateObject', () => {
  it('accepts an object without problems, of any version and with any status', () => {
    expect(validateObject(entry({ status: 'odd' }))).toEqual({ errors: [], warnings: [] });
    expect(validateObject(entry({ apiVersion: 'networking.istio.io/v9' }))).toEqual({ errors: [], warnings: [] });
  });

  it('tells where in the YAML an error lies, and denies with its text', () => {
    const message = 'port number 0 must be in the range 1..65535';

    expect(validateObject(entry({ spec: { address: '10.0.0.1', ports: { http: 0 } } }))).toEqual({
      errors: [{ ...problem, code: 'port', path: 'spec.ports[http]', message }],
      warnings: [],
      denial: `configuration is invalid: ${message}`,
    });
  });

  it('denies with a counted list of several errors', () => {
    const { denial } = validateObject(entry({ spec: { address: '10.0.0.1', ports: { 'a b': 0 } } }));

    expect(denial).toBe(
      'configuration is invalid: 2 errors occurred:\n\t* invalid port name: a b\n\t* port number 0 must be in the range 1..65535\n\n',
    );
  });

  it('warns of what it accepts, and only of that', () => {
    const unset = { network: 'n' };

    expect(validateObject(entry({ spec: unset })).warnings).toMatchObject([{ severity: 'warning', path: 'spec.address' }]);
    expect(validateObject(entry({ spec: { ...unset, ports: { http: 0 } } })).warnings).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['an odd kind', { kind: 5 }, 'cannot decode configuration: json: cannot unmarshal number into Go value of type string'],
    [
      'odd labels',
      { metadata: { labels: { a: 1 } } },
      'cannot decode configuration: json: cannot unmarshal number into Go value of type string',
    ],
    ['a kind of nobody', { kind: 'Workload' }, 'unrecognized type networking.istio.io/v1, Kind=Workload'],
    ['a core kind', { apiVersion: 'v1', kind: 'Pod' }, 'unrecognized type /v1, Kind=Pod'],
    [
      'an odd spec',
      { spec: 'x', odd: 1 },
      'error decoding configuration: json: cannot unmarshal string into Go value of type map[string]json.RawMessage',
    ],
    [
      'an annotation of istiod',
      { spec: {}, metadata: { annotations: { 'internal.istio.io/parents': '' } } },
      'this may not be set by users',
    ],
    ['a broken rule', { spec: {}, odd: 1 }, 'configuration is invalid: address is required'],
    ['an unknown member', { odd: 1 }, 'unknown field "odd" on WorkloadEntry resource shop/vm'],
  ])('ends with the first stage that finds an error: %s', (_, parts, denial) => {
    expect(validateObject(entry(parts)).denial).toContain(denial);
  });

  it('calls the object as the API server called it', () => {
    const { denial } = validateObject(entry({ odd: 1 }), { kind: 'Entry', namespace: 'other' });

    expect(denial).toBe('unknown field "odd" on Entry resource other/vm');
  });

  it('accepts the kinds of Gateway API as they are', () => {
    const route = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', spec: { rules: 5 } };

    expect(validateObject(route)).toEqual({ errors: [], warnings: [] });
  });
});

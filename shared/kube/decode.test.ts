import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { pod, podSpec } from './pod.ts';
import { bool, int64, intOrString, list, map, quantity, string, struct, time } from './schema.ts';

function errorOf(value: unknown): string {
  const decoded = decode(value, pod);
  return decoded.ok ? 'no error' : decoded.error;
}

describe('decode', () => {
  it('returns what needs no change as it came', () => {
    const value = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', resources: { limits: { cpu: '1' } } }] } };

    expect(decode(value, pod)).toEqual({ ok: true, value });
    expect(decode(value, pod)).toHaveProperty(
      'value',
      expect.toSatisfy((decoded) => decoded === value),
    );
  });

  it('drops members that the type lacks, and nulls, and shares the rest', () => {
    const metadata = { name: 'p' };
    const value = { bogus: 1, metadata, spec: { hostname: null, containers: [{ name: 'c', image: null, env: undefined }] } };

    const decoded = decode(value, pod);

    expect(decoded).toEqual({ ok: true, value: { metadata, spec: { containers: [{ name: 'c' }] } } });
    expect(decoded.ok && decoded.value.metadata).toBe(metadata);
  });

  it('makes quantities and times canonical', () => {
    const value = {
      metadata: { creationTimestamp: '2026-01-02T03:04:05.678+02:00' },
      spec: { containers: [{ resources: { limits: { cpu: 2, memory: ' 1024Mi ' } } }] },
    };

    expect(decode(value, pod)).toEqual({
      ok: true,
      value: {
        metadata: { creationTimestamp: '2026-01-02T01:04:05Z' },
        spec: { containers: [{ resources: { limits: { cpu: '2', memory: '1Gi' } } }] },
      },
    });
  });

  it('keeps the place of a null in a list and the key of one in a map, as a zero value', () => {
    const value = {
      metadata: { labels: { a: null } },
      spec: { containers: [null, { name: 'c', args: [null] }], nodeSelector: { x: null }, overhead: { cpu: null } },
    };

    expect(decode(value, pod)).toEqual({
      ok: true,
      value: {
        metadata: { labels: { a: '' } },
        spec: { containers: [{}, { name: 'c', args: [''] }], nodeSelector: { x: '' }, overhead: { cpu: '0' } },
      },
    });
  });

  it.each([
    [{ spec: { containers: 'x' } }, 'string into Go struct field PodSpec.spec.containers of type []v1.Container'],
    [{ spec: { containers: [{ env: [{ value: 5 }] }] } }, 'number into Go struct field EnvVar.spec.containers.env.value of type string'],
    [{ spec: { containers: [{ name: ['x'] }] } }, 'array into Go struct field Container.spec.containers.name of type string'],
    [{ spec: { priority: 3e9 } }, 'number 3000000000 into Go struct field PodSpec.spec.priority of type int32'],
    [{ spec: { priority: 1.5 } }, 'number 1.5 into Go struct field PodSpec.spec.priority of type int32'],
    [{ spec: { hostNetwork: 'yes' } }, 'string into Go struct field PodSpec.spec.hostNetwork of type bool'],
    [{ metadata: { annotations: { a: true } } }, 'bool into Go struct field ObjectMeta.metadata.annotations of type string'],
    [{ spec: { overhead: [] } }, 'array into Go struct field PodSpec.spec.overhead of type v1.ResourceList'],
    [{ metadata: [] }, 'array into Go struct field Pod.metadata of type v1.ObjectMeta'],
    [
      { spec: { containers: [{ securityContext: { capabilities: { add: [true] } } }] } },
      'bool into Go struct field Capabilities.spec.containers.securityContext.capabilities.add of type v1.Capability',
    ],
    [
      { spec: { containers: [{ livenessProbe: { httpGet: { port: true } } }] } },
      'bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
    ],
    [[], 'array into Go value of type v1.Pod'],
    ['x', 'string into Go value of type v1.Pod'],
  ])('says what is wrong with %j in the words of encoding/json', (value, message) => {
    expect(errorOf(value)).toBe(`json: cannot unmarshal ${message}`);
  });

  it('reports the first wrong type, unless a quantity or a time cannot be read at all', () => {
    const wrongType = { spec: { hostname: 1, subdomain: 2 } };

    expect(errorOf(wrongType)).toContain('PodSpec.spec.hostname');
    expect(errorOf({ spec: { hostname: 1, overhead: { cpu: 'x' } } })).toContain('quantities must match');
    expect(errorOf({ spec: { overhead: { cpu: {} } } })).toContain('quantities must match');
    expect(errorOf({ metadata: { creationTimestamp: 'yesterday' } })).toContain('parsing time "yesterday"');
  });

  it('takes __proto__ and constructor for names like any other', () => {
    const value = JSON.parse('{"metadata":{"labels":{"__proto__":"a","constructor":"b","x":null}},"__proto__":{"spec":{}},"toString":1}');

    const decoded = decode(value, pod);

    expect(JSON.stringify(decoded.ok && decoded.value)).toBe('{"metadata":{"labels":{"__proto__":"a","constructor":"b","x":""}}}');
  });

  it('does not write to its input', () => {
    const value = JSON.parse('{"spec":{"containers":[null,{"resources":{"limits":{"cpu":"1000m"}}}],"bogus":1}}');
    const before = structuredClone(value);

    decode(value, pod);

    expect(value).toEqual(before);
  });

  it('reads every scalar kind', () => {
    const all = struct('All', {
      s: string,
      b: bool,
      i: int64,
      p: intOrString,
      q: quantity,
      t: time,
      l: list(list(string)),
      m: map(list(int64)),
    });
    const value = { s: '', b: false, i: -5, p: 'http', q: '0', t: '2026-01-01T00:00:00Z', l: [['a'], []], m: { a: [1] } };

    expect(decode(value, all)).toEqual({ ok: true, value });
    expect(decode({ p: 80.5 }, all)).toHaveProperty(
      'error',
      expect.stringContaining('number 80.5 into Go struct field All.p of type int32'),
    );
    expect(decode({ l: [null], m: { a: null } }, all)).toEqual({ ok: true, value: { l: [[]], m: { a: [] } } });
  });

  it('carries the status as it came', () => {
    const status = { phase: 'Running', containerStatuses: null };

    expect(decode({ status }, pod)).toEqual({ ok: true, value: { status } });
  });

  it('keeps fields of the newest API', () => {
    const spec = {
      hostnameOverride: 'h',
      containers: [{ name: 'c', restartPolicyRules: [{ action: 'Restart', exitCodes: { values: [1] } }] }],
    };

    expect(decode(spec, podSpec)).toEqual({ ok: true, value: spec });
  });
});

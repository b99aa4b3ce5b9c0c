import { describe, expect, it } from 'vitest';
import { container, injectorConfig, pod, templateInput, values } from '../../../test/fixtures/inject.ts';
import type { JsonObject } from '../../lib/json.ts';
import * as environment from './environment.ts';

const withGlobal = (global: JsonObject, more: JsonObject = {}) => templateInput({ values: values({ global, ...more }) });

describe('certificateAuthority', () => {
  it.each([
    ['the control plane', withGlobal({}), 'istiod.istio-system.svc:15012'],
    ['that of a revision', withGlobal({ istioNamespace: 'mesh' }, { revision: 'canary' }), 'istiod-canary.mesh.svc:15012'],
    ['the address of values', withGlobal({ caAddress: 'ca.example:1' }), 'ca.example:1'],
  ])('is %s', (_what, given, address) => {
    expect(environment.certificateAuthority(given)).toEqual([
      { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
      { name: 'CA_ADDR', value: address },
    ]);
  });
});

describe('proxyConfigVariable', () => {
  it('has only what differs from the defaults, on one line', () => {
    const { mesh } = injectorConfig();

    expect(environment.proxyConfigVariable(templateInput())).toEqual({ name: 'PROXY_CONFIG', value: '{}\n' });
    expect(environment.proxyConfigVariable(templateInput({ proxyConfig: { ...mesh.defaultConfig, concurrency: 2 } })).value).toBe(
      '{"concurrency":2}\n',
    );
  });
});

describe('podPorts', () => {
  it('is one port a line, with commas in front', () => {
    const ports = [
      { containerPort: 80, name: 'http' },
      { containerPort: 81, protocol: 'UDP' },
    ];
    const given = pod({ spec: { containers: [container({ ports }), container({ name: 'b', ports: [{ containerPort: 82 }] })] } });

    expect(environment.podPorts(templateInput({ pod: given })).value).toBe(
      '[\n    {"name":"http","containerPort":80}\n    ,{"containerPort":81,"protocol":"UDP"}\n    ,{"containerPort":82}\n]',
    );
  });

  it.each([pod(), {}])('is an empty list for a pod without ports', (given) => {
    expect(environment.podPorts(templateInput({ pod: given })).value).toBe('[\n]');
  });
});

describe('appContainers', () => {
  it('leaves the proxy out', () => {
    const given = pod({ spec: { containers: [container(), { name: 'istio-proxy' }, container({ name: 'b' }), {}] } });

    expect(environment.appContainers(templateInput({ pod: given })).value).toBe('app,b,');
  });
});

describe('cluster and network', () => {
  it('are those of values', () => {
    expect(environment.clusterId(withGlobal({})).value).toBe('Kubernetes');
    expect(environment.clusterId(withGlobal({ multiCluster: { clusterName: 'c1' } })).value).toBe('c1');
    expect(environment.network(withGlobal({}))).toEqual([]);
    expect(environment.network(withGlobal({ network: 'n1' }))).toEqual([{ name: 'ISTIO_META_NETWORK', value: 'n1' }]);
  });
});

describe('workload', () => {
  const { owner } = templateInput();

  it('names the workload and its owner', () => {
    expect(environment.workload(templateInput(), 'web')).toEqual([
      { name: 'ISTIO_META_WORKLOAD_NAME', value: 'web' },
      { name: 'ISTIO_META_OWNER', value: 'kubernetes://apis/apps/v1/namespaces/shop/deployments/web' },
    ]);
  });

  it('takes the default namespace for none', () => {
    const given = templateInput({ owner: { ...owner, namespace: '' } });

    expect(environment.workload(given, 'web')[1]?.value).toContain('/namespaces/default/');
  });

  it.each([
    ['a name', { ...owner, name: '' }],
    ['a version', { ...owner, apiVersion: '' }],
  ])('does not name an owner without %s', (_what, given) => {
    expect(environment.workload(templateInput({ owner: given }), '')).toEqual([]);
  });
});

describe('meshIdentity', () => {
  it.each<readonly [string, JsonObject, string | undefined, readonly string[]]>([
    ['the trust domain for both', {}, 'td', ['td', 'td']],
    ['the mesh id of values', { meshID: 'm' }, 'td', ['m', 'td']],
    ['the trust domain of values', { trustDomain: 'v' }, undefined, ['v', 'v']],
    ['nothing', {}, undefined, []],
  ])('is %s', (_what, global, trustDomain, expected) => {
    const given = templateInput({ values: values({ global }), mesh: { ...(trustDomain !== undefined && { trustDomain }) } });

    expect(environment.meshIdentity(given).map(({ value }) => value)).toEqual(expected);
  });
});

describe('compliance', () => {
  it.each([
    ['', []],
    ['fips-140-2', ['COMPLIANCE_POLICY=fips-140-2']],
    ['fips-140-3', ['COMPLIANCE_POLICY=fips-140-3', 'GODEBUG=fips140=only']],
    ['pqc', ['COMPLIANCE_POLICY=pqc']],
  ])('of %j is %j', (compliancePolicy, expected) => {
    expect(environment.compliance(templateInput({ compliancePolicy })).map(({ name, value }) => `${name}=${value}`)).toEqual(expected);
  });
});

describe('otelResource', () => {
  it('is there where a provider asks for it', () => {
    const provider = { name: 'o', opentelemetry: { serviceAttributeEnrichment: 'OTEL_SEMANTIC_CONVENTIONS' } } as const;

    expect(environment.otelResource(templateInput())).toEqual([]);
    expect(environment.otelResource(templateInput({ mesh: { extensionProviders: [provider] } }))).toMatchObject([
      { name: 'OTEL_RESOURCE_ATTRIBUTES', value: expect.stringContaining('service.namespace=shop') },
    ]);
  });
});

describe('proxyMetadata', () => {
  it('is sorted, with names of prototype members like any other', () => {
    const metadata = JSON.parse('{"B":"2","__proto__":"p","A":""}');

    expect(environment.proxyMetadata(templateInput({ proxyConfig: { proxyMetadata: metadata } }))).toEqual([
      { name: 'A', value: '' },
      { name: 'B', value: '2' },
      { name: '__proto__', value: 'p' },
    ]);
    expect(environment.proxyMetadata(templateInput({ proxyConfig: {} }))).toEqual([]);
  });
});

describe('variables', () => {
  it('come from a field or from a limit of the container', () => {
    expect(environment.fieldVariable('A', 'metadata.name')).toEqual({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } });
    expect(environment.limitVariable('B', 'limits.cpu')).toEqual({
      name: 'B',
      valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1' } },
    });
  });
});

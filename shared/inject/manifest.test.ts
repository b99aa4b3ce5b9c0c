import { describe, expect, it } from 'vitest';
import { injectorConfig } from '../../test/fixtures/inject.ts';
import { getAt } from '../kube/workload.ts';
import type { JsonObject } from '../lib/json.ts';
import { injectManifest } from './manifest.ts';

const config = injectorConfig({ revision: '' });
const podTemplate = (metadata: JsonObject = {}, spec: JsonObject = {}): JsonObject => ({
  metadata,
  spec: { containers: [{ name: 'app', image: 'shop.example/app:1' }], ...spec },
});
const deployment = (template: JsonObject = podTemplate()): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', annotations: { kept: 'yes' } },
  spec: { replicas: 2, template },
});
const names = (object: unknown, ...path: string[]) =>
  (getAt(object as JsonObject, path) as unknown as readonly JsonObject[] | undefined)?.map((item) => item['name']);
const variable = (object: unknown, path: readonly string[], name: string) => {
  const containers = getAt(object as JsonObject, path) as unknown as readonly {
    readonly env?: readonly { name: string; value: string }[];
  }[];
  return containers.flatMap(({ env = [] }) => env).find((entry) => entry.name === name)?.value;
};

describe('injectManifest', () => {
  it('injects the template of a workload and keeps the rest', () => {
    const { object, workloads } = injectManifest(deployment(), config);

    expect(workloads).toEqual([{ workload: 'Deployment "shop/web"', decision: { inject: true, reason: 'policy-enabled' } }]);
    expect(names(object, 'spec', 'template', 'spec', 'containers')).toEqual(['app', 'istio-proxy']);
    expect(object).toMatchObject({ metadata: { annotations: { kept: 'yes' } }, spec: { replicas: 2 } });
  });

  it('takes the workload for the owner', () => {
    const { object } = injectManifest(deployment(), config);

    expect(variable(object, ['spec', 'template', 'spec', 'containers'], 'ISTIO_META_OWNER')).toBe(
      'kubernetes://apis/apps/v1/namespaces/shop/deployments/web',
    );
  });

  it('finds the owner of a pod in the pod', () => {
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true }];
    const metadata = { generateName: 'web-1-', namespace: 'shop', ownerReferences, labels: { 'pod-template-hash': '1' } };
    const pod = { apiVersion: 'v1', kind: 'Pod', ...podTemplate(metadata) };

    const { object } = injectManifest(pod, config);

    expect(variable(object, ['spec', 'containers'], 'ISTIO_META_OWNER')).toContain('/deployments/web');
  });

  it('writes metadata of a CronJob on the job template, and the containers in the pod', () => {
    const cron = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: { jobTemplate: { spec: { template: podTemplate({ labels: { app: 'pod' } }) } } },
    };

    const { object } = injectManifest(cron, config);

    expect(getAt(object, ['spec', 'jobTemplate', 'metadata', 'annotations', 'istio.io/rev'])).toBe('default');
    expect(names(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers')).toEqual(['app', 'istio-proxy']);
    expect(getAt(object, ['spec', 'jobTemplate', 'spec', 'template', 'metadata'])).toEqual({ labels: { app: 'pod' } });
  });

  it('injects each item of a list, also of lists in lists', () => {
    const list = { kind: 'List', items: [deployment(), { kind: 'Service' }, { kind: 'List', items: [deployment()] }, 'text'] };

    const { object, workloads } = injectManifest(list, config);

    expect(workloads).toHaveLength(2);
    expect(getAt(object, ['items'])).toMatchObject([{ kind: 'Deployment' }, { kind: 'Service' }, { kind: 'List' }, 'text']);
  });

  it.each([null, 7, 'text', [], {}, { kind: 'Service', spec: {} }, { kind: 'List' }, { kind: 'List', items: {} }])(
    'leaves %j as it is',
    (object) => {
      expect(injectManifest(object, config)).toEqual({ object, workloads: [] });
    },
  );

  it.each([
    ['host-network', podTemplate({}, { hostNetwork: true })],
    ['label', podTemplate({ labels: { 'sidecar.istio.io/inject': 'false' } })],
  ])('leaves a workload alone that does not want to be injected: %s', (reason, template) => {
    const object = deployment(template);

    const outcome = injectManifest(object, config);

    expect(outcome.object).toBe(object);
    expect(outcome.workloads).toEqual([{ workload: 'Deployment "shop/web"', decision: { inject: false, reason } }]);
  });

  it('does not ask policy and selectors of the webhook', () => {
    const strict = injectorConfig({ policy: 'disabled', neverInjectSelector: [{ matchLabels: { app: 'web' } }] });

    const { workloads } = injectManifest(deployment(podTemplate({ labels: { app: 'web' } })), strict);

    expect(workloads).toMatchObject([{ decision: { inject: true } }]);
  });

  it('does not apply ProxyConfig resources', () => {
    const proxyConfigs = [{ namespace: 'shop', name: 'one', creationTimestamp: '', config: { proxyMetadata: { OWN: 'yes' } } }];

    const { object } = injectManifest(deployment(podTemplate({ namespace: 'shop' })), injectorConfig({ proxyConfigs }));

    expect(variable(object, ['spec', 'template', 'spec', 'containers'], 'OWN')).toBeUndefined();
  });

  it('says why a workload stays as it was', () => {
    const refused = deployment(podTemplate({ annotations: { 'inject.istio.io/templates': 'x' } }));
    const broken = deployment({ spec: { containers: 'x' } });

    const outcomes = [refused, broken].map((object) => ({ object, outcome: injectManifest(object, config) }));

    for (const { object, outcome } of outcomes) expect(outcome.object).toBe(object);
    expect(outcomes[0]?.outcome.workloads[0]?.error).toContain('requested template "x" not found');
    expect(outcomes[1]?.outcome.workloads[0]?.error).toContain('cannot unmarshal string');
  });

  it('injects a workload without a template, as the pod may still come', () => {
    const { object, workloads } = injectManifest({ kind: 'Job' }, config);

    expect(workloads).toMatchObject([{ workload: 'Job "/"', decision: { inject: true } }]);
    expect(names(object, 'spec', 'template', 'spec', 'containers')).toEqual(['istio-proxy']);
  });
});

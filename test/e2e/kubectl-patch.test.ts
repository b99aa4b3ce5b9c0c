import { describe, expect, it } from 'vitest';
import { createInjector, loadInjectorConfig } from '../../shared/inject/index.ts';
import { decode } from '../../shared/kube/decode.ts';
import { pod as podSchema } from '../../shared/kube/pod.ts';
import { hasKubectl, kubectlPatch } from './kubectl.ts';
import { isLeftOut } from './optional.ts';

const { value: config } = loadInjectorConfig({
  host: { nowMs: () => 0, env: () => undefined },
  settings: { nativeSidecars: 'auto', platform: '', compliancePolicy: '', rootCertificate: { mode: 'configmap' } },
});

/** Pods as people write them: without what an API server would add. */
const pods: readonly (readonly [string, object])[] = [
  [
    'a pod without labels, annotations and resources',
    { metadata: { name: 'bare' }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
  ],
  [
    'a pod with its own proxy container, quantities and init containers',
    {
      metadata: { name: 'full', labels: { app: 'full' }, annotations: { 'prometheus.io/port': '9090' } },
      spec: {
        initContainers: [{ name: 'setup', image: 'setup:1', resources: { limits: { cpu: '1000m' } } }],
        containers: [
          { name: 'istio-proxy', image: 'auto', env: [{ name: 'MINE', value: '1' }] },
          { name: 'app', image: 'app:1', livenessProbe: { httpGet: { path: '/live', port: 8080 } } },
        ],
        volumes: [{ name: 'data', emptyDir: {} }],
      },
    },
  ],
];

describe.skipIf(isLeftOut('kubectl', hasKubectl()))('kubectl patch --local --type=json', () => {
  it.each(pods)('gives the injected pod for %s', (_name, given) => {
    const object = { apiVersion: 'v1', kind: 'Pod', ...given };
    const answer = config && createInjector(config).inject({ object, namespace: 'shop', path: '/inject' });
    if (answer?.kind !== 'injected') throw new Error(JSON.stringify(answer));

    const patched = decode(kubectlPatch(object, answer.patch), podSchema, { zeros: 'drop' });

    expect(patched.ok && patched.value).toEqual(answer.pod);
  });
});

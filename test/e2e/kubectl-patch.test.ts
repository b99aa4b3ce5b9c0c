import { describe, expect, it } from 'vitest';
import { createInjector, loadInjectorConfig } from '../../shared/inject/index.ts';
import { decode } from '../../shared/kube/decode.ts';
import { pod as podSchema } from '../../shared/kube/pod.ts';
import { hasKubectl, kubectlPatch } from './kubectl.ts';
import { isLeftOut } from './optional.ts';
import { writtenPods } from './pods.ts';

const { value: config } = loadInjectorConfig({
  host: { nowMs: () => 0, env: () => undefined },
  settings: { nativeSidecars: 'auto', platform: '', compliancePolicy: '', rootCertificate: { mode: 'configmap' } },
});

const injectedPods = writtenPods.filter(({ outcome }) => outcome === 'injected');

describe.skipIf(isLeftOut('kubectl', hasKubectl()))('kubectl patch --local --type=json', () => {
  it.each(injectedPods)('gives the injected pod for $title', ({ namespace, pod }) => {
    const object = { apiVersion: 'v1', kind: 'Pod', ...pod };
    const answer = config && createInjector(config).inject({ object, namespace, path: '/inject' });
    if (answer?.kind !== 'injected') throw new Error(JSON.stringify(answer));

    const patched = decode(kubectlPatch(object, answer.patch), podSchema, { zeros: 'drop' });

    expect(patched.ok && patched.value).toEqual(answer.pod);
  });
});

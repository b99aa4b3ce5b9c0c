import { expect, it } from 'vitest';
import { injector } from '../../../test/fixtures/inject.ts';

it('takes certificates of the sidecar from SPIRE’s driver, read-only', () => {
  const object = { metadata: { annotations: { 'inject.istio.io/templates': 'sidecar,spire' } }, spec: { containers: [{ name: 'app' }] } };

  const answer = injector().inject({ object, namespace: 'shop', path: '/inject' });

  const spec = answer.kind === 'injected' ? answer.pod.spec : undefined;
  const mount = { name: 'workload-socket', mountPath: '/var/run/secrets/workload-spiffe-uds', readOnly: true };
  expect(spec?.volumes).toContainEqual({ name: 'workload-socket', csi: { driver: 'csi.spiffe.io', readOnly: true } });
  expect(spec?.containers?.find(({ name }) => name === 'istio-proxy')?.volumeMounts).toContainEqual(mount);
});

import { describe, expect, it } from 'vitest';
import { annotated, labelled, pod, templateInput, values } from '../../../test/fixtures/inject.ts';
import type { Container } from '../../kube/pod.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { PodOverlay, TemplateInput } from './input.ts';
import { sidecar } from './sidecar.ts';

function rendered(partial: Partial<TemplateInput> = {}): PodOverlay {
  const result = sidecar(templateInput(partial));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const proxyOf = (partial: Partial<TemplateInput> = {}): Container => {
  const { containers = [], initContainers = [] } = rendered(partial).spec ?? {};
  return [...containers, ...initContainers].find(({ name }) => name === 'istio-proxy') ?? {};
};
const variable = (partial: Partial<TemplateInput>, name: string) => proxyOf(partial).env?.find((entry) => entry.name === name)?.value;
const inProxy = (proxy: JsonObject) => ({ values: values({ global: { proxy } }) });
const withAnnotation = (name: string, text: string) => ({ pod: annotated({ [name]: text }) });

describe('sidecar', () => {
  it('adds a proxy and what redirects traffic to it', () => {
    const { spec } = rendered();

    expect(spec?.containers?.map(({ name }) => name)).toEqual(['istio-proxy']);
    expect(spec?.initContainers?.map(({ name }) => name)).toEqual(['istio-init']);
    expect(proxyOf()).not.toHaveProperty('restartPolicy');
  });

  it('adds a native proxy behind it where that is on', () => {
    const { spec } = rendered({ nativeSidecars: true });

    expect(spec).not.toHaveProperty('containers');
    expect(spec?.initContainers).toMatchObject([{ name: 'istio-init' }, { name: 'istio-proxy', restartPolicy: 'Always' }]);
  });

  it('follows the pod’s wish for a native proxy', () => {
    expect(proxyOf(withAnnotation('sidecar.istio.io/nativeSidecar', 'true'))).toHaveProperty('restartPolicy');
    expect(proxyOf({ nativeSidecars: true, ...withAnnotation('sidecar.istio.io/nativeSidecar', 'false') })).not.toHaveProperty(
      'restartPolicy',
    );
  });

  it('refuses what it cannot use', () => {
    expect(sidecar(templateInput(withAnnotation('sidecar.istio.io/userVolume', '{')))).toMatchObject({ ok: false });
  });

  it('labels the pod, keeping what it has', () => {
    const hbone = { proxyConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: 'true' } } };
    const own = labelled({ 'security.istio.io/tlsMode': 'disabled', 'networking.istio.io/tunnel': 'own' });

    expect(rendered().metadata?.labels).toEqual({
      'security.istio.io/tlsMode': 'istio',
      'service.istio.io/canonical-name': 'web',
      'service.istio.io/canonical-revision': 'latest',
    });
    expect(rendered(hbone).metadata?.labels?.['networking.istio.io/tunnel']).toBe('http');
    expect(rendered({ ...hbone, pod: own }).metadata?.labels).toMatchObject(own.metadata?.labels ?? {});
  });

  it('holds the application back, unless the proxy is native and drains', () => {
    const holding = { proxyConfig: { holdApplicationUntilProxyStarts: true } };
    const own = { preStop: { exec: { command: ['own'] } } };

    expect(proxyOf().lifecycle).toBeUndefined();
    expect(proxyOf(holding).lifecycle).toEqual({ postStart: { exec: { command: ['pilot-agent', 'wait'] } } });
    expect(proxyOf({ ...holding, nativeSidecars: true }).lifecycle).toEqual({
      preStop: { exec: { command: ['pilot-agent', 'request', '--debug-port=15020', 'POST', 'drain'] } },
    });
    expect(proxyOf({ ...holding, ...inProxy({ lifecycle: own }) }).lifecycle).toEqual(own);
  });

  it('is probed, unless the agent’s port is 0 or values say no', () => {
    expect(proxyOf()).toMatchObject({ startupProbe: {}, readinessProbe: {} });
    expect(proxyOf(inProxy({ startupProbe: { enabled: false } }))).not.toHaveProperty('startupProbe');
    const unprobed = proxyOf(withAnnotation('status.sidecar.istio.io/port', '0'));
    expect([unprobed.startupProbe, unprobed.readinessProbe]).toEqual([undefined, undefined]);
  });

  it('runs with as little as possible', () => {
    expect(proxyOf({ proxyIds: { uid: 5, gid: 6 } }).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      privileged: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      runAsUser: 5,
      runAsGroup: 6,
      readOnlyRootFilesystem: true,
    });
  });

  it.each([
    ['TPROXY', { 'sidecar.istio.io/interceptionMode': 'TPROXY' }, ['NET_ADMIN']],
    ['low ports', { 'sidecar.istio.io/capNetBindService': 'true' }, ['NET_BIND_SERVICE']],
    [
      'both',
      { 'sidecar.istio.io/interceptionMode': 'TPROXY', 'sidecar.istio.io/capNetBindService': 'true' },
      ['NET_ADMIN', 'NET_BIND_SERVICE'],
    ],
  ])('runs as root with one capability for %s', (_what, annotations, add) => {
    expect(proxyOf({ pod: annotated(annotations) }).securityContext).toMatchObject({
      capabilities: { add, drop: ['ALL'] },
      runAsNonRoot: false,
      runAsUser: 0,
      runAsGroup: 1337,
      privileged: false,
    });
  });

  it('wants exactly true for low ports', () => {
    expect(proxyOf(withAnnotation('sidecar.istio.io/capNetBindService', 'yes')).securityContext?.runAsUser).toBe(1337);
  });

  it('may do everything to trace iptables', () => {
    const tracing = { proxyConfig: { proxyMetadata: { IPTABLES_TRACE_LOGGING: 'true' } }, proxyIds: { uid: 5, gid: 6 } };

    expect(proxyOf(tracing).securityContext).toMatchObject({
      privileged: true,
      runAsUser: 0,
      runAsGroup: 6,
      capabilities: { add: ['NET_ADMIN'] },
    });
  });

  it('has the seccomp profile and the privilege of values', () => {
    const given = inProxy({ privileged: true, seccompProfile: { type: 'RuntimeDefault' } });

    expect(proxyOf(given).securityContext).toMatchObject({ privileged: true, seccompProfile: { type: 'RuntimeDefault' } });
  });

  it('tells the agent where the application listens, and what the workload is called', () => {
    expect(variable({ inboundTrafficPolicyMode: 'localhost' }, 'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION')).toBe('true');
    expect(variable({}, 'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION')).toBeUndefined();
    expect(variable({ pod: labelled({ 'service.istio.io/workload-name': 'own' }) }, 'ISTIO_META_WORKLOAD_NAME')).toBe('own');
    expect(variable({}, 'ISTIO_META_WORKLOAD_NAME')).toBe('web');
    expect(variable(withAnnotation('sidecar.istio.io/interceptionMode', 'NONE'), 'ISTIO_META_INTERCEPTION_MODE')).toBe('NONE');
  });

  it('starts from a bootstrap of the user', () => {
    const given = withAnnotation('sidecar.istio.io/bootstrapOverride', 'own');
    const volumeOf = (partial: Partial<TemplateInput>) =>
      rendered(partial).spec?.volumes?.find(({ name }) => name === 'custom-bootstrap-volume');

    expect(volumeOf(given)).toEqual({ name: 'custom-bootstrap-volume', configMap: { name: 'own' } });
    expect(volumeOf({})).toBeUndefined();
    expect(proxyOf(given).volumeMounts).toContainEqual({ name: 'custom-bootstrap-volume', mountPath: '/etc/istio/custom-bootstrap' });
    expect(variable(given, 'ISTIO_BOOTSTRAP_OVERRIDE')).toBe('/etc/istio/custom-bootstrap/custom_bootstrap.json');
  });

  it('mounts the volumes of the user behind its own', () => {
    const given = {
      pod: annotated({
        'sidecar.istio.io/userVolume': '{"v":{"emptyDir":{}}}',
        'sidecar.istio.io/userVolumeMount': '{"v":{"mountPath":"/v"}}',
      }),
    };

    expect(rendered(given).spec?.volumes?.at(-1)).toEqual({ name: 'v', emptyDir: {} });
    expect(proxyOf(given).volumeMounts?.at(-1)).toEqual({ name: 'v', mountPath: '/v' });
  });

  it('mounts only volumes that it has', () => {
    for (const mode of ['configmap', 'inline', 'system', 'trustbundle'] as const) {
      const partial = { rootCertificate: mode, values: values({ global: { mountMtlsCerts: true, caName: 'GkeWorkloadCertificate' } }) };
      const names = new Set(rendered(partial).spec?.volumes?.map(({ name }) => name));

      for (const mount of proxyOf(partial).volumeMounts ?? []) expect(names).toContain(mount.name);
    }
  });

  it('intercepts nothing for NONE', () => {
    expect(
      rendered({ pod: pod({ metadata: { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } } }) }).spec?.initContainers,
    ).toEqual([]);
  });
});

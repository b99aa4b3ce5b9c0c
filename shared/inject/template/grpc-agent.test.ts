import { describe, expect, it } from 'vitest';
import { annotated, container, pod, templateInput, values } from '../../../test/fixtures/inject.ts';
import { grpcAgent } from './grpc-agent.ts';
import type { TemplateInput } from './input.ts';

function rendered(partial: Partial<TemplateInput> = {}) {
  const result = grpcAgent(templateInput(partial));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const agentOf = (partial: Partial<TemplateInput> = {}) => rendered(partial).spec?.containers?.[0];

describe('grpc-agent', () => {
  it('adds an agent without Envoy', () => {
    expect(agentOf()?.name).toBe('istio-proxy');
    expect(agentOf()?.env).toContainEqual({ name: 'DISABLE_ENVOY', value: 'true' });
    expect(rendered().spec).not.toHaveProperty('initContainers');
  });

  it('tells each application container where the bootstrap file is', () => {
    const given = pod({ spec: { containers: [container(), { name: 'istio-proxy' }, container({ name: 'b' }), {}] } });

    const containers = rendered({ pod: given }).spec?.containers ?? [];

    expect(containers.map(({ name }) => name)).toEqual(['istio-proxy', 'app', 'b', undefined]);
    expect(containers[1]?.env).toContainEqual({ name: 'GRPC_XDS_BOOTSTRAP', value: '/etc/istio/proxy/grpc-bootstrap.json' });
  });

  it('leaves probes as they are', () => {
    expect(rendered().metadata?.annotations).toMatchObject({ 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' });
  });

  it('is waited for and probed at the agent’s port', () => {
    const pod1 = annotated({ 'status.sidecar.istio.io/port': '15999' });

    expect(agentOf({ pod: pod1 })?.readinessProbe?.httpGet?.port).toBe(15999);
    expect(agentOf({ pod: pod1 })?.lifecycle?.postStart?.exec?.command?.at(-1)).toBe('--url=http://localhost:15999/healthz/ready');
    expect(agentOf({ pod: annotated({ 'status.sidecar.istio.io/port': '0' }) })).not.toHaveProperty('readinessProbe');
  });

  it('has the lifecycle of values', () => {
    const lifecycle = { preStop: { exec: { command: ['own'] } } };

    expect(agentOf({ values: values({ global: { proxy: { lifecycle } } }) })?.lifecycle).toEqual(lifecycle);
  });

  it('tells the agent if the application listens on localhost', () => {
    const local = { name: 'REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION', value: 'true' };

    expect(agentOf()?.env).not.toContainEqual(local);
    expect(agentOf({ inboundTrafficPolicyMode: 'localhost' })?.env).toContainEqual(local);
  });

  it('has the volumes of the user and its bootstrap', () => {
    const given = annotated({
      'sidecar.istio.io/bootstrapOverride': 'own',
      'sidecar.istio.io/userVolume': '{"v":{"emptyDir":{}}}',
      'sidecar.istio.io/userVolumeMount': '{"v":{"mountPath":"/v"}}',
    });

    const names = rendered({ pod: given }).spec?.volumes?.map(({ name }) => name);

    expect(names).toContain('custom-bootstrap-volume');
    expect(names?.at(-1)).toBe('v');
    expect(agentOf({ pod: given })?.volumeMounts?.at(-1)).toEqual({ name: 'v', mountPath: '/v' });
    expect(rendered().spec?.volumes?.map(({ name }) => name)).not.toContain('custom-bootstrap-volume');
  });

  it('mounts only volumes that it has', () => {
    const names = new Set(rendered().spec?.volumes?.map(({ name }) => name));

    for (const { volumeMounts = [] } of rendered().spec?.containers ?? []) {
      for (const mount of volumeMounts) expect(names).toContain(mount.name);
    }
  });

  it('refuses what it cannot use', () => {
    expect(grpcAgent(templateInput({ pod: annotated({ 'sidecar.istio.io/userVolume': '{' }) }))).toMatchObject({ ok: false });
  });
});

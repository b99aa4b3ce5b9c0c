import { describe, expect, it } from 'vitest';
import { annotated, templateInput, values } from '../../../test/fixtures/inject.ts';
import { gateway } from './gateway.ts';
import type { TemplateInput } from './input.ts';

function rendered(partial: Partial<TemplateInput> = {}) {
  const result = gateway(templateInput(partial));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const containerOf = (partial: Partial<TemplateInput> = {}) => rendered(partial).spec?.containers?.[0];

describe('gateway', () => {
  it('is the proxy alone, as a router, with nothing intercepted', () => {
    const { spec } = rendered();

    expect(spec?.containers).toHaveLength(1);
    expect(spec).not.toHaveProperty('initContainers');
    expect(containerOf()?.args?.slice(0, 2)).toEqual(['proxy', 'router']);
    expect(containerOf()).not.toHaveProperty('resources');
  });

  it('opens low ports to everybody, unless values say something else', () => {
    const own = values({ gateways: { securityContext: { fsGroup: 1 }, seccompProfile: { type: 'RuntimeDefault' } } });

    expect(rendered().spec?.securityContext).toEqual({ sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] });
    expect(rendered({ values: own }).spec?.securityContext).toEqual({ fsGroup: 1, seccompProfile: { type: 'RuntimeDefault' } });
  });

  it('runs as the ids of the proxy', () => {
    expect(containerOf({ proxyIds: { uid: 5, gid: 6 } })?.securityContext).toEqual({ runAsUser: 5, runAsGroup: 6 });
  });

  it('is probed as values say, whatever annotations say', () => {
    const pod = annotated({ 'readiness.status.sidecar.istio.io/periodSeconds': '7' });

    expect(containerOf({ pod })?.readinessProbe).toMatchObject({ initialDelaySeconds: 0, periodSeconds: 15, failureThreshold: 4 });
  });

  it('has the lifecycle of values', () => {
    const own = { preStop: { exec: { command: ['own'] } } };

    expect(containerOf()).not.toHaveProperty('lifecycle');
    expect(containerOf({ values: values({ global: { proxy: { lifecycle: own } } }) })?.lifecycle).toEqual(own);
  });

  it.each([
    [undefined, 'REDIRECT'],
    ['TPROXY', 'TPROXY'],
  ] as const)('tells the agent the interception mode of the mesh: %s', (interceptionMode, value) => {
    const proxyConfig = interceptionMode === undefined ? {} : { interceptionMode };

    expect(containerOf({ proxyConfig })?.env).toContainEqual({ name: 'ISTIO_META_INTERCEPTION_MODE', value });
  });

  it('mounts only volumes that it has', () => {
    const names = new Set(rendered().spec?.volumes?.map(({ name }) => name));

    for (const mount of containerOf()?.volumeMounts ?? []) expect(names).toContain(mount.name);
  });

  it('refuses what it cannot use', () => {
    expect(gateway(templateInput({ pod: annotated({ 'sidecar.istio.io/userVolume': '{' }) }))).toMatchObject({ ok: false });
  });
});

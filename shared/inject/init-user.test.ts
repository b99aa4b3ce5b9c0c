import { describe, expect, it } from 'vitest';
import { container, pod } from '../../test/fixtures/inject.ts';
import type { Pod, SecurityContext } from '../kube/pod.ts';
import { followProxyUser } from './init-user.ts';
import type { GivenContainers } from './overrides.ts';

const noOverrides = { containers: [], initContainers: [] };

const given = (securityContext?: SecurityContext): GivenContainers => ({
  original: pod({ spec: { containers: [container(), { name: 'istio-proxy', ...(securityContext && { securityContext }) }] } }),
  overrides: noOverrides,
  status: undefined,
});

const argumentsOf = (user: string) => ['istio-iptables', '-u', user, '-m', 'REDIRECT'];

const injected = (initName: string, annotations: Readonly<Record<string, string>> = {}): Pod =>
  pod({
    metadata: { annotations },
    spec: {
      containers: [container(), { name: 'istio-proxy', securityContext: { runAsUser: 2000, runAsNonRoot: true } }],
      initContainers: [
        { name: 'own' },
        { name: initName, args: argumentsOf('1337'), securityContext: { runAsUser: 1337, runAsGroup: 1337 } },
      ],
    },
  });

const initOf = (result: Pod) => result.spec?.initContainers?.[1];
const proxyOf = (result: Pod) => result.spec?.containers?.[1];

describe('followProxyUser', () => {
  it.each([undefined, {}, { runAsNonRoot: true }])('changes nothing if the user gave no ids: %j', (context) => {
    const before = injected('istio-init');

    expect(followProxyUser(before, given(context), 'REDIRECT')).toBe(before);
  });

  it('changes nothing if the user has no proxy container', () => {
    const before = injected('istio-init');

    expect(followProxyUser(before, { original: pod(), overrides: noOverrides, status: undefined }, 'TPROXY')).toBe(before);
  });

  it('changes nothing where nothing sets up interception', () => {
    const before = pod();

    expect(followProxyUser(before, given({ runAsUser: 2000 }), 'REDIRECT')).toBe(before);
  });

  it('exempts the traffic of the given user', () => {
    const after = followProxyUser(injected('istio-init'), given({ runAsUser: 2000 }), 'REDIRECT');

    expect(initOf(after)).toEqual({
      name: 'istio-init',
      args: argumentsOf('2000'),
      securityContext: { runAsUser: 1337, runAsGroup: 1337 },
    });
    expect(proxyOf(after)).toEqual(proxyOf(injected('istio-init')));
  });

  it.each(['containers', 'initContainers'] as const)('prefers what an earlier injection recorded in its %s', (list) => {
    const recorded = { ...noOverrides, [list]: [{ name: 'istio-proxy', securityContext: { runAsUser: 4000 } }] };

    const after = followProxyUser(injected('istio-init'), { ...given({ runAsUser: 2000 }), overrides: recorded }, 'REDIRECT');

    expect(initOf(after)?.args).toEqual(argumentsOf('4000'));
  });

  it('validates as the given user and group', () => {
    const after = followProxyUser(injected('istio-validation'), given({ runAsUser: 2000, runAsGroup: 3000 }), 'REDIRECT');

    expect(initOf(after)).toMatchObject({ args: argumentsOf('2000'), securityContext: { runAsUser: 2000, runAsGroup: 3000 } });
  });

  it('validates with the given group alone', () => {
    const after = followProxyUser(injected('istio-validation'), given({ runAsGroup: 3000 }), 'REDIRECT');

    expect(initOf(after)).toMatchObject({ args: argumentsOf('1337'), securityContext: { runAsUser: 1337, runAsGroup: 3000 } });
  });

  it('exempts nobody else for user 0', () => {
    const after = followProxyUser(injected('istio-validation'), given({ runAsUser: 0 }), 'REDIRECT');

    expect(initOf(after)).toMatchObject({ args: argumentsOf('1337'), securityContext: { runAsUser: 0 } });
  });

  it('prefers istio-init to istio-validation', () => {
    const both = pod({
      spec: {
        initContainers: [
          { name: 'istio-validation', args: argumentsOf('1') },
          { name: 'istio-init', args: argumentsOf('1') },
        ],
      },
    });

    const after = followProxyUser(both, given({ runAsUser: 2000 }), 'REDIRECT');

    expect(after.spec?.initContainers?.map(({ args }) => args?.[2])).toEqual(['1', '2000']);
  });

  it.each([
    ['the mesh', 'TPROXY', {}],
    ['the annotation', 'REDIRECT', { 'sidecar.istio.io/interceptionMode': 'TPROXY' }],
  ] as const)('runs the proxy as root under TPROXY of %s', (_source, mode, annotations) => {
    const after = followProxyUser(injected('istio-init', annotations), given({ runAsUser: 2000, runAsGroup: 3000 }), mode);

    expect(proxyOf(after)?.securityContext).toEqual({ runAsUser: 0, runAsNonRoot: true });
    expect(initOf(after)?.args).toEqual(argumentsOf('2000'));
  });

  it('leaves the validating user alone under TPROXY', () => {
    const after = followProxyUser(injected('istio-validation'), given({ runAsUser: 2000 }), 'TPROXY');

    expect(initOf(after)).toMatchObject({ args: argumentsOf('2000'), securityContext: { runAsUser: 1337 } });
  });

  it('changes nothing under TPROXY for a group alone', () => {
    const before = injected('istio-init');

    expect(followProxyUser(before, given({ runAsGroup: 3000 }), 'TPROXY')).toBe(before);
  });

  it.each([undefined, [], ['-p', '15001'], ['-p', '15001', '-u']])('leaves arguments without a user alone: %j', (args) => {
    const before = pod({ spec: { initContainers: [{ name: 'istio-init', ...(args && { args }) }] } });

    expect(followProxyUser(before, given({ runAsUser: 2000 }), 'REDIRECT')).toEqual(before);
  });
});

import { describe, expect, it } from 'vitest';
import { container, pod } from '../../test/fixtures/inject.ts';
import type { Container } from '../kube/pod.ts';
import { openshiftProxyIds, withoutInheritedProxyUser } from './openshift.ts';

const users = 'openshift.io/sa.scc.uid-range';
const groups = 'openshift.io/sa.scc.supplemental-groups';

describe('openshiftProxyIds', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, number, number]>([
    ['takes the defaults where nothing is said', {}, 1337, 1337],
    ['takes the last id of start and size', { [users]: '1000/10' }, 1009, 1009],
    ['takes the last id of start and end', { [users]: '1000-1010' }, 1010, 1010],
    ['takes the group from its own block', { [users]: '1000/10', [groups]: '2000/5' }, 1009, 2004],
    ['takes the first block of several groups', { [users]: '1000/10', [groups]: '2000/5,3000/5' }, 1009, 2004],
    ['takes the users where the groups are empty', { [users]: '1000/10', [groups]: '' }, 1009, 1009],
    ['takes the default where the groups are unreadable', { [users]: '1000/10', [groups]: 'x' }, 1009, 1337],
    ['takes the default where the users are unreadable', { [users]: '1000', [groups]: '2000/5' }, 1337, 2004],
    ['reads no blanks', { [users]: ' 1000/10' }, 1337, 1337],
    ['reads no several blocks of users', { [users]: '1000/10,2000/10' }, 1337, 1009],
  ])('%s', (_rule, annotations, uid, gid) => {
    expect(openshiftProxyIds(annotations)).toEqual({ uid, gid });
  });
});

const running = (name: string, runAsUser?: number): Container =>
  container({ name, securityContext: { ...(runAsUser !== undefined && { runAsUser }), runAsGroup: 7, runAsNonRoot: true } });

describe('withoutInheritedProxyUser', () => {
  it('takes from the proxy what all containers got', () => {
    const given = pod({ spec: { containers: [running('app', 5), running('istio-proxy', 5)] } });

    const clean = withoutInheritedProxyUser(given);

    expect(clean.spec?.containers).toEqual([
      running('app', 5),
      container({ name: 'istio-proxy', securityContext: { runAsNonRoot: true } }),
    ]);
  });

  it('takes it from a proxy among the init containers', () => {
    const given = pod({ spec: { containers: [running('app', 5)], initContainers: [running('istio-proxy', 5)] } });

    expect(withoutInheritedProxyUser(given).spec?.initContainers?.[0]?.securityContext).toEqual({ runAsNonRoot: true });
  });

  it('keeps a user that the application does not have', () => {
    const given = pod({ spec: { containers: [running('app', 5), running('istio-proxy', 6)] } });

    expect(withoutInheritedProxyUser(given)).toEqual(given);
  });

  it('goes by the last application container that sets a user', () => {
    const containers = [running('one', 5), running('two', 6), running('three'), running('istio-proxy', 6)];

    const clean = withoutInheritedProxyUser(pod({ spec: { containers } }));

    expect(clean.spec?.containers?.[3]?.securityContext).toEqual({ runAsNonRoot: true });
  });

  it('does not count the containers of an injection', () => {
    const initContainers = [running('istio-init', 6), running('istio-validation', 6)];
    const given = pod({ spec: { initContainers, containers: [running('istio-proxy', 6)] } });

    expect(withoutInheritedProxyUser(given)).toEqual(given);
  });

  it('takes no user for user 0', () => {
    const given = pod({ spec: { containers: [running('app'), running('istio-proxy', 0)] } });

    expect(withoutInheritedProxyUser(given).spec?.containers?.[1]?.securityContext).toEqual({ runAsNonRoot: true });
  });

  it.each([{}, pod(), pod({ spec: { containers: [container({ name: 'istio-proxy' })] } })])('leaves others as they are', (given) => {
    expect(withoutInheritedProxyUser(given)).toEqual(given);
  });
});

import { describe, expect, it } from 'vitest';
import type { PeerAuthentication } from '../config/security/peer-authentication.ts';
import type { ConfigObject } from './config-object.ts';
import { indexPeerAuthentications, namespaceMutualTls, selectedPeerAuthentication, workloadMutualTls } from './peer-authentication.ts';

type Mode = NonNullable<NonNullable<PeerAuthentication['mtls']>['mode']>;

function policy(namespace: string, spec: PeerAuthentication, name = 'p'): ConfigObject<PeerAuthentication> {
  return {
    kind: 'PeerAuthentication',
    apiVersion: 'security.istio.io/v1',
    name,
    namespace,
    created: '',
    labels: {},
    annotations: {},
    spec,
  };
}

const mode = (of: Mode): PeerAuthentication => ({ mtls: { mode: of } });
const forWeb = (spec: PeerAuthentication): PeerAuthentication => ({ ...spec, selector: { matchLabels: { app: 'web' } } });
const [root, shop] = ['istio-system', 'shop'];

/** Of a workload `web` in `shop`: its mode, and those of single ports. */
function modesOf(...policies: readonly ConfigObject<PeerAuthentication>[]): readonly unknown[] {
  const all = indexPeerAuthentications(policies, root);
  const { mode: general, ports } = workloadMutualTls(all, shop, selectedPeerAuthentication(all, shop, { app: 'web' }));
  return [general, Object.fromEntries(ports)];
}

describe('peer authentication', () => {
  it.each([
    ['nobody says anything', [], 'PERMISSIVE'],
    ['the mesh', [policy(root, mode('STRICT'))], 'STRICT'],
    ['the namespace', [policy(root, mode('STRICT')), policy(shop, mode('DISABLE'))], 'DISABLE'],
    ['a namespace that leaves it to the mesh', [policy(root, mode('STRICT')), policy(shop, mode('UNSET'))], 'STRICT'],
    ['another namespace', [policy('other', mode('STRICT'))], 'PERMISSIVE'],
    ['the workload', [policy(shop, mode('STRICT')), policy(shop, forWeb(mode('PERMISSIVE')))], 'PERMISSIVE'],
    ['a workload that leaves it to its namespace', [policy(shop, mode('STRICT')), policy(shop, forWeb({}))], 'STRICT'],
    ['another workload', [policy(shop, { ...mode('STRICT'), selector: { matchLabels: { app: 'db' } } })], 'PERMISSIVE'],
    ['a selector in the root namespace', [policy(root, forWeb(mode('STRICT')))], 'PERMISSIVE'],
    ['the older of two', [policy(shop, mode('STRICT')), policy(shop, mode('DISABLE'), 'q')], 'STRICT'],
    ['the older of two, though it says nothing', [policy(shop, mode('UNSET')), policy(shop, mode('DISABLE'), 'q')], 'PERMISSIVE'],
    ['the older of two for a workload', [policy(shop, forWeb(mode('STRICT'))), policy(shop, forWeb(mode('DISABLE')), 'q')], 'STRICT'],
  ] as const)('is decided by %s', (_, policies, expected) => {
    expect(modesOf(...policies)).toEqual([expected, {}]);
  });

  it('of a port is what its policy says, else what holds for the workload', () => {
    const portLevelMtls = { 8081: { mode: 'DISABLE' }, 8082: { mode: 'UNSET' }, 8083: {} } as const;

    expect(modesOf(policy(root, mode('STRICT')), policy(shop, forWeb({ portLevelMtls })))).toEqual([
      'STRICT',
      { 8081: 'DISABLE', 8082: 'STRICT', 8083: 'STRICT' },
    ]);
  });

  it('of a namespace knows nothing of policies for single workloads', () => {
    const all = indexPeerAuthentications([policy(shop, forWeb(mode('DISABLE')))], root);
    expect(namespaceMutualTls(all, shop)).toBe('PERMISSIVE');
  });
});

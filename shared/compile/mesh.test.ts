import { describe, expect, it } from 'vitest';
import { config, webService, worldOf } from '../../test/fixtures/kubernetes-world.ts';
import { buildScope, type Scope } from '../model/index.ts';
import type { RawObject } from '../sources/kubernetes/objects.ts';
import { buildMesh } from './mesh.ts';

function scopeOf(objects: readonly RawObject[], namespace = 'shop'): Scope {
  return buildScope(buildMesh(worldOf(objects)).value, namespace);
}

const entry = (name: string, namespace: string, spec = {}): RawObject =>
  config(
    'ServiceEntry',
    name,
    { hosts: ['api.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'STATIC', ...spec },
    { namespace },
  );

describe('services of a scope', () => {
  it('are the visible ones, the oldest first', () => {
    const young = webService('young', {}, { creationTimestamp: '2026-02-01T00:00:00Z' });
    const hidden = webService('hidden', {}, { namespace: 'other', annotations: { 'networking.istio.io/exportTo': '.' } });

    expect(scopeOf([young, hidden, webService('b'), webService('a')]).services.map(({ name }) => name)).toEqual(['a', 'b', 'young']);
  });

  it('prefer the own namespace where several have one host', () => {
    const [own, other] = [entry('own', 'shop'), entry('older', 'other', { resolution: 'NONE' })];

    expect(scopeOf([other, own]).serviceOf('api.example.com')).toMatchObject({ namespace: 'shop', resolution: 'endpoints' });
    expect(scopeOf([other, own], 'third').serviceOf('api.example.com')?.namespace).toBe('other');
  });

  it('prefer Kubernetes to a ServiceEntry that takes its name', () => {
    const squatter = entry('squatter', 'shop', { hosts: ['web.other.svc.cluster.local'] });

    expect(scopeOf([squatter, webService('web', {}, { namespace: 'other' })]).serviceOf('web.other.svc.cluster.local')?.registry).toBe(
      'Kubernetes',
    );
  });

  it('join the ports of ServiceEntries for one host in one namespace', () => {
    const more = entry('more', 'shop', {
      ports: [
        { number: 80, name: 'other' },
        { number: 81, name: 'tcp', protocol: 'TCP' },
      ],
    });

    expect(scopeOf([entry('first', 'shop'), more]).services.map(({ ports }) => ports.map(({ name }) => name))).toEqual([['http', 'tcp']]);
  });

  it('are one for each address of a ServiceEntry', () => {
    const two = entry('two', 'shop', { addresses: ['240.0.0.1/32', '240.0.1.0/24'] });

    expect(scopeOf([two]).services.map(({ addresses }) => addresses)).toEqual([['240.0.0.1'], ['240.0.1.0/24']]);
  });
});

describe('aliases', () => {
  const alias = (name: string, externalName: string): RawObject => webService(name, { type: 'ExternalName', externalName, selector: {} });

  it('stand for the service at the end of their chain and are no services themselves', () => {
    const scope = scopeOf([webService('web'), alias('a', 'web.shop.svc.cluster.local'), alias('b', 'a.shop.svc.cluster.local')]);

    expect(scope.services.map(({ name }) => name)).toEqual(['web']);
    expect(scope.serviceOf('b.shop.svc.cluster.local')?.name).toBe('web');
    expect(scope.services.map((service) => scope.aliasesOf(service))).toEqual([['a.shop.svc.cluster.local', 'b.shop.svc.cluster.local']]);
  });

  it('stand for nothing if they end outside of the mesh or in a circle', () => {
    const scope = scopeOf([alias('out', 'example.com'), alias('a', 'b.shop.svc.cluster.local'), alias('b', 'a.shop.svc.cluster.local')]);

    expect(scope.serviceOf('out.shop.svc.cluster.local')).toBeUndefined();
    expect(scope.serviceOf('a.shop.svc.cluster.local')).toBeUndefined();
  });
});

describe('VirtualServices of a scope', () => {
  const rule = (name: string, spec = {}, metadata = {}): RawObject => config('VirtualService', name, { hosts: ['web'], ...spec }, metadata);

  it('come in the order in which they win: private ones, those exported to the namespace, those of all', () => {
    const objects = [
      rule('public'),
      rule('named', { exportTo: ['shop'] }, { namespace: 'other' }),
      rule('private', { exportTo: ['.'] }, { creationTimestamp: '2026-03-01T00:00:00Z' }),
      rule('foreign', { exportTo: ['.'] }, { namespace: 'other' }),
      rule('of-a-gateway', { gateways: ['gw'] }),
      rule('of-both', { gateways: ['gw', 'mesh'] }, { creationTimestamp: '2026-02-01T00:00:00Z' }),
    ];

    expect(scopeOf(objects).virtualServices.map(({ name }) => name)).toEqual(['private', 'named', 'public', 'of-both']);
  });

  it('have full names of hosts, destinations, mirrors and gateways', () => {
    const short = rule('short', {
      gateways: ['mesh', 'gw'],
      http: [{ match: [{ gateways: ['gw'] }], route: [{ destination: { host: 'web' } }], mirror: { host: 'copy' } }],
      tcp: [{ route: [{ destination: { host: 'db.example.com' } }] }],
    });

    expect(scopeOf([short]).virtualServices[0]?.spec).toEqual({
      hosts: ['web.shop.svc.cluster.local'],
      gateways: ['mesh', 'shop/gw'],
      http: [
        {
          match: [{ gateways: ['shop/gw'] }],
          route: [{ destination: { host: 'web.shop.svc.cluster.local' } }],
          mirror: { host: 'copy.shop.svc.cluster.local' },
        },
      ],
      tcp: [{ route: [{ destination: { host: 'db.example.com' } }] }],
    });
  });
});

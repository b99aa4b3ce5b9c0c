import { describe, expect, it } from 'vitest';
import { port, scopeOf, service, virtualService } from '../../../test/fixtures/listeners.ts';
import { routeKey } from '../../../test/fixtures/routes.ts';
import { claimOf, indexHosts } from './claim.ts';
import { visibleHosts } from './visible-host.ts';

const services = ['web.shop.svc.x', 'db.shop.svc.x', 'web.bank.svc.x'].map((host) => service(host, [port(80, 'HTTP')]));
const hosts = visibleHosts(scopeOf(services), routeKey(), 80);

function claims(...hostLists: readonly (readonly string[])[]) {
  const rules = hostLists.map((list, index) => virtualService(`vs${index}`, { hosts: list }));
  const index = indexHosts(rules);
  return rules.map((rule) => {
    const { known, unknown } = claimOf(rule, index, hosts, () => undefined);
    return [known.map(({ host }) => host), unknown];
  });
}

describe('a VirtualService claims', () => {
  it('the services that it names, and keeps the names that nobody has', () => {
    expect(claims(['web.shop.svc.x', 'api.example'])).toEqual([[['web.shop.svc.x'], ['api.example']]]);
  });

  it('the services that its wildcard covers', () => {
    expect(claims(['*.shop.svc.x'])).toEqual([[['web.shop.svc.x', 'db.shop.svc.x'], []]]);
  });

  it('nothing that another one describes more closely', () => {
    expect(claims(['*.svc.x'], ['*.shop.svc.x'], ['db.shop.svc.x'])).toEqual([
      [['web.bank.svc.x'], []],
      [['web.shop.svc.x'], []],
      [['db.shop.svc.x'], []],
    ]);
  });

  it('nothing by a wildcard that an earlier one has too', () => {
    expect(claims(['*.bank.svc.x'], ['*.bank.svc.x'])).toEqual([
      [['web.bank.svc.x'], []],
      [[], []],
    ]);
  });

  it('a wildcard as a host of its own where it covers no service', () => {
    expect(claims(['*.example'])).toEqual([[[], ['*.example']]]);
  });
});

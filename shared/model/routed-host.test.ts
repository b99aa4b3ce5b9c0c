import { describe, expect, it } from 'vitest';
import type { VirtualService } from '../config/networking/virtual-service.ts';
import { routedHosts } from './routed-host.ts';

const to = (host: string, number?: number) => ({ destination: { host, ...(number !== undefined && { port: { number } }) } });

describe('hosts that a VirtualService routes to', () => {
  it.each<[string, VirtualService, readonly unknown[]]>([
    [
      'of all protocols',
      { http: [{ route: [to('a', 1)] }], tls: [{ route: [to('b', 2)] }], tcp: [{ route: [to('c', 3)] }] },
      ['a', 'b', 'c'],
    ],
    ['as mirrors', { http: [{ route: [to('a', 1)], mirror: { host: 'm' }, mirrors: [to('n', 1)] }] }, ['a', 'm', 'n']],
    ['not for callers of another namespace', { http: [{ match: [{ sourceNamespace: 'other' }], route: [to('a')] }] }, []],
    ['for callers of any or the own one', { http: [{ match: [{ sourceNamespace: 'other' }, {}], route: [to('a')] }] }, ['a']],
  ])('are there %s', (_, rule, expected) => {
    expect([...routedHosts(rule, 'shop').keys()]).toEqual(expected);
  });

  it('are wanted on the ports that are named, on all of them if one destination names none', () => {
    const ports = routedHosts({ http: [{ route: [to('a', 1), to('a', 2), to('b', 1), to('b')] }] }, 'shop');

    expect(ports).toEqual(
      new Map<string, unknown>([
        ['a', new Set([1, 2])],
        ['b', 'all'],
      ]),
    );
  });
});

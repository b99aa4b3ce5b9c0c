import { describe, expect, it } from 'vitest';
import { virtualService } from '../../../test/fixtures/listeners.ts';
import type { HttpRoute } from '../../config/networking/virtual-service.ts';
import { usableVirtualServices } from './delegate.ts';

const root = virtualService('root', {
  hosts: ['web'],
  http: [
    { name: 'r', delegate: { name: 'child', namespace: 'team' } },
    { name: 'own', directResponse: { status: 200 } },
  ],
});
const routes: readonly HttpRoute[] = [{ name: 'c', directResponse: { status: 200 } }];
const child = { ...virtualService('child', { http: routes }), namespace: 'team' };

function names(exportTo: readonly string[], defaultExportTo: readonly string[] = ['*']) {
  const { value, problems } = usableVirtualServices([root, { ...child, spec: { http: routes, exportTo } }], defaultExportTo);
  return [value.map(({ name, spec }) => [name, spec.http?.map((route) => route.name)]), problems.map(({ code, path }) => [code, path])];
}

const found = [[['root', ['r-c', 'own']]], []];
const missing = [[['root', ['own']]], [['missing-delegate', 'spec.http[0].delegate']]];

describe('VirtualServices with delegates', () => {
  it.each<[string, readonly string[], readonly string[], readonly unknown[]]>([
    ['exported to all', ['*'], ['*'], found],
    ['exported to the root’s namespace', ['shop'], ['*'], found],
    ['exported by default', [], ['*'], found],
    ['exported to their own namespace only', ['.'], ['*'], missing],
    ['not exported by default', [], ['.'], missing],
  ])('%s', (_, exportTo, defaultExportTo, expected) => {
    expect(names(exportTo, defaultExportTo)).toEqual(expected);
  });

  it('whose matches do not fit are reported with both routes', () => {
    const narrow = virtualService('root', {
      hosts: ['web'],
      http: [{ match: [{ uri: { prefix: '/a' } }], delegate: { name: 'child', namespace: 'team' } }],
    });
    const other = { ...child, spec: { http: [{ match: [{ uri: { prefix: '/b' } }] }] } };
    expect(usableVirtualServices([narrow, other], ['*']).problems).toEqual([
      {
        code: 'conflicting-delegate',
        severity: 'warning',
        object: 'VirtualService shop/root',
        path: 'spec.http[0].delegate',
        message: expect.stringContaining('team/child cannot be used: the matches of its spec.http[0]'),
      },
    ]);
  });

  it('are left out with a problem if Envoy could not do them', () => {
    const broken = virtualService('broken', {
      hosts: ['db'],
      http: [{ match: [{ uri: { regex: '(' } }], directResponse: { status: 200 } }],
    });
    const good = virtualService('good', { hosts: ['web'], http: [{ directResponse: { status: 200 } }] });
    const { value, problems } = usableVirtualServices([broken, good], ['*']);

    expect(value).toEqual([good]);
    expect(problems.map(({ object, path }) => [object, path])).toEqual([['VirtualService shop/broken', 'spec.http[0].match[0].uri.regex']]);
  });
});

import { describe, expect, it } from 'vitest';
import { hostImports } from './host-imports.ts';

const web = { namespace: 'shop', host: 'web.shop.svc.cluster.local' };
const api = { namespace: 'other', host: 'api.other.svc.cluster.local' };

describe('hosts of an egress listener', () => {
  it.each([
    { hosts: ['./*'], hasWeb: true, hasApi: false },
    { hosts: ['*/*'], hasWeb: true, hasApi: true },
    { hosts: ['other/*'], hasWeb: false, hasApi: true },
    { hosts: ['*/api.other.svc.cluster.local'], hasWeb: false, hasApi: true },
    { hosts: ['shop/api.other.svc.cluster.local'], hasWeb: false, hasApi: false },
    { hosts: ['*/*.shop.svc.cluster.local'], hasWeb: true, hasApi: false },
    { hosts: ['~/*'], hasWeb: false, hasApi: false },
    { hosts: ['*/*', '~other/*'], hasWeb: true, hasApi: false },
    { hosts: ['web.shop.svc.cluster.local', 'a/b/c'], hasWeb: false, hasApi: false },
  ])('$hosts import what they name', ({ hosts, hasWeb, hasApi }) => {
    const imports = hostImports(hosts, 'shop');

    expect([imports.hasService(web), imports.hasService(api)]).toEqual([hasWeb, hasApi]);
  });

  it('import a rule whose wildcard holds an imported host, but no such service', () => {
    const imports = hostImports(['./web.shop.svc.cluster.local'], 'shop');
    const wide = { namespace: 'shop', host: '*.svc.cluster.local' };

    expect(imports.hasRule(wide)).toBe(true);
    expect(imports.hasService(wide)).toBe(false);
    expect(imports.hasRule({ ...wide, namespace: 'other' })).toBe(false);
  });
});

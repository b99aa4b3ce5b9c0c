import { describe, expect, it } from 'vitest';
import { initJson } from '../../../test/fixtures/routes.ts';
import type { HttpRedirect } from '../../config/networking/virtual-service-redirect.ts';
import { RedirectActionSchema } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import { redirectAction } from './redirect.ts';

describe('redirects', () => {
  it.each<[string, HttpRedirect, object]>([
    ['path and host', { uri: '/new', authority: 'a.example' }, { pathRedirect: '/new', hostRedirect: 'a.example' }],
    ['a prefix', { prefixRewrite: '/z' }, { prefixRewrite: '/z' }],
    ['the scheme', { scheme: 'https' }, { schemeRedirect: 'https', pathRedirect: '' }],
    ['a port', { scheme: 'https', port: 8443 }, { schemeRedirect: 'https', portRedirect: 8443, pathRedirect: '' }],
    ['no port that the scheme has anyway', { scheme: 'https', port: 443 }, { schemeRedirect: 'https', pathRedirect: '' }],
    ['no port 80 without a scheme', { port: 80 }, { pathRedirect: '' }],
    ['port 443 without a scheme', { port: 443 }, { portRedirect: 443, pathRedirect: '' }],
    ['the port of the request', { derivePort: 'FROM_REQUEST_PORT' }, { portRedirect: 8080, pathRedirect: '' }],
    ['the port of the protocol', { derivePort: 'FROM_PROTOCOL_DEFAULT' }, { pathRedirect: '' }],
    ['status 301', { redirectCode: 301 }, { pathRedirect: '' }],
    ['status 302', { redirectCode: 302 }, { pathRedirect: '', responseCode: 'FOUND' }],
    ['status 303', { redirectCode: 303 }, { pathRedirect: '', responseCode: 'SEE_OTHER' }],
    ['status 307', { redirectCode: 307 }, { pathRedirect: '', responseCode: 'TEMPORARY_REDIRECT' }],
    ['status 308', { redirectCode: 308 }, { pathRedirect: '', responseCode: 'PERMANENT_REDIRECT' }],
  ])('tell %s', (_, redirect, expected) => {
    const made = redirectAction(redirect, { listenPort: 8080 });
    expect(made.ok && initJson(RedirectActionSchema, made.value)).toEqual(expected);
  });

  it('cannot have another status', () => {
    expect(redirectAction({ redirectCode: 304 }, { listenPort: 80 })).toMatchObject({ ok: false, error: expect.stringContaining('304') });
  });
});

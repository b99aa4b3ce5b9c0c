import { describe, expect, it } from 'vitest';
import { parseRequestUri, parseUrl } from './url.ts';

describe('parseUrl', () => {
  it.each([
    ['https://foo.com/a?b=c#d', 'https', 'foo.com'],
    ['HTTPS://foo.com:80', 'https', 'foo.com:80'],
    ['oci://ghcr.io/a/b:v1', 'oci', 'ghcr.io'],
    ['file:///opt/x.wasm', 'file', ''],
    ['foo.com:80/x', 'foo.com', ''],
    ['foo/bar:1', '', ''],
    ['//foo.com/x', '', 'foo.com'],
    ['http://me:secret@[::1]:80/', 'http', '[::1]:80'],
    ['http://foo:/', 'http', 'foo:'],
    ['', '', ''],
  ])('takes %s', (text, scheme, host) => {
    expect(parseUrl(text)).toEqual({ ok: true, value: { scheme, host } });
  });

  it.each([
    ['https://foo.com:not-a-number', 'invalid port ":not-a-number" after host'],
    [':foo', 'missing protocol scheme'],
    ['127.0.0.1:80/x', 'first path segment in URL cannot contain colon'],
    ['http://a b/', 'invalid character in host name'],
    ['http://a/%zz', 'invalid URL escape "%zz"'],
    ['#%', 'invalid URL escape "%"'],
    ['a\nb', 'invalid control character in URL'],
    ['http://[::1/', "missing ']' in host"],
    ['http://a^b@foo/', 'invalid userinfo'],
  ])('refuses %j', (text, error) => {
    expect(parseUrl(text)).toEqual({ ok: false, error });
  });
});

describe('parseRequestUri', () => {
  it('wants a complete URL or an absolute path', () => {
    expect(parseRequestUri('foo.com/x').ok).toBe(false);
    expect(parseRequestUri('').ok).toBe(false);
    expect(parseRequestUri('/x').ok).toBe(true);
    expect(parseRequestUri('https://x/').ok).toBe(true);
  });
});

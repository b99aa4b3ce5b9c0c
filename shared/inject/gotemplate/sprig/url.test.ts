import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  [
    '{{ urlParse "http://user:pass@host.com:8080/p/a%20th?q=1&b=2#frag" }}',
    'map[fragment:frag host:host.com:8080 hostname:host.com opaque: path:/p/a th query:q=1&b=2 scheme:http userinfo:user:pass]',
  ],
  ['{{ urlParse "mailto:a@b" }}', 'map[fragment: host: hostname: opaque:a@b path: query: scheme:mailto userinfo:]'],
  ['{{ urlParse "/x?y" }}', 'map[fragment: host: hostname: opaque: path:/x query:y scheme: userinfo:]'],
  ['{{ urlParse "" }}', 'map[fragment: host: hostname: opaque: path: query: scheme: userinfo:]'],
  ['{{ urlParse "http://[::1]:80/" }}', 'map[fragment: host:[::1]:80 hostname:::1 opaque: path:/ query: scheme:http userinfo:]'],
  [
    '{{ urlJoin (dict "scheme" "http" "host" "h:80" "path" "/p" "query" "q=1" "fragment" "f" "userinfo" "u:p") }}',
    'http://u:p@h:80/p?q=1#f',
  ],
  ['{{ urlJoin (dict "host" "h") }}', '//h'],
  ['{{ urlJoin (dict "path" "/a b") }}', '/a%20b'],
  ['{{ urlJoin (dict "scheme" "mailto" "opaque" "a@b") }}', 'mailto:a@b'],
  ['{{ urlJoin (dict) }}', ''],
  ['{{ urlJoin (dict "host" "h" "path" "x") }}', '//h/x'],
];

const failures: readonly (readonly [string, string])[] = [
  ['{{ urlParse "http://a b/" }}', 'error calling urlParse: unable to parse url: parse "http://a b/": invalid character " " in host name'],
  ['{{ urlParse ":foo" }}', 'error calling urlParse: unable to parse url: parse ":foo": missing protocol scheme'],
  ['{{ urlParse "http://x:abc/" }}', 'error calling urlParse: unable to parse url: parse "http://x:abc/": invalid port ":abc" after host'],
  ['{{ urlJoin (dict "host" 5) }}', 'error calling urlJoin: unable to parse host key, must be of type string, but int found'],
];

describe('sprig url functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(failures)("fail for %s with sprig's message", (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

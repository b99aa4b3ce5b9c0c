import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  ['{{ fromJson "{\\"a\\":[1,2.5,null,true,\\"x\\"]}" }}', 'map[a:[1 2.5 <nil> true x]]'],
  ['{{ fromJson "bad" }}', '<no value>'],
  ['{{ fromJson "5" | printf "%T" }}', 'float64'],
  ['{{ fromJson "" }}', '<no value>'],
  ['{{ fromJson "null" }}', '<no value>'],
  [
    '{{ toJson (dict "a" "<&>\\u2028" "b" 1.0 "c" 1e21 "d" 1e-7 "e" nil "f" (list)) }}',
    '{"a":"\\u003c\\u0026\\u003e\\u2028","b":1,"c":1e+21,"d":1e-7,"e":null,"f":[]}',
  ],
  ['{{ toRawJson (dict "a" "<&>\\u2028") }}', '{"a":"<&>\\u2028"}'],
  [
    '{{ toPrettyJson (dict "a" (list 1 (dict)) "b" (list) "c" (dict "x" nil)) }}',
    '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": [],\n  "c": {\n    "x": null\n  }\n}',
  ],
  ['{{ toJson nil }}', 'null'],
  ['{{ toJson "a\\"\\\\\\n\\t\\u0001\\u007f" }}', '"a\\"\\\\\\n\\t\\u0001"'],
  ['{{ toJson 100000000.0 }}', '100000000'],
  ['{{ toJson 123456789012345678 }}', '123456789012345678'],
  ['{{ toJson 1e20 }}', '100000000000000000000'],
  ['{{ toPrettyJson "<" }}', '"\\u003c"'],
  ['{{ b64enc "héllo" }}', 'aMOpbGxv'],
  ['{{ b64dec "aMOpbGxv" }}', 'héllo'],
  ['{{ b64dec "a" }}', 'illegal base64 data at input byte 0'],
  ['{{ b64dec "aGk" }}', 'illegal base64 data at input byte 0'],
  ['{{ b64dec "a GE=" }}', 'illegal base64 data at input byte 1'],
  ['{{ b64dec "!!!!" }}', 'illegal base64 data at input byte 0'],
  ['{{ b32enc "hello" }}', 'NBSWY3DP'],
  ['{{ b32dec "NBSWY3DP" }}', 'hello'],
  ['{{ b32dec "1" }}', 'illegal base32 data at input byte 0'],
  ['{{ b64enc "" }}', ''],
  ['{{ b64dec "" }}', ''],
  ['{{ b64dec "aG\\nk=" }}', 'hi'],
  ['{{ b64dec "aGl=" }}', 'hi'],
  ['{{ b64dec "aGk==" }}', 'illegal base64 data at input byte 4'],
  ['{{ b64dec "aGk=a" }}', 'illegal base64 data at input byte 4'],
  ['{{ sha1sum "a" }}', '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
  ['{{ sha256sum "" }}', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [
    '{{ sha512sum "a" }}',
    '1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75',
  ],
  ['{{ adler32sum "Wikipedia" }}', '300286872'],
  ['{{ adler32sum "" }}', '1'],
  ['{{ mustToJson (list 1) }}', '[1]'],
];

const failures: readonly (readonly [string, string])[] = [
  ['{{ mustFromJson "bad" }}', "error calling mustFromJson: invalid character 'b' looking for beginning of value"],
];

describe('sprig encoding functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(failures)("fail for %s with sprig's message", (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

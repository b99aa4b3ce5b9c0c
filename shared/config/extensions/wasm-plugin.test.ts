import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { trafficExtensionKind } from './traffic-extension.ts';
import { wasmPluginKind } from './wasm-plugin.ts';

const check = (spec: JsonObject): readonly string[] => findingsOf(wasmPluginKind, { url: 'oci://ghcr.io/a/b:v1', ...spec });
const checkExtension = (spec: JsonObject): readonly string[] => findingsOf(trafficExtensionKind, spec);

describe('wasmPluginKind', () => {
  it.each(['oci://ghcr.io/a', 'ghcr.io/a/b:v1', '127.0.0.1:5000/a', 'https://x/y.wasm', 'file:///opt/x.wasm'])('loads %s', (url) => {
    expect(check({ url })).toEqual([]);
  });

  it.each([
    ['', 'url field needs to be set'],
    ['ftp://x', 'url contains unsupported scheme: ftp'],
    ['localhost:5000/a', 'url contains unsupported scheme: localhost'],
    ['a b', 'failed to parse url: parse "a b": invalid URI for request'],
  ])('does not load %j', (url, message) => {
    expect(check({ url })).toEqual([`spec.url: ${message}`]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['a short hash', { sha256: 'ab' }, ['spec.sha256: sha256 field must be 64 characters long']],
    ['a hash in upper case', { sha256: 'A'.repeat(64) }, ['spec.sha256: sha256 field must match [a-f0-9]{64} pattern']],
    ['a good hash', { sha256: 'a'.repeat(64) }, []],
    ['a long name', { pluginName: 'a'.repeat(257) }, [expect.stringContaining('spec.pluginName: ')]],
    ['a long secret', { imagePullSecret: 'a'.repeat(254) }, [expect.stringContaining('spec.imagePullSecret: ')]],
    [
      'no port',
      { match: [{}, { ports: [{ number: 1 }, {}] }] },
      ['spec.match[1].ports[1].number: spec.Match[1].Ports[1] is out of range: 0'],
    ],
  ])('knows %s', (_what, spec, findings) => {
    expect(check(spec)).toEqual(findings);
  });

  it.each<[string, readonly JsonObject[], readonly string[]]>([
    [
      'values',
      [
        { name: 'a', value: 'b' },
        { name: 'c', valueFrom: 'HOST' },
      ],
      [],
    ],
    ['no name', [{ name: 'a' }, {}], ['spec.vmConfig.env[1]: spec.vmConfig.env invalid']],
    ['a name twice', [{ name: 'a' }, { name: 'a' }], ['spec.vmConfig.env[1]: duplicate env']],
    [
      'two values',
      [{ name: 'a', valueFrom: 'HOST', value: 'b' }, {}],
      ['spec.vmConfig.env[0]: value may only be set when valueFrom is INLINE'],
    ],
  ])('knows an environment with %s', (_what, env, findings) => {
    expect(check({ vmConfig: { env } })).toEqual(findings);
  });
});

describe('trafficExtensionKind', () => {
  it('is a module or a script', () => {
    expect(checkExtension({ wasm: { url: 'x' } })).toEqual([]);
    expect(checkExtension({ lua: { inlineCode: 'function envoy_on_request() end' } })).toEqual([]);
    expect(checkExtension({})).toEqual(['spec: exactly one of wasm or lua must be set']);
  });

  it('checks modules as WasmPlugin does', () => {
    expect(checkExtension({ wasm: {} })).toEqual(['spec.wasm.url: url field needs to be set']);
  });

  it.each([
    [0, 1],
    [65_536, 0],
    [65_537, 1],
  ])('takes a script of %d bytes with %d errors', (bytes, errors) => {
    expect(checkExtension({ lua: { inlineCode: '-'.repeat(bytes) } })).toHaveLength(errors);
  });
});

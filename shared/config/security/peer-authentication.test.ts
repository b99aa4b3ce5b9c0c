import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { peerAuthenticationKind } from './peer-authentication.ts';

const check = (spec: JsonObject): readonly string[] => findingsOf(peerAuthenticationKind, spec);
const selector = { matchLabels: { app: 'a' } };

describe('peerAuthenticationKind', () => {
  it('takes a mode for all ports and modes for some', () => {
    expect(check({ selector, mtls: { mode: 'STRICT' }, portLevelMtls: { 80: { mode: 'DISABLE' } } })).toEqual([]);
    expect(check({})).toEqual([]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    [
      'ports of no workload',
      { portLevelMtls: { 80: {} } },
      ['spec.portLevelMtls: mesh/namespace peer authentication cannot have port level mTLS'],
    ],
    [
      'an empty list of ports',
      { selector, portLevelMtls: {} },
      ['spec.portLevelMtls: port level mTLS, if defined, must have at least one element'],
    ],
    ['no port', { selector, portLevelMtls: { 0: {} } }, ['spec.portLevelMtls[0]: port must be in range 1..65535']],
    ['a name', { selector, portLevelMtls: { web: {} } }, ["spec.portLevelMtls[web]: invalid character 'w' looking for beginning of value"]],
  ])('refuses %s', (_what, spec, findings) => {
    expect(check(spec)).toEqual(findings);
  });
});

describe('checkWorkloadSelector', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['warns of no labels', {}, ['warning: spec.selector.matchLabels: workload selector specified without labels']],
    ['refuses patterns', { a: '*' }, ['spec.selector.matchLabels[a]: wildcard is not supported in selector: "a=*"']],
    ['refuses no name', { '': 'a' }, ['spec.selector.matchLabels[]: empty key is not supported in selector: "=a"']],
  ])('%s', (_what, matchLabels, findings) => {
    expect(check({ selector: { matchLabels } })).toEqual(findings);
  });
});

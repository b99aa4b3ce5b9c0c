import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject, JsonValue } from '../../lib/json.ts';
import { authorizationPolicyKind } from './authorization-policy.ts';

const prefix = 'invalid policy n.ns: ';
const check = (spec: JsonObject, annotations: JsonObject = {}): readonly string[] =>
  findingsOf(authorizationPolicyKind, spec, annotations).map((finding) => finding.replace(prefix, ''));
const checkRule = (rule: JsonObject): readonly string[] => check({ rules: [rule] }).map((finding) => finding.replace('spec.rules[0].', ''));
const checkSource = (source: JsonObject): readonly string[] => checkRule({ from: [{ source }] });
const checkOperation = (operation: JsonObject): readonly string[] => checkRule({ to: [{ operation }] });

describe('authorizationPolicyKind', () => {
  it('names the policy in every error', () => {
    expect(findingsOf(authorizationPolicyKind, { action: 'DENY' })).toEqual([expect.stringContaining(`spec.rules: ${prefix}`)]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['nothing allowed', {}, []],
    ['everything allowed', { rules: [{}] }, []],
    [
      'a denial of nothing',
      { action: 'DENY', rules: [] },
      [expect.stringContaining('spec.rules: DENY action without `rules` is meaningless')],
    ],
    [
      'a question about nothing',
      { action: 'CUSTOM', provider: { name: 'p' } },
      [expect.stringContaining('spec.rules: CUSTOM action without')],
    ],
    ['a question to nobody', { action: 'CUSTOM', rules: [{}] }, ['spec.provider.name: `provider.name` must not be empty']],
    [
      'a decision that is not asked for',
      { action: 'AUDIT', provider: { name: 'p' } },
      ['spec.provider: `provider` must not be with non CUSTOM action, found AUDIT'],
    ],
  ])('knows %s', (_what, spec, findings) => {
    expect(check(spec)).toEqual(findings);
  });

  it('asks others only about what the proxy can tell them', () => {
    const rule = {
      from: [{ source: { principals: ['a'], ipBlocks: ['10.0.0.1'] } }],
      when: [{ key: 'request.auth.claims[a]', values: ['b'] }],
    };

    expect(check({ action: 'CUSTOM', provider: { name: 'p' }, rules: [rule] })).toEqual([
      'spec.rules[0].from[0].source.principals: From.Principals is currently not supported with CUSTOM action',
      'spec.rules[0].when[0].key: request.auth.claims[a] is currently not supported with CUSTOM action',
    ]);
  });

  it('is tried without effect only where it allows or denies', () => {
    const dryRun = (value: string): JsonObject => ({ 'istio.io/dry-run': value });

    expect(check({ action: 'DENY', rules: [{}] }, dryRun('T'))).toEqual([]);
    expect(check({ action: 'AUDIT' }, dryRun('true'))).toEqual([
      expect.stringContaining('only supports action ALLOW/DENY, found action AUDIT'),
    ]);
    expect(check({}, dryRun('yes'))).toEqual([expect.stringContaining('with invalid value (yes)')]);
  });
});

describe('sources', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['addresses and ranges', { ipBlocks: ['10.0.0.1', '10.0.0.0/8', 'fd00::1'] }, []],
    ['no address', { notIpBlocks: ['a'] }, ['from[0].source.notIpBlocks[0]: bad IP address (a)']],
    ['no range', { remoteIpBlocks: ['10.0.0.0/33'] }, [expect.stringContaining('remoteIpBlocks[0]: bad CIDR range (10.0.0.0/33): ')]],
    ['an empty name', { principals: ['a', ''] }, ['from[0].source.principals[1]: empty value not allowed, found in Principals']],
    [
      'accounts beside names',
      { serviceAccounts: ['a'], notNamespaces: ['b'] },
      ['from[0].source: cannot set serviceAccounts with namespaces or principals, found at rule 0'],
    ],
    ['nothing', {}, ['from[0].source: `from.source` must not be empty, found at rule 0']],
  ])('with %s', (_what, source, findings) => {
    expect(checkSource(source)).toEqual(findings);
  });

  it('must be there', () => {
    expect(checkRule({ from: [null] })).toEqual(['from[0].source: `from.source` must not be nil, found at rule 0']);
  });

  it.each([
    ['a', undefined],
    ['ns/a', undefined],
    ['', 'empty value not allowed'],
    ['a*', 'wildcard not allowed'],
    ['a/b/c', 'found "a/b/c" in ServiceAccounts'],
    ['/a', 'found empty namespace'],
    ['a/', 'found empty serviceAccount'],
    ['a'.repeat(321), 'value cannot exceed 320 characters'],
  ])('name the service account %j', (name, problem) => {
    expect(checkSource({ serviceAccounts: [name] })).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
  });

  it('name at most 16 service accounts', () => {
    const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `a${index}`);

    expect(checkSource({ serviceAccounts: names(16) })).toEqual([]);
    expect(checkSource({ serviceAccounts: names(17) })).toEqual(['from[0].source.serviceAccounts: may not have more than 16 values']);
  });

  it.each([
    ['a.b', true],
    ['*', true],
    ['*.b', true],
    ['a.*', true],
    ['a*b', false],
    ['*a*', false],
    ['a/b', false],
    ['', false],
  ])('name the trust domain %j', (name, isGood) => {
    expect(checkSource({ trustDomains: [name] })).toHaveLength(isGood ? 0 : 1);
  });
});

describe('operations', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['ports', { ports: ['0', '65535'] }, []],
    [
      'a name for a port',
      { ports: ['web'] },
      ['to[0].operation.ports[0]: bad port (web): strconv.ParseUint: parsing "web": invalid syntax'],
    ],
    ['a port that is too large', { notPorts: ['70000'] }, ['to[0].operation.notPorts[0]: bad port (70000): <nil>']],
    ['an empty method', { methods: [''] }, ['to[0].operation.methods[0]: empty value not allowed, found in Methods']],
    ['nothing', { hosts: [] }, ['to[0].operation: `to.operation` must not be empty, found at rule 0']],
  ])('with %s', (_what, operation, findings) => {
    expect(checkOperation(operation)).toEqual(findings);
  });

  it.each([
    ['/a/{*}/b/{**}', undefined],
    ['/{**}/', undefined],
    ['/a*', undefined],
    ['/a{*}', "Contains '{' or '}' beyond a supported path template"],
    ['/{a}', "Contains '{' or '}' beyond a supported path template"],
    ['/{**}/{*}', '{**} is not the last operator'],
    ['/{*}//b', 'Contains segment  with invalid string literal'],
    ['/{*}/b*', 'Contains segment b* with invalid string literal'],
  ])('with the path %s', (path, problem) => {
    expect(checkOperation({ paths: [path] })).toEqual(problem === undefined ? [] : [expect.stringContaining(`found in Paths. ${problem}`)]);
  });
});

describe('conditions', () => {
  const checkWhen = (key: string, values: JsonValue, more: JsonObject = {}): readonly string[] =>
    checkRule({ when: [{ key, values, ...more }] });

  it.each([
    ['source.ip', '10.0.0.0/8'],
    ['destination.port', '80'],
    ['request.headers[x-a]', 'b'],
    ['request.auth.claims[a][b]', 'c'],
    ['experimental.envoy.filters.network.x[a]', 'b'],
    ['source.namespace', 'b'],
    ['source.trustDomain', '*.b'],
    ['connection.sni', 'b'],
  ])('about %s', (key, value) => {
    expect(checkWhen(key, [value])).toEqual([]);
  });

  it.each([
    ['source.ip', 'x', 'invalid `value` for `key` source.ip: 1 error occurred:\n\t* bad IP address (x)\n\n'],
    ['destination.port', 'x', 'bad port (x)'],
    ['request.headers', 'x', 'bad key (request.headers): should have format a[b]'],
    ['request.headers[]', 'x', 'should have format a[b]'],
    ['source.serviceAccount', 'a/b/c', 'expected format'],
    ['destination.namespace', 'x', 'attribute destination.namespace is replaced by the metadata.namespace'],
    ['destination.labels[a]', 'x', 'attribute destination.labels[a] is replaced by the workload selector'],
    ['destination.user', 'x', 'deprecated attribute destination.user: only supported in v1alpha1'],
    ['toString', 'x', 'unknown attribute: toString'],
    ['source.principal', '', 'empty value not allowed, found in source.principal'],
  ])('refuse %s with %j', (key, value, problem) => {
    expect(checkWhen(key, [value])).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
    expect(checkWhen(key, [], { notValues: [value] }).at(-1)).toContain('invalid `notValue` for `key`');
  });

  it('ask about something for something', () => {
    expect(checkWhen('', ['a'])).toEqual(['when[0].key: `key` must not be empty']);
    expect(checkWhen('source.principal', [])).toEqual([
      'when[0]: at least one of `values` or `notValues` must be set for key source.principal',
    ]);
  });
});

describe('denials on TCP ports', () => {
  const warned = (rule: JsonObject): boolean =>
    check({ action: 'DENY', rules: [rule] }).some((finding) => finding.includes('all traffic to TCP ports'));

  it.each<[JsonObject, boolean]>([
    [{}, false],
    [{ from: [{ source: { principals: ['a'] } }] }, false],
    [{ from: [{ source: { requestPrincipals: ['a'] } }] }, true],
    [{ from: [{ source: { trustDomains: ['a'] } }] }, true],
    [{ to: [{ operation: { methods: ['GET'] } }] }, true],
    [{ to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }, false],
    [{ from: [{ source: { principals: ['a'] } }], to: [{ operation: { paths: ['/a'] } }] }, true],
  ])('%j: %j', (rule, expected) => {
    expect(warned(rule)).toBe(expected);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject, JsonValue } from '../../lib/json.ts';
import { envoyFilterKind } from './envoy-filter.ts';

const general = /^warning: spec: EnvoyFilter exposes internal implementation details/;

/** Without the warning that every EnvoyFilter gets. */
const check = (spec: JsonObject): readonly string[] => findingsOf(envoyFilterKind, spec).filter((finding) => !general.test(finding));
const checkPatch = (patch: JsonObject): readonly string[] =>
  check({ configPatches: [patch] }).map((finding) => finding.replace('spec.configPatches[0].', ''));

const listenerMatch = (filter: JsonObject): JsonObject => ({ listener: { filterChain: { filter } } });
const remove = { operation: 'REMOVE' };
const connectionManager = 'envoy.filters.network.http_connection_manager';

describe('envoyFilterKind', () => {
  it('warns of every EnvoyFilter', () => {
    expect(findingsOf(envoyFilterKind, {})).toEqual([expect.stringMatching(general)]);
  });

  it('looks at no patch where the selector is wrong', () => {
    expect(check({ workloadSelector: { labels: { a: '*' } }, configPatches: [{}] })).toEqual([
      'spec.workloadSelector.labels[a]: wildcard is not supported in selector: "a=*"',
    ]);
  });

  it.each<[JsonObject, readonly string[]]>([
    [{}, ['applyTo: Envoy filter: missing applyTo']],
    [{ applyTo: 'CLUSTER' }, ['patch: Envoy filter: missing patch']],
    [{ applyTo: 'CLUSTER', patch: {} }, ['patch.operation: Envoy filter: missing patch operation']],
    [{ applyTo: 'CLUSTER', patch: { operation: 'ADD' } }, ['patch.value: Envoy filter: missing patch value for non-remove operation']],
    [{ applyTo: 'CLUSTER', patch: remove }, []],
    [{ match: { context: 'WAYPOINT' } }, []],
  ])('wants all parts of %j', (patch, findings) => {
    expect(checkPatch(patch)).toEqual(findings);
  });
});

describe('matches', () => {
  it.each([
    ['LISTENER', 'cluster', 'Envoy filter: applyTo for listener class objects cannot have non listener match'],
    ['HTTP_ROUTE', 'listener', 'Envoy filter: applyTo for http route class objects cannot have non route configuration match'],
    ['CLUSTER', 'routeConfiguration', 'Envoy filter: applyTo for cluster class objects cannot have non cluster match'],
    ['BOOTSTRAP', 'cluster', undefined],
  ])('of %s by %s', (applyTo, match, message) => {
    expect(checkPatch({ applyTo, match: { [match]: {} }, patch: remove })).toEqual(message === undefined ? [] : [`match: ${message}`]);
  });

  const filterPath = 'match.listener.filterChain.filter';
  it.each<[string, string, JsonObject, readonly string[]]>([
    ['a filter', 'NETWORK_FILTER', { name: 'a' }, []],
    ['a filter without a name', 'NETWORK_FILTER', {}, [`${filterPath}: Envoy filter: filter match has no name to match on`]],
    [
      'a filter of a listener',
      'LISTENER',
      { name: 'a' },
      [`warning: ${filterPath}: Envoy filter: filter match has no effect when used with LISTENER`],
    ],
    ['a filter below', 'HTTP_FILTER', { name: connectionManager, subFilter: { name: 'a' } }, []],
    [
      'a filter below where there is none',
      'NETWORK_FILTER',
      { name: connectionManager, subFilter: { name: 'a' } },
      [`${filterPath}.subFilter: Envoy filter: subfilter match can be used with applyTo HTTP_FILTER only`],
    ],
    [
      'a filter below another one',
      'HTTP_FILTER',
      { name: 'a', subFilter: { name: 'b' } },
      [`${filterPath}.subFilter: Envoy filter: subfilter match requires filter match with ${connectionManager}`],
    ],
    [
      'a filter below without a name',
      'HTTP_FILTER',
      { name: connectionManager, subFilter: {} },
      [`${filterPath}.subFilter: Envoy filter: subfilter match has no name to match on`],
    ],
    [
      'an old name',
      'HTTP_FILTER',
      { name: 'envoy.http_connection_manager', subFilter: { name: 'envoy.router' } },
      [
        `warning: ${filterPath}.name: using deprecated filter name "envoy.http_connection_manager"; use "${connectionManager}" instead`,
        `warning: ${filterPath}.subFilter.name: using deprecated filter name "envoy.router"; use "envoy.filters.http.router" instead`,
      ],
    ],
  ])('by %s', (_what, applyTo, filter, findings) => {
    expect(checkPatch({ applyTo, match: listenerMatch(filter), patch: remove })).toEqual(findings);
  });

  it('by the version of proxies, as an expression of RE2', () => {
    const byVersion = (proxyVersion: string): readonly string[] =>
      checkPatch({ applyTo: 'CLUSTER', match: { proxy: { proxyVersion } }, patch: remove });

    expect(byVersion('^1\\.2.*')).toEqual([]);
    expect(byVersion('(?=a)')).toEqual([
      expect.stringContaining('match.proxy.proxyVersion: Envoy filter: invalid regex for proxy version, ['),
    ]);
    expect(byVersion('a'.repeat(1025))).toEqual([expect.stringMatching(/^warning: match\.proxy\.proxyVersion: /)]);
  });
});

describe('values', () => {
  const checkValue = (applyTo: string, value: JsonObject): readonly string[] =>
    checkPatch({ applyTo, patch: { operation: 'MERGE', value } });
  const lua = (config: JsonObject): JsonObject => ({
    name: 'envoy.filters.http.lua',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua', ...config },
  });
  const any = (url: JsonValue): JsonObject => ({ name: 'a', typed_config: { '@type': url } });

  it.each<[string, JsonObject]>([
    ['CLUSTER', { connect_timeout: '5s', lbPolicy: 'ROUND_ROBIN', circuit_breakers: { thresholds: [{ max_connections: 1 }] } }],
    ['HTTP_FILTER', lua({ inlineCode: '-- nothing' })],
    ['HTTP_ROUTE', { route: { host_rewrite_literal: 'a' }, metadata: { filter_metadata: { a: { b: [1, null] } } } }],
    ['EXTENSION_CONFIG', { name: 'a', typed_config: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1s' } }],
  ])('are messages of Envoy: %s', (applyTo, value) => {
    expect(checkValue(applyTo, value)).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'CLUSTER',
      { lb_policy: 'BEST' },
      'patch.value.lbPolicy: Envoy filter: unknown value "\\"BEST\\"" for enum envoy.config.cluster.v3.Cluster.LbPolicy',
    ],
    ['CLUSTER', { connect_timeout: 'soon' }, 'patch.value.connectTimeout: Envoy filter: bad Duration: time: invalid duration "soon"'],
    ['HTTP_FILTER', { typed_config: {} }, "patch.value.typedConfig: Envoy filter: Any JSON doesn't have '@type'"],
    ['HTTP_FILTER', any(0), `patch.value.typedConfig: Envoy filter: can't unmarshal Any's '@type': "0"`],
    [
      'HTTP_FILTER',
      any('bogus'),
      'patch.value.typedConfig: referenced type unknown: Envoy filter: could not resolve Any message type: bogus',
    ],
    [
      'HTTP_FILTER',
      any('type.googleapis.com/envoy.config.filter.http.lua.v2.Lua'),
      'patch.value.typedConfig: referenced type unknown (hint: try using the v3 XDS API): Envoy filter: ' +
        'could not resolve Any message type: type.googleapis.com/envoy.config.filter.http.lua.v2.Lua',
    ],
    [
      'HTTP_FILTER',
      lua({ inlineCode: 1 }),
      "patch.value.typedConfig.inlineCode: Envoy filter: can't unmarshal Any nested proto " +
        'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua: json: cannot unmarshal number into Go value of type string',
    ],
  ])('are refused: %s %j', (applyTo, value, finding) => {
    expect(checkValue(applyTo, value)).toEqual([finding]);
  });

  it('may have fields that are newer than what we know', () => {
    expect(checkValue('CLUSTER', { new_field: 1 })).toEqual([
      'warning: patch.value: Envoy filter: unknown field "new_field" in envoy.config.cluster.v3.Cluster',
    ]);
  });

  it('may be of types that only some builds of Envoy have, which we say', () => {
    expect(checkValue('HTTP_FILTER', any('type.googleapis.com/envoy.extensions.filters.http.golang.v3alpha.Config'))).toEqual([
      "warning: patch.value: pilotless: envoy.extensions.filters.http.golang.v3alpha.Config is not among Envoy's own types, its fields are not checked",
    ]);
  });

  it('name the type of what they configure', () => {
    expect(checkValue('HTTP_FILTER', { name: 'envoy.lua' })).toEqual([
      'warning: patch.value: using deprecated types by name without typed_config; envoy.lua',
    ]);
    expect(checkValue('HTTP_FILTER', { name: 'a', config_discovery: { type_urls: ['x'] } })).toEqual([]);
  });

  it('are not checked where they are removed without one', () => {
    expect(checkPatch({ applyTo: 'HTTP_FILTER', patch: remove })).toEqual([]);
  });

  it('get an answer whatever they are', () => {
    const name = fc.constantFrom('name', 'typed_config', '@type', 'value', 'filters', 'connect_timeout', 'circuit_breakers', 'x');
    const url = fc.constantFrom(
      't/envoy.extensions.filters.http.lua.v3.Lua',
      't/google.protobuf.Any',
      't/google.protobuf.Struct',
      't/envoy.x.v3.Y',
    );
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>,
        url,
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(name, tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.constantFrom('CLUSTER', 'HTTP_FILTER', 'LISTENER', 'BOOTSTRAP'),
        fc.dictionary(name, value, { maxKeys: 4 }),
        (applyTo, given) => {
          for (const finding of checkValue(applyTo, given)) expect(finding).toMatch(/^(?:warning: )?patch\.value/);
        },
      ),
    );
  });
});

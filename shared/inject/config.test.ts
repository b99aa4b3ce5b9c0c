import { describe, expect, it } from 'vitest';
import { plainHost, plainSettings } from '../../test/fixtures/inject.ts';
import { type InjectorTexts, loadInjectorConfig } from './config.ts';

const load = (given: InjectorTexts = {}) => loadInjectorConfig({ settings: plainSettings, host: plainHost, ...given });

describe('loadInjectorConfig', () => {
  it('needs no text at all', () => {
    const { value, problems } = load();

    expect(problems).toEqual([]);
    expect(value).toMatchObject({
      policy: 'enabled',
      neverInjectSelector: [],
      alwaysInjectSelector: [],
      defaultTemplates: [],
      aliases: {},
      injectedAnnotations: {},
      proxyConfigs: [],
      clusterFacts: { kubeletVersions: {}, namespaceAnnotations: {} },
      settings: plainSettings,
      revision: 'default',
    });
    expect([...(value?.templates.keys() ?? [])]).toEqual(['sidecar', 'gateway', 'grpc-agent', 'grpc-simple', 'spire']);
    expect(value?.mesh.defaultConfig?.statusPort).toBe(15020);
  });

  it.each(['', '# nothing', 'null'])('takes %j for no text', (text) => {
    expect(load({ meshConfigText: text, valuesText: text, injectConfigText: text })).toEqual(load());
  });

  it('reads the injection configuration', () => {
    const { value } = load({
      injectConfigText: `
        policy: disabled
        defaultTemplates: [gateway, sidecar]
        aliases: {default: [sidecar, spire]}
        injectedAnnotations: {a: "1"}
        neverInjectSelector: [{matchLabels: {app: x}}]
        alwaysInjectSelector: [{matchExpressions: [{key: k, operator: Exists}]}]
        unknown: ignored
      `,
    });

    expect(value).toMatchObject({
      policy: 'disabled',
      defaultTemplates: ['gateway', 'sidecar'],
      aliases: { default: ['sidecar', 'spire'] },
      injectedAnnotations: { a: '1' },
      neverInjectSelector: [{ matchLabels: { app: 'x' } }],
      alwaysInjectSelector: [{ matchExpressions: [{ key: 'k', operator: 'Exists' }] }],
    });
  });

  it('leaves out parts of the injection configuration that have another type', () => {
    const { value, problems } = load({
      injectConfigText: `
        policy: 7
        defaultTemplates: [1, sidecar]
        aliases: {one: sidecar, two: [gateway, 2]}
        injectedAnnotations: {a: 1, b: "2"}
        neverInjectSelector: [text, {matchLabels: {app: 1}}, {matchLabels: {app: x}}]
        alwaysInjectSelector: text
        templates: text
      `,
    });

    expect(problems).toEqual([]);
    expect(value).toMatchObject({
      policy: 'enabled',
      defaultTemplates: ['sidecar'],
      aliases: { one: [], two: ['gateway'] },
      injectedAnnotations: { b: '2' },
      neverInjectSelector: [{ matchLabels: { app: 'x' } }],
      alwaysInjectSelector: [],
    });
  });

  it('keeps names of prototype members', () => {
    const { value } = load({ injectConfigText: '{aliases: {__proto__: [a], constructor: [b]}, injectedAnnotations: {__proto__: c}}' });

    expect(Object.entries(value?.aliases ?? {})).toEqual([
      ['__proto__', ['a']],
      ['constructor', ['b']],
    ]);
    expect(Object.entries(value?.injectedAnnotations ?? {})).toEqual([['__proto__', 'c']]);
  });

  it('reads values and mesh configuration', () => {
    const { value } = load({
      valuesText: '{"global": {"hub": "h"}}',
      meshConfigText: 'trustDomain: td\ndefaultConfig: {statusPort: 15999}',
    });

    expect(value?.values.global.hub).toBe('h');
    expect(value?.mesh).toMatchObject({ trustDomain: 'td', defaultConfig: { statusPort: 15999, drainDuration: '45s' } });
  });

  it('hands on what is no text', () => {
    const clusterFacts = { kubeletVersions: { n: 'v1.34.0' }, namespaceAnnotations: {} };
    const proxyConfigs = [{ namespace: 'n', name: 'p', creationTimestamp: '', config: {} }];

    const { value } = loadInjectorConfig({ settings: plainSettings, host: plainHost, revision: 'canary', clusterFacts, proxyConfigs });

    expect(value).toMatchObject({ revision: 'canary', clusterFacts, proxyConfigs });
  });

  it.each([
    ['injectConfigText', 'injection configuration'],
    ['valuesText', 'values'],
    ['meshConfigText', 'MeshConfig'],
  ] as const)('gives no configuration for a broken %s', (text, object) => {
    for (const broken of ['a: [', 'just text', '[1]']) {
      const { value, problems } = load({ [text]: broken });

      expect(value).toBeUndefined();
      expect(problems).toMatchObject([{ code: 'invalid-inject-config', severity: 'error', object }]);
    }
  });

  it('says that a text is no map', () => {
    expect(load({ valuesText: 'hub' }).problems[0]?.message).toBe('is no map of keys; check the indentation');
  });

  it('gives no configuration for a mesh configuration with a wrong type, and names it', () => {
    const { value, problems } = load({ meshConfigText: 'proxyListenPort: many' });

    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'mesh-config-invalid', severity: 'error' }]);
  });

  it('warns of unknown fields of the mesh configuration', () => {
    const { value, problems } = load({ meshConfigText: 'unknownField: 1' });

    expect(value).toBeDefined();
    expect(problems).toMatchObject([{ severity: 'warning' }]);
  });

  it('gives no configuration if a template is no text', () => {
    const { value, problems } = load({ injectConfigText: 'templates: {team: {a: 1}}' });

    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ object: 'injection configuration', path: 'templates.team', message: 'is no text' }]);
  });
});

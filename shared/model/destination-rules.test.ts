import { describe, expect, it } from 'vitest';
import type { DestinationRule } from '../config/networking/destination-rule.ts';
import type { ConfigObject } from './config-object.ts';
import { findDestinationRule, indexDestinationRules, type RuleQuestion } from './destination-rules.ts';

function rule(name: string, namespace: string, spec: DestinationRule): ConfigObject<DestinationRule> {
  return { kind: 'DestinationRule', apiVersion: 'networking.istio.io/v1', name, namespace, created: '', labels: {}, annotations: {}, spec };
}

const host = 'web.shop.svc.cluster.local';
const question: RuleQuestion = { host, serviceNamespace: 'shop', namespace: 'client', labels: {} };

function find(rules: readonly ConfigObject<DestinationRule>[], more: Partial<RuleQuestion> = {}): string | undefined {
  const index = indexDestinationRules(rules, { rootNamespace: 'istio-system', defaultExportTo: ['*'] });
  return findDestinationRule(index, { ...question, ...more })?.name;
}

describe('the rule that applies', () => {
  const [client, service, root] = [
    rule('client', 'client', { host }),
    rule('service', 'shop', { host }),
    rule('root', 'istio-system', { host: '*.local' }),
  ];

  it("is the caller's namespace's, then the service's, then the root namespace's", () => {
    expect(find([root, service, client])).toBe('client');
    expect(find([root, service])).toBe('service');
    expect(find([root])).toBe('root');
    expect(find([])).toBeUndefined();
  });

  it('is in its own namespace whatever it is exported to, elsewhere only where it is exported', () => {
    const hidden = rule('hidden', 'shop', { host, exportTo: ['.'] });

    expect(find([hidden, root])).toBe('root');
    expect(find([hidden, root], { namespace: 'shop' })).toBe('hidden');
  });

  it('is that of the closest host', () => {
    const wide = rule('wide', 'client', { host: '*.shop.svc.cluster.local' });

    expect(find([rule('widest', 'client', { host: '*' }), wide])).toBe('wide');
    expect(find([wide, client])).toBe('client');
  });

  it('for a caller in the root namespace is one of its own, however exported', () => {
    const own = rule('own', 'istio-system', { host: '*.local', exportTo: ['.'] });

    expect(find([own], { namespace: 'istio-system' })).toBe('own');
    expect(find([own])).toBeUndefined();
  });

  it('prefers one that selects the caller; one that selects others ends the search in its namespace', () => {
    const picky = rule('picky', 'client', { host, workloadSelector: { matchLabels: { app: 'batch' } } });

    expect(find([client, picky], { labels: { app: 'batch' } })).toBe('picky');
    expect(find([client, picky])).toBe('client');
    expect(find([picky, root])).toBeUndefined();
  });

  it('with a selector is nobody else’s business', () => {
    const picky = rule('picky', 'shop', { host, workloadSelector: { matchLabels: { app: 'batch' } } });

    expect(find([picky, root], { labels: { app: 'batch' } })).toBe('root');
  });
});

describe('rules for one host', () => {
  const first = rule('first', 'shop', { host, subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
  const second = rule('second', 'shop', {
    host,
    trafficPolicy: { tls: { mode: 'DISABLE' } },
    subsets: [{ name: 'v1', labels: { version: 'other' } }, { name: 'v2' }],
  });

  it('become one: the older policy or else the newer, all subsets, of two with one name the older', () => {
    const index = indexDestinationRules([first, second], { rootNamespace: 'istio-system', defaultExportTo: ['*'] });
    const applied = findDestinationRule(index, question);

    expect(applied).toMatchObject({ name: 'first', spec: { trafficPolicy: { tls: { mode: 'DISABLE' } } } });
    expect(applied?.spec.subsets).toEqual([{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2' }]);
  });

  it('stay apart if other callers see them', () => {
    const own = rule('own', 'shop', { host, exportTo: ['.'], subsets: [{ name: 'v3' }] });

    expect(find([first, own])).toBe('first');
    expect(find([own, second], { namespace: 'client' })).toBe('second');
  });
});

import { describe, expect, it } from 'vitest';
import { isEmptySelector, type LabelSelector, matchesAll, selectorProblem, selects } from './label-selector.ts';

const labels = { app: 'web', tier: '', 'example.com/x': '1' };

describe('selects', () => {
  it.each<[string, LabelSelector, boolean]>([
    ['every label of matchLabels', { matchLabels: { app: 'web', tier: '' } }, true],
    ['no other value', { matchLabels: { app: 'db' } }, false],
    ['no absent label', { matchLabels: { nope: '' } }, false],
    ['In with the value', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, true],
    ['In without the label', { matchExpressions: [{ key: 'nope', operator: 'In', values: [''] }] }, false],
    ['NotIn without the label', { matchExpressions: [{ key: 'nope', operator: 'NotIn', values: ['x'] }] }, true],
    ['NotIn with the value', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    ['Exists, also an empty one', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    ['Exists without the label', { matchExpressions: [{ key: 'nope', operator: 'Exists' }] }, false],
    ['DoesNotExist', { matchExpressions: [{ key: 'nope', operator: 'DoesNotExist' }] }, true],
    ['DoesNotExist with the label', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    ['both kinds together', { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'example.com/x', operator: 'Exists' }] }, true],
    ['one that does not match', { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    ['nothing when empty', {}, false],
    ['nothing when its parts are empty', { matchLabels: {}, matchExpressions: [] }, false],
    ['nothing when invalid', { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'foo', operator: 'Bogus' }] }, false],
    ['no inherited member', { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, false],
  ])('picks %s', (_rule, selector, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });
});

describe('matchesAll', () => {
  it('takes an empty selector for everything', () => {
    expect([matchesAll({}, labels), isEmptySelector({}), isEmptySelector({ matchLabels: { a: 'b' } })]).toEqual([true, true, false]);
  });

  it('does not match by an unknown operator', () => {
    expect(matchesAll({ matchExpressions: [{ key: 'app', operator: 'Bogus' }] }, labels)).toBe(false);
  });
});

describe('selectorProblem', () => {
  it.each<[LabelSelector, string]>([
    [{ matchLabels: { '-a': 'x' } }, '"-a" is no label key'],
    [{ matchLabels: { 'a/b/c': 'x' } }, '"a/b/c" is no label key'],
    [{ matchLabels: { 'Not.A.Domain/b': 'x' } }, 'is no label key'],
    [{ matchLabels: { ['x'.repeat(64)]: 'x' } }, 'is no label key'],
    [{ matchLabels: { a: 'b c' } }, '"b c" is no label value'],
    [{ matchExpressions: [{}] }, '"" is no label key'],
    [{ matchExpressions: [{ key: 'a' }] }, '"" is no operator'],
    [{ matchExpressions: [{ key: 'a', operator: 'In' }] }, 'operator In needs values'],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b c'] }] }, '"b c" is no label value'],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }, 'operator Exists takes no values'],
  ])('refuses %j', (selector, problem) => {
    expect(selectorProblem(selector)).toContain(problem);
  });

  it('accepts prefixes and empty values', () => {
    const matchExpressions = [{ key: 'a', operator: 'In', values: [''] }];

    expect(selectorProblem({ matchLabels: { 'example.com/a.b_c-d': '' }, matchExpressions })).toBeUndefined();
  });
});

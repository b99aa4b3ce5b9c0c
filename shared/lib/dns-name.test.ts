import { describe, expect, it } from 'vitest';
import { domainNameProblem, isDnsLabel, partialWildcardProblem, wildcardDomainProblem } from './dns-name.ts';

describe('isDnsLabel', () => {
  it.each<[string, boolean]>([
    ['a', true],
    ['A-9', true],
    ['', false],
    ['-a', false],
    ['a.b', false],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
  ])('%j: %s', (text, isLabel) => {
    expect(isDnsLabel(text)).toBe(isLabel);
  });
});

describe('domainNameProblem', () => {
  it.each(['a', 'a.b', 'A.b.', '1.a', 'a.1b'])('takes %s', (name) => {
    expect(domainNameProblem(name)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['', 'empty domain name not allowed'],
    ['a..b', 'domain name "a..b" invalid (label "" invalid)'],
    ['*.b', 'domain name "*.b" invalid (label "*" invalid)'],
    ['a.1', 'domain name "a.1" invalid (top level domain "1" cannot be all-numeric)'],
    ['é'.repeat(128), `domain name "${'é'.repeat(128)}" too long (max 255)`],
  ])('refuses %j', (name, problem) => {
    expect(domainNameProblem(name)).toBe(problem);
  });
});

describe('wildcardDomainProblem', () => {
  it.each(['*', '*.b', '*a.b', '*-a.b', 'a', 'a.b.'])('takes %s', (name) => {
    expect(wildcardDomainProblem(name)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['a*.b', 'domain name "a*.b" invalid (label "a*" invalid)'],
    ['a.*.b', 'domain name "*.b" invalid (label "*" invalid)'],
    ['**', 'domain name "**" invalid (label "**" invalid)'],
  ])('refuses %s', (name, problem) => {
    expect(wildcardDomainProblem(name)).toBe(problem);
  });
});

describe('partialWildcardProblem', () => {
  it.each<[string, boolean]>([
    ['*', false],
    ['*.b', false],
    ['a.b', false],
    ['*a.b', true],
    ['a.*', true],
  ])('%s: %s', (host, isPartial) => {
    expect(partialWildcardProblem(host)).toBe(isPartial ? `partial wildcard "${host}" not allowed` : undefined);
  });
});

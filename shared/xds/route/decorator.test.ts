import { describe, expect, it } from 'vitest';
import { operationName } from './decorator.ts';
import type { RouteMatch } from './match.ts';

describe('the name of a route’s spans', () => {
  it.each<[string, RouteMatch, string]>([
    ['a prefix', { pathSpecifier: { case: 'prefix', value: '/a' } }, 'web:80/a*'],
    ['a path', { pathSpecifier: { case: 'path', value: '/a' } }, 'web:80/a'],
    ['a regex', { pathSpecifier: { case: 'safeRegex', value: { regex: '/a+' } } }, 'web:80/a+'],
    ['a prefix of whole segments', { pathSpecifier: { case: 'pathSeparatedPrefix', value: '/a' } }, 'web:80/*'],
    ['nothing', {}, 'web:80/*'],
  ])('ends with what %s matches', (_, match, expected) => {
    expect(operationName('outbound|80|v1|web', match, 'vs:8080')).toBe(expected);
  });

  it.each([[undefined], ['PassthroughCluster']])('begins with the VirtualService where %s is no service', (cluster) => {
    expect(operationName(cluster, {}, 'vs:8080')).toBe('vs:8080/*');
  });
});

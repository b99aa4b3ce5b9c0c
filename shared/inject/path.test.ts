import { describe, expect, it } from 'vitest';
import { environmentFromPath } from './path.ts';

const read = (path: string) => Object.fromEntries(environmentFromPath(path));

describe('environmentFromPath', () => {
  it.each(['', '/', '/inject', '/inject/'])('says nothing for %j', (path) => {
    expect(read(path)).toEqual({});
  });

  const keyValue: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ['names cluster and network', '/inject/cluster/c1/net/n1', { ISTIO_META_CLUSTER_ID: 'c1', ISTIO_META_NETWORK: 'n1' }],
    ['makes any other key an upper-case variable', '/inject/foo/bar', { FOO: 'bar' }],
    ['knows keys by their case', '/inject/CLUSTER/c1', { CLUSTER: 'c1' }],
    ['reads a slash in a value', '/inject/net/a--slash--b--slash--c', { ISTIO_META_NETWORK: 'a/b/c' }],
    ['leaves a slash in a key as it is spelled', '/inject/a--slash--b/x', { 'A--SLASH--B': 'x' }],
    ['leaves out a last key without a value', '/inject/cluster/c1/net', { ISTIO_META_CLUSTER_ID: 'c1' }],
    ['leaves out a lonely key', '/inject/cluster', {}],
    ['leaves out an empty key', '/inject//x/net/n1', { ISTIO_META_NETWORK: 'n1' }],
    ['keeps an empty value', '/inject/cluster//net/n1', { ISTIO_META_CLUSTER_ID: '', ISTIO_META_NETWORK: 'n1' }],
    ['lets the last of equal keys win', '/inject/net/n1/net/n2', { ISTIO_META_NETWORK: 'n2' }],
    ['ignores one slash at the end', '/inject/net/n1/', { ISTIO_META_NETWORK: 'n1' }],
    ['takes a prototype name for a name', '/inject/constructor/x', { CONSTRUCTOR: 'x' }],
  ];
  it.each(keyValue)('%s', (_rule, path, environment) => {
    expect(read(path)).toEqual(environment);
  });

  const old: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ['reads pairs', '/inject/:ENV:cluster=c1:ENV:net=n1', { ISTIO_META_CLUSTER_ID: 'c1', ISTIO_META_NETWORK: 'n1' }],
    ['splits a pair at its first equals sign', '/inject/:ENV:foo=a=b', { FOO: 'a=b' }],
    ['allows an empty value', '/inject/:ENV:net=', { ISTIO_META_NETWORK: '' }],
    ['leaves out what has no equals sign or no name', '/inject/:ENV:foo:ENV:=x:ENV:net=n1', { ISTIO_META_NETWORK: 'n1' }],
    ['allows slashes and knows no other spelling of them', '/inject/:ENV:net=a/b--slash--c', { ISTIO_META_NETWORK: 'a/b--slash--c' }],
  ];
  it.each(old)('in the old form %s', (_rule, path, environment) => {
    expect(read(path)).toEqual(environment);
  });
});

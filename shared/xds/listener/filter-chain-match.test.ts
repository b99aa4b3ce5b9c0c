import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../test/fixtures/listeners.ts';
import { FilterChainMatchSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { type ChainMatch, filterChainMatch, matchesAll, matchKey } from './filter-chain-match.ts';

describe('filter chain matches', () => {
  it.each([
    ['10.0.0.0/8', { addressPrefix: '10.0.0.0', prefixLen: 8 }],
    ['10.0.0.1', { addressPrefix: '10.0.0.1', prefixLen: 32 }],
    ['fd00::/64', { addressPrefix: 'fd00::', prefixLen: 64 }],
    ['fd00::1', { addressPrefix: 'fd00::1', prefixLen: 128 }],
  ])('write %s as a range', (range, expected) => {
    expect(jsonOf(FilterChainMatchSchema, filterChainMatch({ prefixRanges: [range] })).prefixRanges).toEqual([expected]);
  });

  it('write what is given and nothing else', () => {
    const match: ChainMatch = { destinationPort: 80, transportProtocol: 'tls', serverNames: ['a'], applicationProtocols: ['h2'] };
    expect(jsonOf(FilterChainMatchSchema, filterChainMatch(match))).toEqual(match);
    expect(jsonOf(FilterChainMatchSchema, filterChainMatch({}))).toEqual({});
  });

  it.each<[ChainMatch, boolean]>([
    [{}, true],
    [{ prefixRanges: [], serverNames: [], applicationProtocols: [] }, true],
    [{ destinationPort: 80 }, false],
    [{ prefixRanges: ['10.0.0.1'] }, false],
    [{ serverNames: ['a'] }, false],
    [{ serverNames: ['a', '*'] }, true],
    [{ transportProtocol: 'tls' }, false],
    [{ applicationProtocols: ['h2'] }, false],
  ])('%j takes everything: %s', (match, expected) => {
    expect(matchesAll(match)).toBe(expected);
  });

  it('write lists in order, and nothing for what holds everything', () => {
    const match: ChainMatch = { serverNames: ['b', 'a'], prefixRanges: ['10.2.0.0/16', '10.1.0.0/16', '0.0.0.0/0'] };
    expect(jsonOf(FilterChainMatchSchema, filterChainMatch(match))).toEqual({
      serverNames: ['a', 'b'],
      prefixRanges: [
        { addressPrefix: '10.1.0.0', prefixLen: 16 },
        { addressPrefix: '10.2.0.0', prefixLen: 16 },
      ],
    });
  });

  it('are the same whatever the way to write a range', () => {
    expect(matchKey({ prefixRanges: ['10.1.2.3/8'] })).toBe(matchKey({ prefixRanges: ['10.0.0.0/8'] }));
    expect(matchKey({ prefixRanges: ['10.1.2.3/8'] })).not.toBe(matchKey({ prefixRanges: ['10.0.0.0/9'] }));
  });

  it('are the same whatever the order of their lists', () => {
    expect(matchKey({ serverNames: ['a', 'b'] })).toBe(matchKey({ serverNames: ['b', 'a'], prefixRanges: [] }));
    expect(matchKey({ serverNames: ['a'] })).not.toBe(matchKey({ applicationProtocols: ['a'] }));
  });
});

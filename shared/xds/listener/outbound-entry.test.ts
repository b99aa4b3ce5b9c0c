import { describe, expect, it } from 'vitest';
import type { PortProtocol } from '../../model/index.ts';
import type { ChainMatch } from './filter-chain-match.ts';
import { distinct, isSettled, type ListenerPlan, merged } from './outbound-entry.ts';

const sniffed: ChainMatch = { transportProtocol: 'raw_buffer', applicationProtocols: ['http/1.1'] };

const traffic = { kind: 'tcp', direction: 'outbound', route: { statPrefix: '', clusters: [] }, isMongo: false } as const;

function plan(protocol: PortProtocol, ...matches: ChainMatch[]): ListenerPlan {
  return {
    bind: { addresses: ['0.0.0.0'], bindsPort: false },
    port: 80,
    protocol,
    chains: matches.map((match) => ({ match, traffic })),
  };
}

function outcome(current: ListenerPlan, added: ListenerPlan) {
  if (isSettled(current, { port: added })) return undefined;
  const result = merged(current, added);
  return [result.protocol, result.chains.map(({ match }) => match)];
}

describe('services that want one (bind, port)', () => {
  const a: ChainMatch = { serverNames: ['a'] };
  const b: ChainMatch = { serverNames: ['b'] };

  it.each<[string, ListenerPlan, ListenerPlan, unknown]>([
    ['HTTP joins HTTP: the route tells them apart', plan('HTTP', {}), plan('HTTP2', {}), undefined],
    ['HTTP joins what is sniffed', plan('Auto', sniffed, {}), plan('HTTP', sniffed), undefined],
    ['HTTP makes TCP sniffed', plan('TCP', {}), plan('HTTP', sniffed), ['Auto', [{}, sniffed]]],
    ['TCP makes HTTP sniffed', plan('HTTP', sniffed), plan('TCP', {}), ['Auto', [sniffed, {}]]],
    ['TCP joins what is sniffed', plan('Auto', sniffed), plan('TCP', a), ['Auto', [sniffed, a]]],
    ['TCP joins TCP by another match', plan('TLS', a), plan('TLS', b), ['TLS', [a, b]]],
    ['the older of two equal matches stays', plan('TCP', {}), plan('TCP', {}), ['TCP', [{}]]],
    ['what is to be sniffed joins TCP', plan('TCP', a), plan('Auto', {}, sniffed), ['Auto', [a, {}, sniffed]]],
    ['what is to be sniffed replaces HTTP', plan('HTTP', {}), plan('Auto', {}, sniffed), ['Auto', [{}, sniffed]]],
    ['the first of two that are to be sniffed stays', plan('Auto', {}, sniffed), plan('Auto', a), undefined],
    ['nothing joins a database whose server speaks first', plan('MySQL', {}), plan('HTTP', sniffed), undefined],
    ['such a database joins nothing', plan('TCP', a), plan('Mongo', {}), undefined],
    ['but its own kind', plan('Mongo', a), plan('Mongo', b), ['Mongo', [a, b]]],
  ])('%s', (_, current, added, expected) => {
    expect(outcome(current, added)).toEqual(expected);
  });

  it('never give two chains one match', () => {
    const { chains } = plan('TCP', a, b, a, {}, {});
    expect(distinct(chains).map(({ match }) => match)).toEqual([a, b, {}]);
  });
});

import { compareText } from '../../lib/compare-text.ts';
import { coversHost, isWildcard } from '../../lib/host.ts';

/** Hosts that both sides cover: of a wildcard and a name within it the name. In the order of the server's hosts, then of the rule's. */
export function commonHosts(ofServer: readonly string[], ofRule: readonly string[]): readonly string[] {
  const common = ofServer.flatMap((server) =>
    ofRule.flatMap((rule) => {
      if (coversHost(rule, server)) return [server];
      return coversHost(server, rule) ? [rule] : [];
    }),
  );
  return [...new Set(common)];
}

/** Names before wildcards, longer ones before shorter ones. */
export function bySpecificity(a: string, b: string): number {
  return Number(isWildcard(a)) - Number(isWildcard(b)) || b.length - a.length || compareText(a, b);
}

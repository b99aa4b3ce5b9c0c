import type { HttpMatch } from './virtual-service-match.ts';
import type { StringMatch } from './virtual-service-string-match.ts';

type StringMatches = Readonly<Record<string, StringMatch>>;

/** Every delegate's match with each root's match that it fits into; nothing if one of the delegate's fits into none. */
export function mergeMatches(root: readonly HttpMatch[], child: readonly HttpMatch[]): readonly HttpMatch[] | undefined {
  if (root.length === 0) return child;
  if (child.length === 0) return root;
  const merged = child.map((inner) => root.filter((outer) => fitsInto(inner, outer)).map((outer) => mergeMatch(outer, inner)));
  return merged.every((matches) => matches.length > 0) ? merged.flat() : undefined;
}

/** What the delegate says goes first; names are joined. */
function mergeMatch(root: HttpMatch, child: HttpMatch): HttpMatch {
  const name = [root.name, child.name].filter((part) => part).join('-');
  const joined = { ...root, ...child };
  return {
    ...joined,
    headers: { ...root.headers, ...child.headers },
    withoutHeaders: { ...root.withoutHeaders, ...child.withoutHeaders },
    queryParams: { ...root.queryParams, ...child.queryParams },
    sourceLabels: { ...root.sourceLabels, ...child.sourceLabels },
    gateways: child.gateways?.length ? child.gateways : (root.gateways ?? []),
    port: child.port || root.port || 0,
    sourceNamespace: child.sourceNamespace || root.sourceNamespace || '',
    statPrefix: child.statPrefix || root.statPrefix || '',
    ...(name !== '' && { name }),
  };
}

function fitsInto(child: HttpMatch, root: HttpMatch): boolean {
  return (
    areTextsCompatible(root, child) &&
    areMapsCompatible(root, child) &&
    (root.ignoreUriCase ?? false) === (child.ignoreUriCase ?? false) &&
    areSourcesCompatible(root, child)
  );
}

function areTextsCompatible(root: HttpMatch, child: HttpMatch): boolean {
  return (['uri', 'scheme', 'method', 'authority'] as const).every((field) => isNarrower(child[field], root[field]));
}

function areMapsCompatible(root: HttpMatch, child: HttpMatch): boolean {
  return (['headers', 'withoutHeaders', 'queryParams'] as const).every((field) => {
    const outer: StringMatches = root[field] ?? {};
    return Object.entries(child[field] ?? {}).every(([key, inner]) =>
      isNarrower(inner, Object.hasOwn(outer, key) ? outer[key] : undefined),
    );
  });
}

function areSourcesCompatible(root: HttpMatch, child: HttpMatch): boolean {
  const labels = root.sourceLabels ?? {};
  const gateways = root.gateways ?? [];
  return (
    isSameOrUnset(root.port, child.port) &&
    isSameOrUnset(root.sourceNamespace, child.sourceNamespace) &&
    Object.entries(child.sourceLabels ?? {}).every(([key, value]) => !Object.hasOwn(labels, key) || labels[key] === value) &&
    (gateways.length === 0 || (child.gateways ?? []).every((gateway) => gateways.includes(gateway)))
  );
}

function isSameOrUnset<T>(root: T | undefined, child: T | undefined): boolean {
  return !root || !child || root === child;
}

/** Whether a text that the inner one accepts is sure to be accepted by the outer one. Regexes cannot be compared. */
function isNarrower(inner: StringMatch | undefined, outer: StringMatch | undefined): boolean {
  if (!inner || !outer) return true;
  if (outer.exact) return inner.exact === outer.exact;
  return Boolean(outer.prefix) && (inner.prefix || inner.exact || '').startsWith(outer.prefix ?? '');
}

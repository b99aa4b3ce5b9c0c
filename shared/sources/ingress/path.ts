import type { StringMatch } from '../../config/networking/virtual-service-string-match.ts';

/** What every path is written as, before there were path types. */
const everyPath: ReadonlySet<string> = new Set(['', '*', '/*', '.*']);
const wildcardEnds = ['.*', '/*'];

/** What a path of an Ingress matches; undefined for every path. Without a type that Kubernetes defines, a wildcard at its end makes it a prefix. */
export function pathMatch({ path = '', pathType = '' }: { readonly path?: string; readonly pathType?: string }): StringMatch | undefined {
  if (pathType === 'Exact') return { exact: path };
  if (pathType === 'Prefix') return { prefix: path };
  if (everyPath.has(path)) return undefined;
  const end = wildcardEnds.find((one) => path.endsWith(one));
  return end === undefined ? { exact: path } : { prefix: path.slice(0, -end.length) };
}

/** Longer paths first; of two as long the exact one. @see https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches */
export function byPrecedence(a: StringMatch | undefined, b: StringMatch | undefined): number {
  return lengthOf(b) - lengthOf(a) || Number(b?.exact !== undefined) - Number(a?.exact !== undefined);
}

function lengthOf(match: StringMatch | undefined): number {
  return match === undefined ? -1 : (match.exact ?? match.prefix ?? '').length;
}

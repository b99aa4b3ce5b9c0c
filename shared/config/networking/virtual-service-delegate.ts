/**
 * Delegation: a route of a root VirtualService is replaced by the routes of another one, its delegate, as far as their matches fit into the root's.
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
 */

import type { HttpRoute, VirtualService } from './virtual-service.ts';
import { mergeMatches } from './virtual-service-delegate-match.ts';

/** The delegate that a route names. */
export interface DelegateReference {
  readonly name: string;
  readonly namespace: string;
}

/** What could not be delegated; the route is left out. */
export interface DelegateProblem {
  /** Index of the root's HTTP route. */
  readonly index: number;
  /** Index of the delegate's HTTP route whose matches do not fit; absent if the delegate itself is missing. */
  readonly delegateIndex?: number;
  readonly reference: DelegateReference;
}

/**
 * The root with its delegates merged in. Both must have full host names before, because a delegate's short names belong to its own namespace.
 * @param namespace of the root, where delegates without a namespace are looked for.
 * @param find the delegate if it exists and the root's namespace may see it.
 */
export function mergeDelegates(
  root: VirtualService,
  namespace: string,
  find: (reference: DelegateReference) => VirtualService | undefined,
): { readonly value: VirtualService; readonly problems: readonly DelegateProblem[] } {
  if (!root.http?.some((route) => route.delegate)) return { value: root, problems: [] };
  const problems: DelegateProblem[] = [];
  const http = root.http.flatMap((route, index): readonly HttpRoute[] => {
    if (!route.delegate) return [route];
    const reference = { name: route.delegate.name ?? '', namespace: route.delegate.namespace || namespace };
    const delegate = find(reference);
    if (!delegate) problems.push({ index, reference });
    return (delegate?.http ?? []).flatMap((child, delegateIndex) => {
      const merged = mergeRoute(route, child);
      if (!merged) problems.push({ index, delegateIndex, reference });
      return merged ?? [];
    });
  });
  return { value: { ...root, http }, problems };
}

/** A delegate's route under a root's: nothing if one of its matches fits into none of the root's. Delegates cannot delegate. */
function mergeRoute(root: HttpRoute, child: HttpRoute): HttpRoute | undefined {
  if (child.delegate) return undefined;
  const match = mergeMatches(root.match ?? [], child.match ?? []);
  if (!match) return undefined;
  const { delegate: _, match: __, name: ___, route: ____, ...inherited } = root;
  const name = [root.name, child.name].filter((part) => part).join('-');
  return { ...inherited, ...child, match, ...(name !== '' && { name }) };
}

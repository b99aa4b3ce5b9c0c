import type { RouteMatch } from './match.ts';

/**
 * Name of the route's spans: where it leads if that is one service, else the VirtualService, and the path that it matches.
 * @param cluster that all requests go to; absent if there are several or none.
 * @param fallback `NAME:PORT` for routes that do not lead to one service.
 */
export function operationName(cluster: string | undefined, { pathSpecifier }: RouteMatch, fallback: string): string {
  const [, port, , host] = cluster?.split('|') ?? [];
  return `${host === undefined ? fallback : `${host}:${port}`}${pathText(pathSpecifier)}`;
}

function pathText(path: RouteMatch['pathSpecifier']): string {
  switch (path?.case) {
    case 'prefix':
      return `${path.value}*`;
    case 'path':
      return path.value;
    case 'safeRegex':
      return path.value.regex ?? '';
    default:
      return '/*';
  }
}

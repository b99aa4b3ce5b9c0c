/** Host names as rules write them: exact (`web.shop.svc.cluster.local`) or with a leading `*` that stands for at least one character. */

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether the rule's host covers all of the other one, which may be a wildcard itself. */
export function coversHost(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  if (!isWildcard(pattern)) return false;
  const suffix = pattern.slice(1);
  return isWildcard(host) ? host.slice(1).endsWith(suffix) : host.length > suffix.length && host.endsWith(suffix);
}

/** The pattern that covers the host most closely: the same name, else the longest wildcard. */
export function closestHost(patterns: Iterable<string>, host: string): string | undefined {
  let closest: string | undefined;
  for (const pattern of patterns) {
    if (pattern === host) return pattern;
    if (coversHost(pattern, host) && (closest === undefined || pattern.length > closest.length)) closest = pattern;
  }
  return closest;
}

/** A name without a dot is that of a service in the namespace of the object that uses it; any other is complete. */
export function completeHost(host: string, namespace: string, domain: string): string {
  return host === '' || host.includes('.') || host.includes('*') ? host : `${host}.${namespace}.svc.${domain}`;
}

/**
 * Adds a port to a comma list of excluded ones. The list is left as it was for an empty port or 0, and if it has the port already: only then are
 * its pieces compared untrimmed (Istio compatibility).
 */
export function excludeInboundPort(given: string, list: string): string {
  const port = given.trim();
  const pieces = list.split(',');
  if (port === '' || port === '0' || pieces.includes(port)) return list;
  const kept = pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
  return [...kept, port].join(',');
}

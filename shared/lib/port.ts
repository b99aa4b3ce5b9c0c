import { isDnsLabel } from './dns-name.ts';

/** What keeps the number from being a port; undefined for a good one. */
export function portProblem(port: number): string | undefined {
  return port >= 1 && port <= 65535 ? undefined : `port number ${port} must be in the range 1..65535`;
}

/** What keeps the text from being the name of a port. */
export function portNameProblem(name: string): string | undefined {
  return isDnsLabel(name) ? undefined : `invalid port name: ${name}`;
}

/** The debug interface as istiod has it: a path with its query in, status and body out. Whoever serves it over HTTP or xDS decides who may ask. */

import { configDump } from './config-dump.ts';
import type { Follower } from './follow.ts';
import type { Gateway } from './gateway.ts';
import { connections, findSession, syncz } from './status.ts';

export interface DebugAnswer {
  readonly status: 200 | 400 | 404;
  readonly contentType: 'application/json' | 'text/plain; charset=utf-8';
  readonly body: string;
}

const missingProxy = 'You must provide a proxyID in the query string\n';
const unknownProxy = 'Proxy not connected to this Pilot instance. It may be connected to another instance.\n';
const unknownPath = '404 page not found\n';
const indent = 4;

/** What there is to be asked about. */
export interface Debugged {
  readonly gateway: Gateway;
  readonly follower?: Follower;
}

/** Answers what follows `/debug/`, such as `syncz` or `config_dump?proxyID=web-1.default`. */
export async function debugAnswer({ gateway, follower }: Debugged, path: string): Promise<DebugAnswer> {
  const { pathname, searchParams } = new URL(path, 'http://debug/');
  const json = (value: unknown): DebugAnswer => ({
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(value, undefined, searchParams.has('pretty') ? indent : 0),
  });
  switch (pathname.slice(1)) {
    case 'syncz':
      return json(syncz(gateway.sessions, searchParams.get('namespace') ?? ''));
    case 'connections':
      return json(connections(gateway.sessions));
    case 'nacks':
      return json(gateway.nacks);
    case 'snapshot':
      return json({ manifest: follower?.manifest, refused: follower?.refused, confirmedAt: timeText(follower?.confirmedAtMs) });
    case 'config_dump':
      return dump(gateway, searchParams, json);
    default:
      return text(404, unknownPath);
  }
}

async function dump(gateway: Gateway, query: URLSearchParams, json: (value: unknown) => DebugAnswer): Promise<DebugAnswer> {
  const proxyId = query.get('proxyID') ?? '';
  if (proxyId === '') return text(400, missingProxy);
  const session = findSession(gateway.sessions, proxyId);
  return session === undefined ? text(404, unknownProxy) : json(await configDump(session, { hasEndpoints: query.has('include_eds') }));
}

/** RFC 3339. */
function timeText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function text(status: 400 | 404, body: string): DebugAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

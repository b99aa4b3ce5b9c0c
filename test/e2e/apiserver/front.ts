// What clients of a whole Kubernetes API expect around a server of custom resources: discovery, the core's paths, somebody who knows its callers.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { Agent, type RequestOptions, request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer, json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { isJsonObject } from '../../../shared/lib/json.ts';
import { coreGroup, coreKinds, storedNamespaces } from './kinds.ts';

export interface FrontOptions {
  /** Port of the API server on this machine. */
  readonly port: number;
  /** The CA of its certificate. */
  readonly ca: string;
}

export interface Front {
  readonly url: string;
  stop(): Promise<void>;
}

type Upstream = Pick<RequestOptions, 'host' | 'port' | 'agent'>;

/** Listens on a port that the system chooses, without TLS. Every caller is an administrator. */
export async function startFront({ port, ca }: FrontOptions): Promise<Front> {
  const agent = new Agent({ keepAlive: true, ca });
  const upstream: Upstream = { host: '127.0.0.1', port, agent };
  const server = createServer((request, response) => {
    answer(request, response, upstream).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, upstream: Upstream): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (path === '/api') return sendJson(response, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  if (path === '/api/v1') return sendJson(response, coreResources);
  if (path === '/apis') return sendJson(response, await groups(upstream));
  if (path === '/version') return sendJson(response, { major: '1', minor: '32', gitVersion: 'v1.32.4' });
  if (path === '/apis/authentication.k8s.io/v1/tokenreviews') return sendJson(response, administrator, 201);
  if (request.headers['content-type']?.includes('protobuf')) return sendJson(response, { message: 'send JSON' }, 415);
  await forward(request, response, upstream);
}

function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const coreResources = {
  kind: 'APIResourceList',
  groupVersion: 'v1',
  resources: coreKinds.map(({ kind, plural, shortName, scope }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    kind,
    namespaced: scope === 'Namespaced',
    shortNames: shortName ? [shortName] : [],
    verbs,
  })),
};

/** The API server asks who sent a token; all of them are the front's own. */
const administrator = {
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenReview',
  status: { authenticated: true, user: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] } },
};

interface Definition {
  readonly spec: { readonly group: string; readonly versions: readonly { readonly name: string; readonly served: boolean }[] };
}

/** Every group but the core's, as the server of custom resources alone does not list them. */
async function groups(upstream: Upstream): Promise<object> {
  const list = await get<{ readonly items: readonly Definition[] }>('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', upstream);
  const versions = new Map([['apiextensions.k8s.io', new Set(['v1'])]]);
  for (const { spec } of list.items) {
    if (spec.group === coreGroup) continue;
    const known = versions.get(spec.group) ?? new Set();
    versions.set(spec.group, new Set([...known, ...spec.versions.filter(({ served }) => served).map(({ name }) => name)]));
  }
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...versions].map(([name, names]) => group(name, [...names])) };
}

function group(name: string, versions: readonly string[]): object {
  const all = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: all, preferredVersion: all[0] };
}

const credentials = { authorization: 'Bearer administrator' };

async function get<T>(path: string, upstream: Upstream): Promise<T> {
  const sent = requestHttps({ ...upstream, path, headers: credentials });
  sent.end();
  const [response] = await once(sent, 'response');
  return (await json(response)) as T;
}

async function forward(request: IncomingMessage, response: ServerResponse, upstream: Upstream): Promise<void> {
  const url = request.url ?? '/';
  const isCore = url.startsWith(corePath);
  const body = isCore ? withGroup(await buffer(request)) : await buffer(request);
  const sent = requestHttps({ ...upstream, method: request.method, path: storedPath(url), headers: sentHeaders(request.headers, body) });
  response.once('close', () => sent.destroy());
  sent.end(body);
  const [answered] = (await once(sent, 'response')) as [IncomingMessage];
  const { 'content-length': _length, ...headers } = answered.headers;
  response.writeHead(answered.statusCode ?? 502, headers);
  response.flushHeaders(); // a watch may have nothing to say for a long time
  if (isCore) await pipeline(answered, withoutGroup, response);
  else await pipeline(answered, response);
}

function sentHeaders({ host: _host, 'accept-encoding': _encoding, ...headers }: IncomingHttpHeaders, body: Buffer): OutgoingHttpHeaders {
  // Custom resources have no protobuf form.
  const accept = headers.accept?.includes('protobuf') ? 'application/json' : headers.accept;
  return { ...headers, ...credentials, accept, 'content-length': body.length };
}

const corePath = '/api/v1/';

/** Where the server keeps what clients call by this path. */
function storedPath(url: string): string {
  if (!url.startsWith(corePath)) return url;
  const [path = '', query] = url.slice(corePath.length).split('?', 2);
  const [collection, ...below] = path.split('/');
  const stored = collection === 'namespaces' && below.length <= 1 ? storedNamespaces : collection;
  return `/apis/${coreGroup}/v1/${[stored, ...below].join('/')}${query === undefined ? '' : `?${query}`}`;
}

/** The object that is sent is one of the stand-in's group; what it refers to is not. */
function withGroup(body: Buffer): Buffer {
  const value: unknown = body.length === 0 ? undefined : JSON.parse(body.toString());
  if (!isJsonObject(value) || value['apiVersion'] !== 'v1') return body;
  return Buffer.from(JSON.stringify({ ...value, apiVersion: `${coreGroup}/v1` }));
}

/** Lines are whole objects, or events of a watch. */
async function* withoutGroup(answer: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of answer) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) yield shown(text.slice(0, end));
  }
  yield shown(rest);
}

function shown(text: string): string {
  return text.replaceAll(`"apiVersion":"${coreGroup}/v1"`, '"apiVersion":"v1"');
}

// How istiod answers its webhook paths over HTTP, before any review is read. The rules and their order are those of its injection and validation
// handlers (istio master, 2026-08-22); recorded in conformance/inject/http and conformance/validation/webhook.json.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A review's bytes, or the plain answer that the request gets instead. */
export type AdmissionBody = { readonly kind: 'body'; readonly body: Buffer } | Refusal;

interface Refusal {
  readonly kind: 'refused';
  readonly status: 400 | 404 | 415 | 500;
  readonly message: string;
}

/** Kubernetes' limit for one object, 6 MiB. */
export const maxReviewBytes = 6_291_456;

/** Reads a review's body. Checked in this order: size, emptiness, content type (exactly `application/json`, without parameters). */
export async function readAdmissionBody(request: IncomingMessage): Promise<AdmissionBody> {
  const body = await readAll(request);
  if (body === undefined) return { kind: 'refused', status: 400, message: `Request entity too large: limit is ${maxReviewBytes}` };
  if (body.length === 0) return { kind: 'refused', status: 400, message: 'no body found' };
  if (request.headers['content-type'] === 'application/json') return { kind: 'body', body };
  return { kind: 'refused', status: 415, message: 'invalid Content-Type, want `application/json`' };
}

/** Answers with a line of text, as Go's `http.Error` does. */
export function answerRefusal(response: ServerResponse, { status, message }: Omit<Refusal, 'kind'>): void {
  response.setHeader('x-content-type-options', 'nosniff');
  answerText(response, status, `${message}\n`);
}

/** Answers with a review. Istio compatibility: the handler sets no content type, so Go calls the JSON plain text; API servers do not mind. */
export function answerReview(response: ServerResponse, json: string): void {
  answerText(response, 200, json);
}

/** Sends a caller to the clean form of its path. True if that was the answer. */
export function redirectToCleanPath(url: string, response: ServerResponse): boolean {
  const clean = cleanedUrl(url);
  if (clean === undefined) return false;
  response.statusCode = 307;
  response.setHeader('location', clean);
  response.end();
  return true;
}

/**
 * Where Go's router sends a path that is not clean: empty and `.` elements vanish, `..` goes one up, a trailing slash stays. Nothing if the path
 * is clean. The query travels along.
 */
export function cleanedUrl(url: string): string | undefined {
  const [path = '', query] = splitQuery(url);
  const clean = cleanPath(path);
  return clean === path ? undefined : `${clean}${query}`;
}

function splitQuery(url: string): readonly [string, string] {
  const at = url.indexOf('?');
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at)];
}

function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const element of path.split('/')) {
    if (element === '..') kept.pop();
    else if (element !== '' && element !== '.') kept.push(element);
  }
  const isFolder = path.endsWith('/') && kept.length > 0;
  return `/${kept.join('/')}${isFolder ? '/' : ''}`;
}

/** Nothing if there is more than the limit; the rest is not read then. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const part: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > maxReviewBytes) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** Header by header: `writeHead` with a table loses it under serverless-http. */
function answerText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

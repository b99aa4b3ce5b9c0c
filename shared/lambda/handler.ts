import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import serverless from 'serverless-http';
import { ControlPlaneError } from '../lib/error.ts';
import type { RequestLog } from '../observe/request-log.ts';
import type { HeldTokens } from './held-tokens.ts';
import { type Admittance, openDoor } from './path-token.ts';

/** What we use of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

export interface HandlerOptions {
  /** An express app. */
  readonly app: Parameters<typeof serverless>[0];
  /** Tokens of which a path has to name one; nothing if none is needed. */
  readonly tokens: HeldTokens | undefined;
  readonly requestLog: RequestLog;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

export type UrlHandler = (event: LambdaFunctionURLEvent, context: InvocationContext) => Promise<Answer>;

/** What a function URL sends back. */
export interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded?: boolean;
}

/** Lambda's limit for an answer is 6 MB; a longer one is an error without words for the caller. */
const maxAnswerBytes = 6_000_000;
/** Kept for sending the answer before the runtime ends the invocation. */
const sendMs = 250;
/** Where the context tells no deadline: the longest that an API server waits for a webhook. */
const longestMs = 30_000;

/** A function URL (payload 2.0) for an app: every invocation is answered in time, with one log line that holds nothing of body, query or token. */
export function urlHandler({ app, tokens, requestLog, now }: HandlerOptions): UrlHandler {
  const invoke = serverless(app);
  let isCold = true;
  return async (event, context) => {
    const start = now();
    requestLog.begin();
    const untilMs = (context.getRemainingTimeInMillis?.() ?? longestMs) - sendMs;
    const { answer, route } = await answered({ event, tokens, untilMs, invoke, requestLog });
    requestLog.end({
      id: context.awsRequestId,
      route,
      status: answer.statusCode,
      ms: Math.round((now() - start) * 10) / 10,
      bytes: event.body?.length ?? 0,
      answerBytes: answer.body.length,
      ...(isCold && { cold: true }),
    });
    isCold = false;
    return answer;
  };
}

interface Invocation extends Pick<HandlerOptions, 'tokens' | 'requestLog'> {
  readonly event: LambdaFunctionURLEvent;
  readonly untilMs: number;
  readonly invoke: (event: object, context: object) => Promise<object>;
}

interface Answered {
  readonly answer: Answer;
  /** First part of the path that the app was asked for; `unknown` where it may hold a token. */
  readonly route: string;
}

async function answered({ event, tokens, untilMs, invoke, requestLog }: Invocation): Promise<Answered> {
  if (event?.version !== '2.0' || typeof event.rawPath !== 'string') {
    return { answer: textAnswer(400, 'this function answers function URLs, payload version 2.0'), route: 'unknown' };
  }
  const deadline = new AbortController();
  const late = Promise.withResolvers<Answered>();
  const timer = setTimeout(
    () => {
      deadline.abort();
      requestLog.log.error('no answer in time');
      late.resolve({ answer: textAnswer(504, 'no answer in time'), route: 'unknown' });
    },
    Math.max(untilMs, 0),
  );
  try {
    return await Promise.race([throughTheDoor(event, { tokens, invoke, signal: deadline.signal }), late.promise]);
  } catch (caught) {
    requestLog.log.error('request failed', { error: ControlPlaneError.from(caught) });
    return { answer: textAnswer(500, 'internal error'), route: 'unknown' };
  } finally {
    clearTimeout(timer);
  }
}

async function throughTheDoor(
  event: LambdaFunctionURLEvent,
  { tokens, invoke, signal }: Pick<Invocation, 'tokens' | 'invoke'> & { readonly signal: AbortSignal },
): Promise<Answered> {
  const door = await openDoor(event.rawPath, tokens, signal);
  if (door.kind === 'not-ready')
    return { answer: textAnswer(503, 'the tokens of this function cannot be read; try again'), route: 'unknown' };
  // A request without a body has no `body` at all; serverless-http wants a text.
  const answer = (await invoke({ ...event, rawPath: door.path, body: event.body ?? '' }, {})) as Answer;
  return { answer: sendable(withPrefix(answer, door)), route: `/${door.path.split('/')[1] ?? ''}` };
}

/** A redirection leads to where the caller can go: below its token. */
function withPrefix(answer: Answer, { prefix }: Extract<Admittance, { readonly kind: 'open' }>): Answer {
  const location = answer.headers?.['location'];
  return location === undefined ? answer : { ...answer, headers: { ...answer.headers, location: `${prefix}${location}` } };
}

function sendable(answer: Answer): Answer {
  if (Buffer.byteLength(answer.body) <= maxAnswerBytes) return answer;
  return textAnswer(500, `the answer is larger than the ${maxAnswerBytes} bytes that a function can send`);
}

function textAnswer(statusCode: number, message: string): Answer & LambdaFunctionURLResult {
  return {
    statusCode,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: `${message}\n`,
  };
}

import { Agent, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { poll } from '../apiserver/poll.ts';

/** Where requests go, and what they carry. */
export interface Call {
  readonly port: number;
  /** Host that is asked for. */
  readonly host: string;
  readonly address?: string;
  /** Of the client; any one without it. */
  readonly from?: string;
  /** @default GET */
  readonly method?: string;
  /** With its query. @default / */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  /** 0 where there was no answer at all. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly tookMs: number;
  readonly startedMs: number;
}

/** One request on a connection of its own, or of an agent. Never fails: no answer is status 0. */
export async function send(call: Call, agent?: Agent): Promise<Answer> {
  const startedMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<Pick<Answer, 'status' | 'headers' | 'body'>>();
  const noAnswer = ({ message }: Error) => resolve({ status: 0, headers: {}, body: message });
  const sent = request(requestOptions(call, agent), (response) => {
    let body = '';
    response.on('data', (chunk) => (body += String(chunk)));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    response.on('error', noAnswer);
  });
  sent.on('error', noAnswer);
  sent.end();
  return { ...(await promise), startedMs, tookMs: performance.now() - startedMs };
}

function requestOptions(call: Call, agent: Agent | undefined): RequestOptions {
  const { port, host, address = '127.0.0.1', from, method = 'GET', path = '/', headers = {} } = call;
  const base = { host: address, port, method, path, headers: { ...headers, host }, agent: agent ?? false };
  return from === undefined ? base : { ...base, localAddress: from };
}

const parallel = 8;

/** So many requests, some at a time, on connections that are kept. */
export async function sendMany(call: Call, count: number): Promise<readonly Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  let left = count;
  const worker = async (): Promise<readonly Answer[]> => {
    const answers: Answer[] = [];
    while (left > 0) {
      left -= 1;
      answers.push(await send(call, agent));
    }
    return answers;
  };
  const answers = (await Promise.all(Array.from({ length: parallel }, worker))).flat();
  agent.destroy();
  return answers;
}

/** Requests without a pause, for as long as something else happens. */
export async function sendDuring(call: Call, work: () => Promise<unknown>): Promise<readonly Answer[]> {
  const agent = new Agent({ keepAlive: true });
  const answers: Answer[] = [];
  const state = { isOver: false };
  const load = (async () => {
    while (!state.isOver) {
      answers.push(await send(call, agent));
      await wait(1);
    }
  })();
  try {
    await work();
  } finally {
    state.isOver = true;
    await load;
    agent.destroy();
  }
  return answers;
}

/** Answers that are not 200, for messages. */
export function failed(answers: readonly Answer[]): readonly string[] {
  return answers.filter(({ status }) => status !== 200).map(({ status, body }) => `${status} ${body}`);
}

/** Sends until an answer is as it is wanted, and gives it. */
export function sendUntil(call: Call, what: string, isWanted: (answer: Answer) => boolean): Promise<Answer> {
  return poll(
    async () => {
      const answer = await send(call);
      return isWanted(answer) ? answer : undefined;
    },
    { what },
  );
}

import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, writeBundle } from '../../../scripts/bundle.ts';
import type { Answer } from '../../../shared/lambda/handler.ts';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { startDaemon } from '../apiserver/daemon.ts';
import { poll } from '../apiserver/poll.ts';
import { lambdaRuntime } from './lambda-runtime.ts';
import { freePort } from './moto.ts';

/** A function as it runs in Lambda: the built bundle alone in a folder, started by Amazon's client under Amazon's emulator. */
export interface LambdaFunction {
  /** Sends an event; calls wait for each other, as one execution environment takes one event at a time. */
  invoke(event: object): Promise<Answer>;
  /** What the function wrote, one line each. */
  lines(): Promise<readonly JsonObject[]>;
  /** Takes the processor away from emulator and function, as Lambda does between invocations. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export interface FunctionOptions {
  /** Source file of the handler. */
  readonly entry: string;
  readonly env?: Readonly<Record<string, string>>;
  /** @default 5 */
  readonly timeoutSeconds?: number;
}

const root = new URL('../../../', import.meta.url).pathname;

/** One of `functions/*`. */
export function startFunction(name: string, options: Omit<FunctionOptions, 'entry'> = {}): Promise<LambdaFunction> {
  return startHandler({ ...options, entry: join(root, 'functions', name, 'handler.ts') });
}

export async function startHandler({ entry, env = {}, timeoutSeconds = 5 }: FunctionOptions): Promise<LambdaFunction> {
  const { emulator, client } = await lambdaRuntime();
  const directory = await mkdtemp(join(tmpdir(), 'pilotless-lambda-'));
  const code = join(directory, 'code');
  await writeBundle(await bundle({ entry }), code);
  const logPath = join(directory, 'log');
  const [port, apiPort] = [await freePort(), await freePort()];
  const addresses = ['--runtime-interface-emulator-address', `127.0.0.1:${port}`, '--runtime-api-address', `127.0.0.1:${apiPort}`];
  const daemon = startDaemon({
    command: emulator,
    args: [...addresses, process.execPath, client, 'index.handler'],
    logPath,
    directory: code,
    env: {
      ...env,
      NODE_PATH: '',
      LAMBDA_TASK_ROOT: code,
      AWS_LAMBDA_FUNCTION_NAME: 'function',
      AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeoutSeconds),
    },
  });
  const url = `http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`;
  const stop = async (): Promise<void> => {
    await daemon.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    // The emulator listens before it has started anything; an invocation that is no POST starts nothing either.
    await poll(async () => ((await fetch(url, { method: 'GET' })).status > 0 ? true : undefined), {
      what: 'the emulator',
      signal: daemon.over,
    });
  } catch (caught) {
    await stop();
    throw caught;
  }
  return {
    invoke: oneAtATime(url),
    lines: async () => linesOf(await readFile(logPath, 'utf8')),
    freeze: () => signalTree(daemon.pid, 'SIGSTOP'),
    thaw: () => signalTree(daemon.pid, 'SIGCONT'),
    stop,
  };
}

/** A process and all that it started. */
function signalTree(pid: number, signal: NodeJS.Signals): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  for (const child of children) signalTree(Number(child), signal);
  process.kill(pid, signal);
}

function oneAtATime(url: string): LambdaFunction['invoke'] {
  let last: Promise<unknown> = Promise.resolve();
  return (event) => {
    const answer = last.then(async () => (await (await fetch(url, { method: 'POST', body: JSON.stringify(event) })).json()) as Answer);
    last = answer.catch(() => undefined);
    return answer;
  };
}

/** The emulator writes lines of its own beside those of the function. */
function linesOf(log: string): readonly JsonObject[] {
  return log.split('\n').flatMap((line) => {
    try {
      return line.startsWith('{') ? [JSON.parse(line) as JsonObject] : [];
    } catch {
      return [];
    }
  });
}

/** The processes of the push bench: each answers one question after the other. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that was started, and is asked by {@link ask}. */
export interface Child {
  readonly process: ChildProcess;
  /** Never fulfilled; rejected when the process ends. */
  readonly ended: Promise<never>;
}

export function startChild(file: string, args: readonly string[]): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args);
  const ended = once(child, 'exit').then(([code]): never => {
    throw new Error(`${file} ended with code ${code}`);
  });
  ended.catch(() => undefined);
  return { process: child, ended };
}

/** The answer is what the child's handler gives for such a question. */
export async function ask<Question extends object, Answer>(child: Child, question: Question): Promise<Answer> {
  const answer = once(child.process, 'message');
  child.process.send(question);
  const [message] = await Promise.race([answer, child.ended]);
  return message as Answer;
}

/** The child's side. What goes wrong ends the process. */
export function answerEach<Question, Answer extends object>(handle: (question: Question) => Promise<Answer>): void {
  process.on('message', (question) => void handle(question as Question).then((answer) => process.send?.(answer)));
}

/** Milliseconds on the clock that all processes of the machine share. */
export function sharedNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** What a server has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
  /** Of its whole life. */
  readonly peakMb: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1e3, rssMb: process.memoryUsage.rss() / 1e6, peakMb: (process.resourceUsage().maxRSS * 1024) / 1e6 };
}

const lookAgainMs = 10;

/** Waits until something is so; the bench has no end of its own for that, whoever runs it has. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
}

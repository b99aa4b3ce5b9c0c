import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { findTool } from './tools.ts';

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Takes what the program prints. */
  readonly logPath: string;
  /** Working directory. */
  readonly directory: string;
  /** Beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A child process that serves until it is stopped, or until this process ends (where the system can do that: Linux). */
export interface Daemon {
  readonly pid: number;
  /** Aborted when the process is over, with the end of its log as the reason. */
  readonly over: AbortSignal;
  stop(): Promise<void>;
}

const shownLogLength = 2000;

export function startDaemon({ command, args, logPath, directory, env: given }: DaemonOptions): Daemon {
  const log = openSync(logPath, 'a');
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory, ...given };
  // A test run that is killed runs no code of ours any more: only the kernel can end what it has started.
  const setpriv = findTool('setpriv');
  const line = setpriv ? [setpriv, '--pdeathsig', 'KILL', '--', command, ...args] : [command, ...args];
  const child = spawn(line[0] ?? command, line.slice(1), { cwd: directory, env, stdio: ['ignore', log, log] });
  closeSync(log);
  const over = new AbortController();
  const ended = once(child, 'exit')
    .catch((caught: unknown) => caught) // not started at all
    .then((how) => over.abort(new Error(`${command} is over (${how}):\n${readFileSync(logPath, 'utf8').slice(-shownLogLength)}`)));
  return {
    pid: child.pid ?? 0,
    over: over.signal,
    stop: () => {
      // What it holds is thrown away with its directory, so there is nothing to end in good order.
      child.kill('SIGKILL');
      return ended;
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Takes what the program prints. */
  readonly logPath: string;
  /** Working directory. */
  readonly directory: string;
}

/** A child process that serves until it is stopped, or until this process ends. */
export interface Daemon {
  /** Aborted when the process is over, with the end of its log as the reason. */
  readonly over: AbortSignal;
  stop(): Promise<void>;
}

const shownLogLength = 2000;

export function startDaemon({ command, args, logPath, directory }: DaemonOptions): Daemon {
  const log = openSync(logPath, 'a');
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory };
  const child = spawn(command, args, { cwd: directory, env, stdio: ['ignore', log, log] });
  closeSync(log);
  const over = new AbortController();
  // What it holds is thrown away with its directory, so there is nothing to end in good order.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit')
    .catch((caught: unknown) => caught) // not started at all
    .then((how) => {
      process.removeListener('exit', kill);
      over.abort(new Error(`${command} is over (${how}):\n${readFileSync(logPath, 'utf8').slice(-shownLogLength)}`));
    });
  return {
    over: over.signal,
    stop: () => {
      kill();
      return ended;
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `pilotless serve`, the real program in a process of its own. */
export class ServeProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  #stdout = '';
  #stderr = '';
  #wake = Promise.withResolvers<void>();

  /** Takes free ports and a data directory of its own unless the arguments say otherwise. */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const command = ['cli/pilotless.ts', 'serve', '--webhook-port', '0', '--monitoring-port', '0', '--xds-port', '0', ...args];
    this.#child = spawn(process.execPath, command, { cwd: root, env: { PATH: process.env['PATH'] ?? '', ...env } });
    this.#ended = once(this.#child, 'close');
    this.#child.stdout?.on('data', (chunk) => this.#take(() => (this.#stdout += String(chunk))));
    this.#child.stderr?.on('data', (chunk) => this.#take(() => (this.#stderr += String(chunk))));
  }

  /** The first match in what was printed so far or comes next. @throws if the process ends without it. */
  async printed(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const match = this.#stdout.match(pattern);
      if (match) return match;
      const isOver = await Promise.race([this.#wake.promise.then(() => false), this.#ended.then(() => true)]);
      if (isOver && !pattern.test(this.#stdout)) throw new Error(`ended without ${pattern}:\n${this.#stdout}${this.#stderr}`);
    }
  }

  signal(name: 'SIGINT' | 'SIGTERM'): void {
    this.#child.kill(name);
  }

  async ended(): Promise<Ended> {
    await this.#ended;
    return { code: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** For the end of a test that did not end it otherwise. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #take(append: () => void): void {
    append();
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}

export interface PostOptions {
  readonly url: string;
  readonly caPath: string;
  readonly body: string;
}

/** POSTs JSON over TLS, trusting nothing but the given CA. */
export async function postJson({ url, caPath, body }: PostOptions): Promise<{ readonly status: number; readonly text: string }> {
  const sent = request(url, { method: 'POST', ca: await readFile(caPath), agent: false, headers: { 'content-type': 'application/json' } });
  sent.end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, text };
}

import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import { listManifestFiles } from './list.ts';

export interface WatchOptions {
  /** Files, and folders with the manifests below them. */
  readonly paths: readonly string[];
  /** Called after a change, one call at a time; must not reject. */
  readonly onChange: () => Promise<void>;
  /** Quiet time after an event, so that one save of an editor or one `git checkout` is one change. @default 100 */
  readonly quietMs?: number;
  /** Looks also without an event: network file systems and container mounts give none. @default 2000 */
  readonly pollMs?: number;
}

export interface FileWatch {
  close(): void;
}

/**
 * Follows files and folders. What decides is not the events of the system, which get lost and come twice, but whether names, sizes, times or
 * inodes differ from the last look; an event only makes the next look come sooner.
 */
export async function watchFiles(options: WatchOptions): Promise<FileWatch> {
  const follower = new Follower(options);
  await follower.start();
  return follower;
}

class Follower implements FileWatch {
  readonly #options: Required<WatchOptions>;
  #state: FilesState = { fingerprint: '', folders: [] };
  #poll: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #watchers: readonly FSWatcher[] = [];
  #isBusy = false;
  #isClosed = false;

  constructor(options: WatchOptions) {
    this.#options = { quietMs: 100, pollMs: 2000, ...options };
  }

  async start(): Promise<void> {
    this.#take(await look(this.#options.paths));
    this.#poll = setInterval(() => void this.#check(), this.#options.pollMs);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#soon);
    for (const watcher of this.#watchers) watcher.close();
  }

  #checkSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.#check(), this.#options.quietMs);
  }

  async #check(): Promise<void> {
    if (this.#isBusy) return this.#checkSoon();
    this.#isBusy = true;
    const found = await look(this.#options.paths);
    if (found.fingerprint !== this.#state.fingerprint && !this.#isClosed) {
      this.#take(found);
      await this.#options.onChange();
    }
    this.#isBusy = false;
  }

  /** Folders may be new or gone: their watches are set anew. */
  #take(found: FilesState): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#state = found;
    this.#watchers = found.folders.flatMap((folder) => systemWatch(folder, () => this.#checkSoon()));
  }
}

interface FilesState {
  readonly fingerprint: string;
  /** Files are watched through their folders: editors replace a file, and a watch on the old inode would hear nothing. */
  readonly folders: readonly string[];
}

async function look(paths: readonly string[]): Promise<FilesState> {
  const files = (await Promise.all(paths.map((path) => listManifestFiles(path).catch(() => [])))).flat();
  const lines = files.map(({ path, mtimeMs, size, inode }) => `${path} ${mtimeMs} ${size} ${inode}`);
  const folders = new Set([...paths, ...paths.map((path) => dirname(path)), ...files.map(({ path }) => dirname(path))]);
  return { fingerprint: lines.join('\n'), folders: [...folders] };
}

function systemWatch(folder: string, onEvent: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(folder, onEvent);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    // Gone, or no watch left in the system (ENOSPC): the poll still finds every change.
    return [];
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { readOrigins } from '../../shared/snapshot/codec.ts';
import { loadServingSnapshot } from '../../shared/snapshot/load.ts';
import { readManifest } from '../../shared/snapshot/manifest.ts';
import type { Origin, Origins } from '../../shared/snapshot/origins.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';
import { blobsOf, configHeadKey, seeHead } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';
import type { DiskCopy } from './disk-copy.ts';

export interface FollowOptions {
  readonly store: Store;
  /** What is started with if the store is away. */
  readonly copy?: DiskCopy;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly nowMs: () => number;
  /** Takes each snapshot that the head names and that can be read whole. */
  readonly serve: (snapshot: ServingSnapshot) => void;
}

export interface Follower {
  /** The manifest that is served. */
  readonly manifest: ContentHash | undefined;
  /** Why the manifest that the head names is not served; undefined if it is. */
  readonly refused: string | undefined;
  /** When the store last named the served manifest, milliseconds since the epoch; undefined as long as nothing is served. */
  readonly confirmedAtMs: number | undefined;
  /** Looks at the head now, whatever the store tells; done when what it names is served or refused. */
  refresh(): Promise<void>;
  /** The objects that made a resource of the served snapshot. */
  originsOf(hash: ContentHash): Promise<readonly Origin[]>;
  close(): void;
}

/** How long a start waits for the store before it takes the copy. */
const startMs = 3_000;
/** Also a store that tells nothing of changes is looked at this often. */
const lookMs = 10_000;
const ageMs = 1_000;

/**
 * Serves what the head of the store names, now and whenever it changes. What is unreadable is refused with a reason, and the last good snapshot stays. Done when
 * something is served, or after three seconds; if the store gave nothing until then, the copy on disk is served.
 */
export async function follow(options: FollowOptions): Promise<Follower> {
  const following = new Following(options);
  const watch = options.store.watch(configHeadKey, () => void following.refresh());
  const looks = setInterval(() => void following.refresh(), lookMs);
  const ages = setInterval(() => following.tellAge(), ageMs);
  const started = new AbortController();
  await Promise.race([following.refresh(), wait(startMs, undefined, { signal: started.signal }).catch(() => undefined)]);
  started.abort();
  await following.takeCopy();
  return Object.assign(following, {
    close: () => {
      watch.close();
      clearInterval(looks);
      clearInterval(ages);
    },
  });
}

class Following {
  manifest: ContentHash | undefined;
  refused: string | undefined;
  confirmedAtMs: number | undefined;
  readonly #options: FollowOptions;
  #snapshot: ServingSnapshot | undefined;
  #origins: { readonly manifest: ContentHash; readonly value: Promise<Origins> } | undefined;
  #last: Promise<void> = Promise.resolve();
  #isAway = false;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** One look after the other, so that an older head never replaces a newer one. */
  refresh(): Promise<void> {
    this.#last = this.#last.then(() => this.#look());
    return this.#last;
  }

  async originsOf(hash: ContentHash): Promise<readonly Origin[]> {
    const { manifest } = this;
    if (manifest === undefined) return [];
    if (this.#origins?.manifest !== manifest) this.#origins = { manifest, value: this.#loadOrigins(manifest) };
    return (await this.#origins.value).get(hash) ?? [];
  }

  /** Serves the copy if nothing is served yet. */
  async takeCopy(): Promise<void> {
    if (this.manifest !== undefined) return;
    try {
      const copied = await this.#options.copy?.load();
      // The store may have answered meanwhile.
      if (copied === undefined || this.manifest !== undefined) return;
      if (!copied.ok) return this.#options.log.error('the copy on disk cannot be used', { reason: copied.error });
      if (copied.value === undefined) return;
      const { manifest, snapshot, confirmedAtMs } = copied.value;
      this.#serve(manifest, snapshot, confirmedAtMs);
      const ageSeconds = Math.round((this.#options.nowMs() - confirmedAtMs) / 1000);
      this.#options.log.warn('the store gives no snapshot; the copy on disk is served', { manifest, ageSeconds });
    } catch (caught) {
      this.#options.log.error('the copy on disk cannot be read', { error: ControlPlaneError.from(caught) });
    }
  }

  tellAge(): void {
    if (this.confirmedAtMs === undefined) return;
    this.#options.metrics.set('pilotless_snapshot_age_seconds', Math.max(this.#options.nowMs() - this.confirmedAtMs, 0) / 1000);
  }

  async #look(): Promise<void> {
    const { store, copy, log, metrics } = this.#options;
    try {
      const seen = await seeHead(store);
      this.#isAway = false;
      if (!seen.ok) return this.#refuse(seen.error);
      const id = seen.value?.head.stable;
      if (id === undefined) return this.manifest === undefined ? undefined : this.#refuse('the store has no snapshot any more');
      if (id === this.manifest) return await this.#confirm();
      const fetch = blobsOf(store);
      const loaded = await loadServingSnapshot(copy === undefined ? fetch : copy.through(fetch), id, this.#snapshot?.bodies);
      if (!loaded.ok) return this.#refuse(loaded.error, id);
      this.refused = undefined;
      this.#serve(id, loaded.value, this.#options.nowMs());
      log.info('a snapshot is served', { manifest: id, classes: loaded.value.classes.size, resources: loaded.value.bodies.size });
      await this.#onDisk(() => copy?.keep(id));
    } catch (caught) {
      metrics.count('pilotless_store_errors_total');
      if (!this.#isAway) log.warn('the store cannot be read; the last snapshot stays', { error: ControlPlaneError.from(caught) });
      this.#isAway = true;
    }
  }

  #serve(manifest: ContentHash, snapshot: ServingSnapshot, confirmedAtMs: number): void {
    this.manifest = manifest;
    this.confirmedAtMs = confirmedAtMs;
    this.#snapshot = snapshot;
    this.tellAge();
    this.#options.serve(snapshot);
  }

  async #confirm(): Promise<void> {
    this.confirmedAtMs = this.#options.nowMs();
    this.refused = undefined;
    this.tellAge();
    await this.#onDisk(() => this.#options.copy?.confirm());
  }

  /** Counted and told once for each reason, however often the store is looked at. */
  #refuse(reason: string, manifest?: ContentHash): void {
    if (this.refused === reason) return;
    this.refused = reason;
    this.#options.metrics.count('pilotless_snapshots_refused_total');
    this.#options.log.error('a snapshot is refused; the last good one stays', { reason, manifest, served: this.manifest });
  }

  /** A disk that is full or gone takes nothing away from those who are served. */
  async #onDisk(work: () => Promise<void> | undefined): Promise<void> {
    try {
      await work();
    } catch (caught) {
      this.#options.log.warn('the copy on disk cannot be written', { error: ControlPlaneError.from(caught) });
    }
  }

  async #loadOrigins(id: ContentHash): Promise<Origins> {
    const fetch = blobsOf(this.#options.store);
    const manifest = readManifest((await fetch(id)) ?? new Uint8Array(), id);
    if (!manifest.ok) throw new ControlPlaneError('unreadable', manifest.error);
    const origins = readOrigins((await fetch(manifest.value.origins)) ?? new Uint8Array(), manifest.value.origins);
    if (!origins.ok) throw new ControlPlaneError('unreadable', origins.error);
    return origins.value;
  }
}

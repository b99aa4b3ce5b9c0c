import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import type { Logger } from '../../shared/observe/log.ts';
import { readOrigins } from '../../shared/snapshot/codec.ts';
import { loadServingSnapshot } from '../../shared/snapshot/load.ts';
import { readManifest } from '../../shared/snapshot/manifest.ts';
import type { Origin, Origins } from '../../shared/snapshot/origins.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';
import { blobsOf, configHeadKey, seeHead } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';

export interface FollowOptions {
  readonly store: Store;
  readonly log: Logger;
  /** Takes each snapshot that the head names and that can be read whole. */
  readonly serve: (snapshot: ServingSnapshot) => void;
}

export interface Follower {
  /** The manifest that is served. */
  readonly manifest: ContentHash | undefined;
  /** Why the manifest that the head names is not served; undefined if it is. */
  readonly refused: string | undefined;
  /** Looks at the head now, whatever the store tells; done when what it names is served or refused. */
  refresh(): Promise<void>;
  /** The objects that made a resource of the served snapshot. */
  originsOf(hash: ContentHash): Promise<readonly Origin[]>;
  close(): void;
}

/** Serves what the head of the store names, now and whenever it changes. What is unreadable is refused with a reason, and the last good snapshot stays. */
export function follow({ store, log, serve }: FollowOptions): Follower {
  const following = new Following({ store, log, serve });
  const watch = store.watch(configHeadKey, () => void following.refresh());
  void following.refresh();
  return Object.assign(following, { close: () => watch.close() });
}

class Following {
  manifest: ContentHash | undefined;
  refused: string | undefined;
  readonly #options: FollowOptions;
  #snapshot: ServingSnapshot | undefined;
  #origins: { readonly manifest: ContentHash; readonly value: Promise<Origins> } | undefined;
  #last: Promise<void> = Promise.resolve();

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

  async #look(): Promise<void> {
    try {
      const seen = await seeHead(this.#options.store);
      if (!seen.ok) return this.#refuse(seen.error);
      const id = seen.value?.head.stable;
      if (id === undefined || id === this.manifest) return;
      const loaded = await loadServingSnapshot(blobsOf(this.#options.store), id, this.#snapshot?.bodies);
      if (!loaded.ok) return this.#refuse(loaded.error, id);
      this.manifest = id;
      this.refused = undefined;
      this.#snapshot = loaded.value;
      this.#options.log.info('a snapshot is served', {
        manifest: id,
        classes: loaded.value.classes.size,
        resources: loaded.value.bodies.size,
      });
      this.#options.serve(loaded.value);
    } catch (caught) {
      this.#options.log.warn('the store cannot be read; the last snapshot stays', { error: ControlPlaneError.from(caught) });
    }
  }

  #refuse(reason: string, manifest?: ContentHash): void {
    this.refused = reason;
    this.#options.log.error('a snapshot is refused; the last good one stays', { reason, manifest, served: this.manifest });
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

import type { CompileCounts } from '../../shared/compile/compile.ts';
import type { World } from '../../shared/compile/world.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { canonicalJson } from '../../shared/snapshot/canonical-json.ts';
import type { PackPlaces } from '../../shared/snapshot/class-table.ts';
import { encodeSnapshot } from '../../shared/snapshot/codec.ts';
import { type ClassKey, classKeyOf, type Projection } from '../../shared/snapshot/projection.ts';
import { publishSnapshot, type SeenHead, seeHead } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';
import { type Before, compileKeepingGood, type KeptCompile } from './last-good.ts';
import { storedPlaces, usablePlaces } from './places.ts';
import { rememberWanted, wantedNodes } from './wanted.ts';

export interface PublisherOptions {
  readonly store: Store;
  /** The world as its source tells it now. */
  readonly world: () => World;
  readonly now: () => Date;
}

export interface PublishReport {
  /** `nothing` where no proxy asked for anything yet: a snapshot without classes is never published. */
  readonly result: 'published' | 'unchanged' | 'nothing';
  readonly manifest: ContentHash | undefined;
  readonly problems: readonly Problem[];
  readonly counts: CompileCounts;
}

const maxTries = 10;

/** Compiles the world for the classes that proxies asked for, and publishes what comes out. One compile at a time, what earlier ones built is taken over. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #nodes = new Map<string, JsonObject>();
  #before: Before = { memo: new Map(), good: new Map() };
  #projection: Projection | undefined;
  #published: { readonly manifest: ContentHash; readonly places: PackPlaces } | undefined;
  #last: Promise<unknown>;
  #waiting: Promise<PublishReport> | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#last = Promise.resolve();
  }

  /** Takes over what proxies asked for before this process was there. */
  async recall(): Promise<void> {
    for (const node of await wantedNodes(this.#options.store, this.#options.now())) this.#add(node);
  }

  /** Compiles and publishes after whatever is being compiled now. Callers that come before it begins share one compile. */
  publish(): Promise<PublishReport> {
    if (this.#waiting === undefined) {
      const run = this.#last.then(() => {
        this.#waiting = undefined;
        return this.#compile();
      });
      this.#waiting = run;
      this.#last = run.catch(() => undefined);
    }
    return this.#waiting;
  }

  /** {@link publish}, from now on with a class for the node. */
  async want(node: JsonObject): Promise<PublishReport> {
    this.#add(node);
    const report = await this.publish();
    await this.seen(node);
    return report;
  }

  /** Notes that there is a proxy like this today. */
  async seen(node: JsonObject): Promise<void> {
    const key = this.#classKey(node);
    if (key !== undefined) await rememberWanted(this.#options.store, key, { node, now: this.#options.now() });
  }

  #add(node: JsonObject): void {
    this.#nodes.set(canonicalJson(node), node);
  }

  #classKey(node: JsonObject): ClassKey | undefined {
    return this.#projection === undefined ? undefined : classKeyOf(this.#projection, node);
  }

  async #compile(): Promise<PublishReport> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const seen = await this.#head();
      const made = compileKeepingGood(this.#options.world(), [...this.#nodes.values()], this.#before);
      this.#before = { memo: made.memo, good: made.good };
      this.#projection = made.snapshot.projection;
      const report = await this.#store(made, seen);
      if (report !== undefined) return report;
    }
    throw new ControlPlaneError('conflict', 'others publish snapshots all the time; is one store used for two meshes?', {
      retryable: true,
    });
  }

  /** The head, and where the resources that it stands for lie. */
  async #head(): Promise<SeenHead | undefined> {
    const seen = await seeHead(this.#options.store);
    if (!seen.ok) throw new ControlPlaneError('unreadable', `${seen.error}; delete it and the next compile makes a new one`);
    const manifest = seen.value?.head.stable;
    if (manifest !== undefined && manifest !== this.#published?.manifest) {
      this.#published = { manifest, places: await storedPlaces(this.#options.store, manifest) };
    }
    return seen.value;
  }

  /** Undefined if somebody else published meanwhile. */
  async #store({ snapshot, problems, counts }: KeptCompile, seen: SeenHead | undefined): Promise<PublishReport | undefined> {
    if (snapshot.classes.size === 0) return { result: 'nothing', manifest: this.#published?.manifest, problems, counts };
    const encoded = encodeSnapshot(snapshot, usablePlaces(this.#published?.places ?? new Map()));
    const result = await publishSnapshot(this.#options.store, encoded, seen);
    if (result === 'lost') return undefined;
    this.#published = { manifest: encoded.manifest, places: encoded.places };
    return { result, manifest: encoded.manifest, problems, counts };
  }
}

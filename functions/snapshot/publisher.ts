import type { CompileCounts } from '../../shared/compile/compile.ts';
import { encodeWorld } from '../../shared/compile/stored-world.ts';
import { type World, withAllocatedAddresses } from '../../shared/compile/world.ts';
import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { canonicalJson } from '../../shared/snapshot/canonical-json.ts';
import { encodeSnapshot } from '../../shared/snapshot/codec.ts';
import { type ClassKey, classKeyOf, type Projection } from '../../shared/snapshot/projection.ts';
import type { RawObject } from '../../shared/sources/kubernetes/objects.ts';
import { isSecret } from '../../shared/sources/kubernetes/secret.ts';
import { publishSnapshot, type SeenHead, seeHead } from '../../shared/store/snapshots.ts';
import type { Store } from '../../shared/store/store.ts';
import { WantedNodes } from '../../shared/store/wanted.ts';
import { type Base, nothingPublished, storedBase, usablePlaces } from './base.ts';
import { type Before, compileKeepingGood, distinct, type KeptCompile } from './last-good.ts';

/**
 * The world as its source tells it now, and what is wrong with the source.
 * @param last objects of the world that is served: a source that knows only what changed lays that over them.
 */
export type WorldSource = (last: readonly RawObject[]) => ReadWorld | Promise<ReadWorld>;

export interface ReadWorld {
  readonly value: World;
  readonly problems: readonly Problem[];
}

export interface PublisherOptions {
  readonly store: Store;
  readonly world: WorldSource;
  readonly now: () => Date;
}

export interface PublishReport {
  /** `nothing` where no proxy asked for anything yet: a snapshot without classes is never published. */
  readonly result: 'published' | 'unchanged' | 'nothing';
  readonly manifest: ContentHash | undefined;
  readonly problems: readonly Problem[];
  readonly counts: CompileCounts;
}

/** Others win now and then; who loses so often shares the store with another mesh. */
const maxTries = 50;

/** Compiles the world for the classes that proxies asked for, and publishes what comes out. One compile at a time, what earlier ones built is taken over. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #nodes = new Map<string, JsonObject>();
  readonly #remembered: WantedNodes;
  /** Asked for, and not yet noted in the store. */
  readonly #asked = new Map<string, JsonObject>();
  #before: Before = { memo: new Map(), good: new Map() };
  #projection: Projection | undefined;
  /** What the head stood for when it was last seen or swapped. */
  #base: Base = nothingPublished;
  #last: Promise<unknown>;
  #waiting: Promise<PublishReport> | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#remembered = new WantedNodes(options.store);
    this.#last = Promise.resolve();
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
    const text = canonicalJson(node);
    this.#nodes.set(text, node);
    this.#asked.set(text, node);
    return this.publish();
  }

  /** Notes that there are proxies like these today, so that their classes are compiled for another week. */
  async seen(nodes: readonly JsonObject[]): Promise<void> {
    if (this.#projection === undefined) await this.publish();
    for (const node of nodes) {
      const key = this.classKey(node);
      if (key !== undefined) await this.#remembered.note(key, { node, now: this.#options.now() });
    }
  }

  /** The node's class in the last compile's terms; undefined before the first one. */
  classKey(node: JsonObject): ClassKey | undefined {
    return this.#projection === undefined ? undefined : classKeyOf(this.#projection, node);
  }

  /** Who loses the race for the head takes the winner's world and wishes, and compiles again. */
  async #compile(): Promise<PublishReport> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const seen = await this.#head();
      const wanted = await this.#remembered.list(this.#options.now());
      const { value: told, problems } = storable(await this.#options.world(this.#base.objects), this.#options.store);
      const world = withAllocatedAddresses(told, this.#base.objects);
      const nodes = new Map([...wanted.map((node) => [canonicalJson(node), node] as const), ...this.#nodes]);
      const made = compileKeepingGood(world, [...nodes.values()], this.#before);
      this.#before = { memo: made.memo, good: made.good };
      this.#projection = made.snapshot.projection;
      await this.#rememberAsked(made);
      const report = await this.#store({ ...made, problems: distinct([...problems, ...made.problems]) }, world, seen);
      if (report !== undefined) return report;
    }
    throw new ControlPlaneError('conflict', 'others publish snapshots all the time; is one store used for two meshes?', {
      retryable: true,
    });
  }

  /** Before the head is swapped: whoever wins against us finds what our proxies asked for. */
  async #rememberAsked({ snapshot }: KeptCompile): Promise<void> {
    for (const [text, node] of this.#asked) {
      const key = classKeyOf(snapshot.projection, node);
      if (snapshot.classes.has(key)) await this.#remembered.note(key, { node, now: this.#options.now() });
      this.#asked.delete(text);
    }
  }

  /** The head, after taking over from whoever wrote it if that was not this process. */
  async #head(): Promise<SeenHead | undefined> {
    const seen = await seeHead(this.#options.store);
    if (!seen.ok) throw new ControlPlaneError('unreadable', `${seen.error}; delete it and the next compile makes a new one`);
    const manifest = seen.value?.head.stable;
    if (manifest !== undefined && manifest !== this.#base.manifest) {
      this.#base = await storedBase(this.#options.store, manifest);
      this.#before = { ...this.#before, good: new Map([...this.#before.good, ...this.#base.good]) };
    }
    return seen.value;
  }

  /** Undefined if somebody else published meanwhile. */
  async #store(
    { snapshot, problems, counts, good }: KeptCompile,
    world: World,
    seen: SeenHead | undefined,
  ): Promise<PublishReport | undefined> {
    if (snapshot.classes.size === 0) return { result: 'nothing', manifest: this.#base.manifest, problems, counts };
    const { id, blobs: worldBlobs } = encodeWorld(world, good);
    const encoded = encodeSnapshot({ ...snapshot, problems, world: id }, usablePlaces(this.#base.places));
    const blobs = [...worldBlobs, ...encoded.blobs].filter((blob) => !this.#base.stored.has(blob.id));
    const result = await publishSnapshot(this.#options.store, { manifest: encoded.manifest, blobs }, seen);
    if (result === 'lost') return undefined;
    const stored = new Set([...this.#base.stored, ...blobs.map((blob) => blob.id)]);
    this.#base = { manifest: encoded.manifest, places: encoded.places, objects: world.objects, good, stored };
    return { result, manifest: encoded.manifest, problems, counts };
  }
}

/** The world without secrets, with a problem, if there is no key to store them with. */
function storable({ value, problems }: ReadWorld, { secretBox }: Store): ReadWorld {
  const count = value.objects.filter(isSecret).length;
  if (secretBox !== undefined || count === 0) return { value, problems };
  const message = `${count} secrets are left out: this store has no key to encrypt them with; servers that need them fail until it has`;
  const left: Problem = { code: 'no-secret-key', severity: 'error', object: 'store', path: '', message };
  return { value: { ...value, objects: value.objects.filter((object) => !isSecret(object)) }, problems: [...problems, left] };
}

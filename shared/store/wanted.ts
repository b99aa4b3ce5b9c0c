/**
 * Classes that proxies asked for: one node of each, as a small object of its own that every later compile includes, whichever process compiles. The key begins
 * with the day on which a proxy of the class was last seen, so that classes that nobody is of any more are forgotten.
 */

import type { JsonObject } from '../lib/json.ts';
import { isJsonObject } from '../lib/json.ts';
import { readJson } from '../snapshot/blob.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import type { ClassKey } from '../snapshot/projection.ts';
import type { Store } from './store.ts';

const prefix = 'wanted/';
const dayMs = 86_400_000;
/** A class that nobody was of for so long is compiled again only when it is asked for again. */
const rememberedDays = 7;

/** What is remembered in a store; reads each object once, because none of them changes. */
export class WantedNodes {
  readonly #store: Store;
  readonly #read = new Map<string, JsonObject | undefined>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** One node of each class that was seen in the last days; of what cannot be read there is nothing, for its proxies ask again. */
  async list(now: Date): Promise<readonly JsonObject[]> {
    const oldest = `${prefix}${dayOf(new Date(now.getTime() - rememberedDays * dayMs))}`;
    const keys = (await this.#store.list(prefix)).filter((key) => key >= oldest);
    const newest = new Map(keys.map((key) => [key.slice(key.lastIndexOf('/') + 1), key]));
    const nodes = await Promise.all([...newest.values()].map((key) => this.#node(key)));
    return nodes.filter((node) => node !== undefined);
  }

  /** Notes that a proxy of the class was there on this day. */
  async note(key: ClassKey, { node, now }: { readonly node: JsonObject; readonly now: Date }): Promise<void> {
    const noted = `${prefix}${dayOf(now)}/${key}`;
    if (this.#read.has(noted)) return;
    await this.#store.putIfAbsent(noted, Buffer.from(canonicalJson(node)));
    this.#read.set(noted, node);
  }

  async #node(key: string): Promise<JsonObject | undefined> {
    if (this.#read.has(key)) return this.#read.get(key);
    const answer = await this.#store.read(key);
    const json = answer.kind === 'found' ? readJson(answer.bytes) : undefined;
    const node = json?.ok && isJsonObject(json.value) ? json.value : undefined;
    this.#read.set(key, node);
    return node;
  }
}

/** `2026-11-21`, in UTC: days sort as texts. */
function dayOf(time: Date): string {
  return time.toISOString().slice(0, 'YYYY-MM-DD'.length);
}

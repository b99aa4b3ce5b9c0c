import type { Problem } from '../lib/problem.ts';
import { type ProxyView, type Scope, type Service, serviceScope } from '../model/index.ts';
import { type Chunk, chunk } from '../snapshot/chunk.ts';
import type { Origin } from '../snapshot/origins.ts';
import { type Resource, resource } from '../snapshot/resource.ts';
import type { ChunkBuilder, EncodedPart } from '../xds/builders.ts';
import type { Digests } from './digest.ts';

/** Chunks of one compile by what they were built from, for the next one to take over. */
export type Memo = ReadonlyMap<string, BuiltChunk>;

export interface BuiltChunk extends BuiltPart {
  readonly chunk: Chunk;
  /** What was built service by service, by what it was built from. */
  readonly parts: ReadonlyMap<string, BuiltPart>;
}

interface BuiltPart {
  readonly resources: readonly BuiltResource[];
  readonly problems: readonly Problem[];
}

interface BuiltResource {
  readonly resource: Resource;
  readonly origins: readonly Origin[];
}

/** What a builder is given. */
export interface ChunkInput {
  readonly scope: Scope;
  readonly view: ProxyView;
}

interface BuildCounts {
  readonly chunksBuilt: number;
  readonly resourcesBuilt: number;
  readonly resourcesEncoded: number;
}

/** Builds what neither this compile nor the one before has built: chunks, and of a new chunk the parts that are new. */
export class ChunkBuilding {
  /** The chunks so far. */
  readonly memo = new Map<string, BuiltChunk>();
  readonly #digests: Digests;
  readonly #previous: Memo;
  readonly #parts = new Map<string, BuiltPart>();
  #previousParts: ReadonlyMap<string, BuiltPart> | undefined;
  #counts: BuildCounts = { chunksBuilt: 0, resourcesBuilt: 0, resourcesEncoded: 0 };

  constructor(digests: Digests, previous: Memo) {
    this.#digests = digests;
    this.#previous = previous;
  }

  get counts(): BuildCounts {
    return this.#counts;
  }

  chunkOf(builder: ChunkBuilder, input: ChunkInput): Chunk {
    const { name, reads, fields } = builder;
    const viewKey = this.#digests.key(input.view, fields);
    const key = `${name} ${this.#digests.scope(input.scope, reads)} ${viewKey}`;
    const built = this.memo.get(key) ?? this.#previous.get(key) ?? this.#build(builder, input, viewKey);
    this.memo.set(key, built);
    return built.chunk;
  }

  #build(builder: ChunkBuilder, input: ChunkInput, viewKey: string): BuiltChunk {
    const parts = new Map<string, BuiltPart>();
    if (builder.buildService !== undefined) {
      for (const service of input.scope.services) parts.set(...this.#partOf(builder, { ...input, service }, viewKey));
    }
    const rest = this.#taken(builder.build(input.scope, input.view));
    const all = [...parts.values(), rest];
    const resources = oneForEachName(all.flatMap((part) => part.resources));
    this.#counts = { ...this.#counts, chunksBuilt: this.#counts.chunksBuilt + 1 };
    return {
      chunk: chunk(resources.map(({ resource }) => resource)),
      resources,
      problems: all.flatMap(({ problems }) => problems),
      parts,
    };
  }

  #partOf(
    builder: ChunkBuilder,
    { scope, view, service }: ChunkInput & { readonly service: Service },
    viewKey: string,
  ): [string, BuiltPart] {
    const { labels } = view;
    const key = `${builder.name} ${this.#digests.service(scope, service, { labels, reads: builder.reads })} ${viewKey}`;
    const known = this.#parts.get(key) ?? this.#earlier(key);
    const built = known ?? this.#taken(builder.buildService?.(serviceScope(scope, service, labels), view) ?? noPart);
    this.#parts.set(key, built);
    return [key, built];
  }

  #earlier(key: string): BuiltPart | undefined {
    this.#previousParts ??= new Map([...this.#previous.values()].flatMap(({ parts }) => [...parts]));
    return this.#previousParts.get(key);
  }

  #taken({ resources, problems }: EncodedPart): BuiltPart {
    const { resourcesBuilt, resourcesEncoded } = this.#counts;
    const count = resources.length;
    this.#counts = { ...this.#counts, resourcesBuilt: resourcesBuilt + count, resourcesEncoded: resourcesEncoded + count };
    return { resources: resources.map(({ origins, ...input }) => ({ resource: resource(input), origins })), problems };
  }
}

const noPart: EncodedPart = { resources: [], problems: [] };

/** Of several resources of one name the first, which is that of the oldest service. */
function oneForEachName(resources: readonly BuiltResource[]): readonly BuiltResource[] {
  const byName = new Map<string, BuiltResource>();
  for (const built of resources) if (!byName.has(built.resource.name)) byName.set(built.resource.name, built);
  return byName.size === resources.length ? resources : [...byName.values()];
}

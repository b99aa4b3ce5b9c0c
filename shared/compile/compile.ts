/** The pipeline: world → mesh → classes of proxies → scopes → chunks → snapshot. Pure: the same world and the same nodes give the same bytes. */

import { compareText } from '../lib/compare-text.ts';
import type { ContentHash } from '../lib/hash.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import { buildScope, type Mesh, type Scope, type SidecarResource } from '../model/index.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import { type Chunk, chunk, type WorkloadClass } from '../snapshot/chunk.ts';
import type { Origin } from '../snapshot/origins.ts';
import { type ClassKey, classKeyOf } from '../snapshot/projection.ts';
import { type Resource, resource } from '../snapshot/resource.ts';
import type { CompiledSnapshot } from '../snapshot/snapshot.ts';
import { builders, type ChunkBuilder, pick } from '../xds/builders.ts';
import { type Digests, digestsOf } from './digest.ts';
import { buildMesh } from './mesh.ts';
import { meshProjection, nodeFacts } from './projection.ts';
import { proxyView, type ViewedProxy } from './proxy-view.ts';
import type { World } from './world.ts';

/** Chunks of one compile by what they were built from, for the next one to take over. */
export type Memo = ReadonlyMap<string, BuiltChunk>;

interface BuiltChunk {
  readonly chunk: Chunk;
  readonly resources: readonly BuiltResource[];
  readonly problems: readonly Problem[];
}

interface BuiltResource {
  readonly resource: Resource;
  readonly origins: readonly Origin[];
}

export interface CompileResult {
  readonly snapshot: CompiledSnapshot;
  readonly memo: Memo;
  readonly counts: CompileCounts;
}

export interface CompileCounts {
  readonly classes: number;
  readonly chunks: number;
  /** Chunks that no earlier compile had built, and what was built and encoded for them. */
  readonly chunksBuilt: number;
  readonly resourcesBuilt: number;
  readonly resourcesEncoded: number;
}

/**
 * @param nodes xDS nodes as protobuf JSON, one at least of every class that is wanted.
 * @param previous chunks of an earlier compile; makes it faster, never different.
 */
export function compile(world: World, nodes: readonly JsonObject[], previous: Memo = new Map()): CompileResult {
  const { value: mesh, problems: meshProblems } = buildMesh(world);
  const projected = meshProjection(mesh);
  const memo = new Map<string, BuiltChunk>();
  const scopes = scopesOf(mesh);
  const digests = digestsOf(mesh);
  const counts = { chunksBuilt: 0, resourcesBuilt: 0, resourcesEncoded: 0 };
  const classes = new Map<ClassKey, WorkloadClass>();
  const refused: Problem[] = [];

  const chunkOf = (builder: ChunkBuilder, { namespace, sidecar, view }: ViewedProxy): Chunk => {
    const scope = scopes(namespace, sidecar);
    const key = chunkKey(builder, { scope, view }, digests);
    const built = memo.get(key) ?? previous.get(key) ?? buildChunk(builder, { scope, view }, counts);
    memo.set(key, built);
    return built.chunk;
  };

  for (const node of nodes) {
    const key = classKeyOf(projected.projection, node);
    if (classes.has(key)) continue;
    const proxy = proxyView(nodeFacts(projected, node), mesh, projected.services);
    if ('refused' in proxy) refused.push(refusal(node, proxy.refused));
    else
      classes.set(key, {
        chunks: builders.filter(({ isFor }) => isFor(proxy.view, mesh.config)).map((builder) => chunkOf(builder, proxy)),
      });
  }

  const built = [...memo.values()];
  const snapshot: CompiledSnapshot = {
    classes: new Map([...classes].sort(([a], [b]) => compareText(a, b))),
    bodies: new Map(built.flatMap(({ resources }) => resources.map(({ resource }) => [resource.hash, resource.bytes] as const))),
    projection: projected.projection,
    origins: originsOf(built),
    problems: distinct([...meshProblems, ...built.flatMap(({ problems }) => problems), ...refused]),
  };
  const chunks = new Set([...classes.values()].flatMap((item) => item.chunks.map(({ id }) => id))).size;
  return { snapshot, memo, counts: { classes: classes.size, chunks, ...counts } };
}

/** One scope for each namespace and Sidecar. */
function scopesOf(mesh: Mesh): (namespace: string, sidecar?: SidecarResource) => Scope {
  const scopes = new Map<string, Scope>();
  return (namespace, sidecar) => {
    const key = sidecar === undefined ? namespace : `${namespace} ${sidecar.namespace}/${sidecar.name}`;
    const scope = scopes.get(key) ?? buildScope(mesh, namespace, sidecar);
    scopes.set(key, scope);
    return scope;
  };
}

interface ChunkInput {
  readonly scope: Scope;
  readonly view: ViewedProxy['view'];
}

/** Everything that a builder reads, as a hash. */
function chunkKey({ name, reads, fields }: ChunkBuilder, { scope, view }: ChunkInput, digests: Digests): string {
  return [name, digests.scope(scope, reads), digests.key(pick(view, fields))].join(' ');
}

function buildChunk(
  builder: ChunkBuilder,
  { scope, view }: ChunkInput,
  counts: { chunksBuilt: number; resourcesBuilt: number; resourcesEncoded: number },
): BuiltChunk {
  const { resources: encoded, problems } = builder.build(scope, view);
  counts.chunksBuilt += 1;
  counts.resourcesBuilt += encoded.length;
  counts.resourcesEncoded += encoded.length;
  const resources = encoded.map(({ origins, ...input }) => ({ resource: resource(input), origins }));
  return { chunk: chunk(resources.map(({ resource }) => resource)), resources, problems };
}

function originsOf(built: readonly BuiltChunk[]): ReadonlyMap<ContentHash, readonly Origin[]> {
  const all = built.flatMap(({ resources }) => resources).filter(({ origins }) => origins.length > 0);
  return new Map(all.map(({ resource, origins }) => [resource.hash, origins]));
}

function refusal(node: JsonObject, reason: string): Problem {
  return { code: 'refused-node', severity: 'error', object: `node ${String(node['id'] ?? '')}`, path: '', message: reason };
}

/** Each problem once, in an order of their own. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const byText = new Map(problems.map((problem) => [canonicalJson(problem), problem]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, problem]) => problem);
}

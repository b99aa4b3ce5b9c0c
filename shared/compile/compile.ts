/** The pipeline: world → mesh → classes of proxies → scopes → chunks → snapshot. Pure: the same world and the same nodes give the same bytes. */

import { compareText } from '../lib/compare-text.ts';
import type { ContentHash } from '../lib/hash.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import { buildScope, type Mesh, type Scope, type SidecarResource } from '../model/index.ts';
import { canonicalJson } from '../snapshot/canonical-json.ts';
import type { WorkloadClass } from '../snapshot/chunk.ts';
import type { Origin } from '../snapshot/origins.ts';
import { type ClassKey, classKeyOf } from '../snapshot/projection.ts';
import type { CompiledSnapshot } from '../snapshot/snapshot.ts';
import { builders } from '../xds/builders.ts';
import { type BuiltChunk, ChunkBuilding, type Memo } from './build-chunk.ts';
import { digestsOf } from './digest.ts';
import { buildMesh } from './mesh.ts';
import { meshProjection, nodeFacts } from './projection.ts';
import { proxyView } from './proxy-view.ts';
import type { World } from './world.ts';

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
  const scopes = scopesOf(mesh);
  const chunks = new ChunkBuilding(digestsOf(mesh), previous);
  const classes = new Map<ClassKey, WorkloadClass>();
  const refused: Problem[] = [];

  for (const node of nodes) {
    const key = classKeyOf(projected.projection, node);
    if (classes.has(key)) continue;
    const proxy = proxyView(nodeFacts(projected, node), mesh, projected.services);
    if ('refused' in proxy) refused.push(refusal(node, proxy.refused));
    else
      classes.set(key, {
        chunks: builders
          .filter(({ isFor }) => isFor(proxy.view, mesh.config))
          .map((builder) => {
            return chunks.chunkOf(builder, { scope: scopes(proxy.namespace, proxy.sidecar), view: proxy.view });
          }),
      });
  }

  const built = [...chunks.memo.values()];
  const snapshot: CompiledSnapshot = {
    classes: new Map([...classes].sort(([a], [b]) => compareText(a, b))),
    bodies: bodiesOf(built),
    projection: projected.projection,
    origins: originsOf(built),
    problems: distinct([...meshProblems, ...built.flatMap(({ problems }) => problems), ...refused]),
  };
  const ids = new Set([...classes.values()].flatMap((item) => item.chunks.map(({ id }) => id)));
  return { snapshot, memo: chunks.memo, counts: { classes: classes.size, chunks: ids.size, ...chunks.counts } };
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

function bodiesOf(built: readonly BuiltChunk[]): ReadonlyMap<ContentHash, Uint8Array> {
  const bodies = new Map<ContentHash, Uint8Array>();
  for (const { resources } of built) for (const { resource } of resources) bodies.set(resource.hash, resource.bytes);
  return bodies;
}

function originsOf(built: readonly BuiltChunk[]): ReadonlyMap<ContentHash, readonly Origin[]> {
  const all = new Map<ContentHash, readonly Origin[]>();
  for (const { resources } of built) {
    for (const { resource, origins } of resources) if (origins.length > 0) all.set(resource.hash, origins);
  }
  return all;
}

function refusal(node: JsonObject, reason: string): Problem {
  return { code: 'refused-node', severity: 'error', object: `node ${String(node['id'] ?? '')}`, path: '', message: reason };
}

/** Each problem once, in an order of their own. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const byText = new Map(problems.map((problem) => [canonicalJson(problem), problem]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, problem]) => problem);
}

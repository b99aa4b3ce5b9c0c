import type { ContentHash } from '../lib/hash.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { type Blob, jsonBlob, readJson, secretBlob } from './blob.ts';
import { type PackPlaces, storedTable } from './class-table.ts';
import { type Manifest, schemaVersion } from './manifest.ts';
import type { Origin, Origins } from './origins.ts';
import { packBlob } from './pack.ts';
import type { Projection } from './projection.ts';
import type { Bodies, Snapshot } from './snapshot.ts';

export interface EncodedSnapshot {
  /** The id that a head names. */
  readonly manifest: ContentHash;
  /** To be stored before a head names the manifest, which is the last. */
  readonly blobs: readonly Blob[];
  /** For the next call. */
  readonly places: PackPlaces;
}

/** The stored form of a snapshot. Resources that are already in a pack of the store stay there. */
export function encodeSnapshot(snapshot: Snapshot, stored: PackPlaces = new Map()): EncodedSnapshot {
  const fresh = new Map([...snapshot.bodies].filter(([hash]) => !stored.has(hash)));
  const secret = secretHashes(snapshot);
  const open = packOf(fresh, (hash) => !secret.has(hash));
  const sealed = packOf(fresh, (hash) => secret.has(hash)).map(secretBlob);
  const packs = [...open, ...sealed];
  const packFor = (hash: ContentHash) => stored.get(hash) ?? (secret.has(hash) ? sealed : open)[0]?.id;
  const places = new Map([...snapshot.bodies.keys()].flatMap((hash) => placed(hash, packFor(hash))));
  const classes = jsonBlob(storedTable({ classes: snapshot.classes, places }));
  const projection = jsonBlob(snapshot.projection);
  const origins = jsonBlob(Object.fromEntries(snapshot.origins));
  const problems = jsonBlob(snapshot.problems);
  const manifest: Manifest = {
    schema: schemaVersion,
    classes: classes.id,
    projection: projection.id,
    origins: origins.id,
    problems: problems.id,
    world: snapshot.world,
  };
  const last = jsonBlob(manifest);
  return { manifest: last.id, blobs: [...packs, classes, projection, origins, problems, last], places };
}

const secretType = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';

/** Resources that hold private keys: they lie in packs of their own. */
function secretHashes({ classes }: Snapshot): ReadonlySet<ContentHash> {
  // Classes share chunks: each is looked into once.
  const chunks = new Set([...classes.values()].flatMap((value) => value.chunks));
  return new Set([...chunks].flatMap(({ refs }) => refs.filter(({ typeUrl }) => typeUrl === secretType).map(({ hash }) => hash)));
}

function packOf(bodies: Bodies, isWanted: (hash: ContentHash) => boolean): readonly Blob[] {
  const wanted = new Map([...bodies].filter(([hash]) => isWanted(hash)));
  return wanted.size === 0 ? [] : [packBlob(wanted)];
}

export function readProjection(bytes: Uint8Array, id: ContentHash): Result<Projection> {
  return readPart(bytes, id, 'projection', (value) => isJsonObject(value) && isJsonArray(value['fields']) && isJsonArray(value['lookups']));
}

export function readOrigins(bytes: Uint8Array, id: ContentHash): Result<Origins> {
  const read = readPart<Record<ContentHash, readonly Origin[]>>(bytes, id, 'origins', isJsonObject);
  return read.ok ? ok(new Map(Object.entries(read.value) as [ContentHash, readonly Origin[]][])) : read;
}

export function readProblems(bytes: Uint8Array, id: ContentHash): Result<readonly Problem[]> {
  return readPart(bytes, id, 'problems', isJsonArray);
}

function readPart<T>(bytes: Uint8Array, id: ContentHash, name: string, isPart: (value: JsonValue) => boolean): Result<T> {
  const json = readJson(bytes, id);
  if (!json.ok) return fail(`${name} ${json.error}`);
  return isPart(json.value) ? ok(json.value as unknown as T) : fail(`${name} ${id} has another form`);
}

function placed(hash: ContentHash, pack: ContentHash | undefined): readonly (readonly [ContentHash, ContentHash])[] {
  return pack === undefined ? [] : [[hash, pack]];
}

import type { S3Client } from '@aws-sdk/client-s3';
import { ControlPlaneError } from '../lib/error.ts';
import { checkKey } from './key.ts';
import type { ReadAnswer, ReadOptions, Store, StoreWatch, SwapAnswer } from './store.ts';

/** A bucket, and what all keys in it begin with: nothing, or a text that ends with a slash. */
export interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * The distributed store: one object in S3 for each of ours. Immutable objects are put with `If-None-Match: *`, heads with `If-Match`; a version is an ETag.
 * Uploads carry a SHA-256 that S3 keeps, and that every read is checked against. Region, endpoint and credentials are found as in all AWS programs. The SDK is
 * loaded at the first call.
 */
export function s3Store(place: S3Place): Store {
  const bucket = new Bucket(place);
  const guarded = <T>(key: string, work: () => Promise<T>): Promise<T> => outside(place, key, work);
  return {
    read: (key, options) => guarded(key, () => bucket.read(checkKey(key), options)),
    putIfAbsent: (key, bytes) => guarded(key, () => bucket.putIfAbsent(checkKey(key), bytes)),
    compareAndSwap: (key, expected, bytes) => guarded(key, () => bucket.swap(checkKey(key), expected, bytes)),
    list: (prefix) => guarded(prefix, () => bucket.list(prefix)),
    watch: (key, onChange) => watchByPolling((known) => bucket.read(checkKey(key), known), onChange),
  };
}

/** How long one call may take, with all its attempts. */
const callMs = 10_000;
const attempts = 3;
const connectMs = 1_000;

class Bucket {
  readonly #place: S3Place;
  #sdk: Promise<typeof import('@aws-sdk/client-s3')> | undefined;
  #client: S3Client | undefined;

  constructor(place: S3Place) {
    this.#place = place;
  }

  async read(key: string, { unlessVersion, signal }: ReadOptions = {}): Promise<ReadAnswer> {
    const { GetObjectCommand } = await this.#load();
    const known = unlessVersion === undefined ? {} : { IfNoneMatch: unlessVersion };
    const command = new GetObjectCommand({ ...this.#object(key), ...known, ChecksumMode: 'ENABLED' });
    try {
      const { Body: body, ETag: version } = await (await this.#connected()).send(command, { abortSignal: limited(signal) });
      if (body === undefined || version === undefined) throw new ControlPlaneError('unreadable', `S3 gave ${key} without content`);
      return { kind: 'found', bytes: await body.transformToByteArray(), version };
    } catch (caught) {
      if (statusOf(caught) === 304) return { kind: 'unchanged' };
      if (isNamed(caught, 'NoSuchKey')) return { kind: 'absent' };
      throw caught;
    }
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<'stored' | 'present'> {
    return (await this.#put(key, bytes, { IfNoneMatch: '*' })) === undefined ? 'present' : 'stored';
  }

  /** An answer that is lost on its way back counts as a lost race, too: the caller reads again, and finds its own bytes. */
  async swap(key: string, expected: string | undefined, bytes: Uint8Array): Promise<SwapAnswer> {
    const version = await this.#put(key, bytes, expected === undefined ? { IfNoneMatch: '*' } : { IfMatch: expected });
    return version === undefined ? { kind: 'lost' } : { kind: 'swapped', version };
  }

  async list(prefix: string): Promise<readonly string[]> {
    const { ListObjectsV2Command } = await this.#load();
    const client = await this.#connected();
    const { bucket, prefix: own } = this.#place;
    const keys: string[] = [];
    let next: string | undefined;
    do {
      const page = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: `${own}${prefix}`,
        ...(next !== undefined && { ContinuationToken: next }),
      });
      const { Contents: contents = [], NextContinuationToken: token } = await client.send(page, { abortSignal: limited() });
      keys.push(...contents.flatMap(({ Key: key }) => (key === undefined ? [] : [key.slice(own.length)])));
      next = token;
    } while (next !== undefined);
    return keys.sort();
  }

  /** The new version; undefined if the condition does not hold. */
  async #put(
    key: string,
    bytes: Uint8Array,
    condition: { readonly IfMatch?: string; readonly IfNoneMatch?: string },
  ): Promise<string | undefined> {
    const { PutObjectCommand } = await this.#load();
    const client = await this.#connected();
    for (let tries = 1; ; tries += 1) {
      try {
        const command = new PutObjectCommand({ ...this.#object(key), ...condition, Body: bytes, ChecksumAlgorithm: 'SHA256' });
        return (await client.send(command, { abortSignal: limited() })).ETag ?? '';
      } catch (caught) {
        if (isConditionLost(caught)) return undefined;
        // Somebody else's write of the same key was under way; whether the condition holds shows once that is over.
        if (!isNamed(caught, 'ConditionalRequestConflict') || tries === attempts) throw caught;
      }
    }
  }

  #object(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#place.bucket, Key: `${this.#place.prefix}${key}` };
  }

  #load(): Promise<typeof import('@aws-sdk/client-s3')> {
    this.#sdk ??= import('@aws-sdk/client-s3');
    return this.#sdk;
  }

  async #connected(): Promise<S3Client> {
    const { S3Client } = await this.#load();
    this.#client ??= new S3Client({ maxAttempts: attempts, requestHandler: { connectionTimeout: connectMs } });
    return this.#client;
  }
}

/** What a swap of something that is not there is answered with, besides the failed condition itself. */
function isConditionLost(caught: unknown): boolean {
  return isNamed(caught, 'PreconditionFailed') || isNamed(caught, 'NoSuchKey');
}

function limited(signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(callMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

const pollMs = 500;
/** Each wait is longer or shorter by up to this part, so that gateways that began together do not ask together. */
const jitter = 0.2;

/** S3 tells nobody of changes: a conditional read twice a second, which costs no transfer while nothing changes. A bucket that is away is asked again. */
function watchByPolling(read: (known: ReadOptions) => Promise<ReadAnswer>, onChange: () => void): StoreWatch {
  const closed = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let last: string | undefined;
  const look = async (): Promise<void> => {
    try {
      const answer = await read({ signal: closed.signal, ...(last !== undefined && last !== absent && { unlessVersion: last }) });
      const now = answer.kind === 'found' ? answer.version : answer.kind === 'absent' ? absent : last;
      const isNews = last !== undefined && now !== last;
      last = now;
      if (isNews && !closed.signal.aborted) onChange();
    } catch {
      // Whoever follows the object reads it too, and tells what is wrong; the next look comes in a moment.
    }
    if (!closed.signal.aborted) timer = setTimeout(() => void look(), pollMs * (1 - jitter + 2 * jitter * Math.random()));
  };
  void look();
  return {
    close: () => {
      closed.abort();
      clearTimeout(timer);
    },
  };
}

/** Stands for the version of an object that is not there. */
const absent = '';

async function outside<T>(place: S3Place, key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (caught) {
    if (caught instanceof ControlPlaneError) throw caught;
    throw translated(caught, `s3://${place.bucket}/${place.prefix}${key}`);
  }
}

/** Names and messages of the SDK, which hold no credentials, in our words. */
function translated(cause: unknown, object: string): ControlPlaneError {
  const { message } = ControlPlaneError.from(cause);
  if (isNamed(cause, 'AbortError') || isNamed(cause, 'TimeoutError')) {
    return new ControlPlaneError('timeout', `${object}: S3 did not answer in time`, { cause, retryable: true });
  }
  if (isNamed(cause, 'NoSuchBucket')) {
    return new ControlPlaneError('not-found', `${object}: there is no such bucket; create it, or give another store`, { cause });
  }
  if (message.startsWith('Checksum mismatch')) return new ControlPlaneError('unreadable', `${object} has the wrong checksum`, { cause });
  const hint = statusOf(cause) === 403 ? '; does the role allow s3:GetObject, s3:PutObject and s3:ListBucket?' : '';
  return new ControlPlaneError('unavailable', `${object}: ${message}${hint}`, { cause, retryable: true });
}

function isNamed(caught: unknown, name: string): boolean {
  return caught instanceof Error && caught.name === name;
}

/** HTTP status of an error of the SDK. */
function statusOf(caught: unknown): number | undefined {
  if (!(caught instanceof Error) || !('$metadata' in caught)) return undefined;
  return (caught.$metadata as { readonly httpStatusCode?: number }).httpStatusCode;
}

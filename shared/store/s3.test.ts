import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startFront } from '../../test/e2e/aws/front.ts';
import { isMotoLeftOut } from '../../test/e2e/aws/moto.ts';
import { bucketStartMs, startBucket, type TestBucket } from '../../test/fixtures/bucket.ts';
import { storeContract } from '../../test/fixtures/store-contract.ts';
import { openStore } from './open.ts';
import { s3Store } from './s3.ts';

const bytes = new TextEncoder().encode('x');

describe.skipIf(isMotoLeftOut())('s3Store', () => {
  let s3: TestBucket;

  beforeAll(async () => {
    s3 = await startBucket();
  }, bucketStartMs);

  afterAll(() => s3?.stop());

  storeContract('the S3 store', async () => {
    const place = s3.newPlace();
    return { store: s3Store(place), other: s3Store(place) };
  });

  storeContract('a store that is named by its address', async () => {
    const { bucket, prefix } = s3.newPlace();
    const open = () => openStore(`s3://${bucket}/${prefix}`) ?? s3Store({ bucket, prefix });
    return { store: open(), other: open() };
  });

  it('lists more keys than S3 gives at once', async () => {
    const store = s3Store(s3.newPlace());
    const keys = Array.from({ length: 1_050 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    for (let from = 0; from < keys.length; from += 50) {
      await Promise.all(keys.slice(from, from + 50).map((key) => store.putIfAbsent(key, bytes)));
    }

    expect(await store.list('many/')).toEqual(keys);
  }, 60_000);

  it('keeps its objects below the folder that it was given', async () => {
    const { prefix } = s3.newPlace();
    await openStore(`s3://${s3.bucket}/${prefix}`)?.putIfAbsent('one', bytes);

    expect(await openStore(`s3://${s3.bucket}`)?.list(prefix)).toEqual([`${prefix}one`]);
  });

  it('gives up when it is told to', async () => {
    const reading = s3Store(s3.newPlace()).read('one', { signal: AbortSignal.abort() });

    await expect(reading).rejects.toMatchObject({ code: 'timeout', retryable: true });
  });

  it('says which bucket is missing', async () => {
    const reading = s3Store({ bucket: 'nobody-made-this', prefix: '' }).read('one');

    await expect(reading).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('s3://nobody-made-this/one') });
  });

  it('says that S3 cannot be reached, and tries again', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    const store = s3Store(s3.newPlace());

    const reading = store.read('one');

    await expect(reading).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    vi.stubEnv('AWS_ENDPOINT_URL', s3.endpoint);
  });

  it('refuses bytes that are not those of the checksum that S3 keeps', async () => {
    const place = s3.newPlace();
    const store = s3Store(place);
    await store.putIfAbsent('one', bytes);
    const front = await startFront(s3.endpoint, (body) => Buffer.from(body.toString().replace('x', 'y')));
    vi.stubEnv('AWS_ENDPOINT_URL', front.endpoint);

    const reading = s3Store(place).read('one');

    await expect(reading).rejects.toMatchObject({ code: 'unreadable', message: expect.stringContaining('wrong checksum') });
    vi.stubEnv('AWS_ENDPOINT_URL', s3.endpoint);
    await front.stop();
  });

  it('reads what others put there without a checksum', async () => {
    const place = s3.newPlace();
    await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: `${place.prefix}mesh.yaml`, Body: 'kind: Service' }));

    const answer = await s3Store(place).read('mesh.yaml');

    expect(answer.kind === 'found' && Buffer.from(answer.bytes).toString()).toBe('kind: Service');
  });
});

describe('openStore', () => {
  it('knows before anything is loaded which store can seal secrets', () => {
    expect([openStore('file:/var/lib/pilotless'), openStore('s3://mesh-snapshots')].map((store) => store?.secretBox !== undefined)).toEqual(
      [true, false],
    );
  });

  it.each(['s3://mesh-snapshots', 's3://mesh-snapshots/', 's3://mesh-snapshots/production/eu', 'file:/var/lib/pilotless'])(
    'opens %s',
    (place) => {
      expect(openStore(place)).toBeDefined();
    },
  );

  it.each([
    '',
    'file:',
    's3://',
    's3:mesh-snapshots',
    's3://Mesh',
    's3://mesh-snapshots/a b',
    's3://mesh-snapshots/../other',
    'mesh-snapshots',
  ])('does not take %j for a store', (place) => {
    expect(openStore(place)).toBeUndefined();
  });
});

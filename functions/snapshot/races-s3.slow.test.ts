import { afterAll, beforeAll, describe } from 'vitest';
import { s3Store } from '../../shared/store/s3.ts';
import { isMotoLeftOut } from '../../test/e2e/aws/moto.ts';
import { bucketStartMs, startBucket, type TestBucket } from '../../test/fixtures/bucket.ts';
import { compilerRaces } from '../../test/fixtures/compiler-races.ts';

describe.skipIf(isMotoLeftOut())('two compilers', () => {
  let s3: TestBucket;

  beforeAll(async () => {
    s3 = await startBucket();
  }, bucketStartMs);

  afterAll(() => s3?.stop());

  compilerRaces('S3', 200, async () => {
    const place = s3.newPlace();
    return { store: s3Store(place), other: s3Store(place) };
  });
});

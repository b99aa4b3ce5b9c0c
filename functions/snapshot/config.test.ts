import { describe, expect, it } from 'vitest';
import { readSnapshotSettings } from './config.ts';

const places = { PILOTLESS_STORE: 's3://mesh-snapshots', PILOTLESS_SOURCE: 's3://mesh-snapshots/sources' };

describe('readSnapshotSettings', () => {
  it('needs two places, and has defaults for everything else', () => {
    expect(readSnapshotSettings(places)).toMatchObject({ logLevel: 'info', revision: 'default', tokenSecret: '' });
  });

  it('names everything that is missing or wrong, with an example, each once', () => {
    const read = () => readSnapshotSettings({ PILOTLESS_STORE: 'mesh-snapshots', PILOTLESS_LOG_LEVEL: 'loud' });

    expect(read).toThrow(
      /PILOTLESS_SOURCE is not set: give a store: file:FOLDER or s3:\/\/BUCKET\/FOLDER, for example PILOTLESS_SOURCE=s3:/,
    );
    expect(read).toThrow(
      /^PILOTLESS_LOG_LEVEL=loud is wrong: .*\nPILOTLESS_STORE=mesh-snapshots is wrong: .*\nPILOTLESS_SOURCE is not set: [^\n]*$/,
    );
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, writeBundle } from './bundle.ts';
import { leftOut } from './left-out.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The review in an event file of a function. */
async function reviewFor(name: string): Promise<string> {
  return JSON.parse(await readFile(join(root, `infra/sam/events/${name}.json`), 'utf8')).body;
}

/** Loads a bundle as Lambda does, sends it one event, prints the answer. */
const runner = `
const { handler } = await import(process.argv[1]);
process.stdout.write(JSON.stringify(await handler(JSON.parse(process.argv[2]), {})));
`;

function event(path: string, body: string): string {
  return JSON.stringify({
    version: '2.0',
    rawPath: path,
    rawQueryString: 'timeout=10s',
    headers: { 'content-type': 'application/json' },
    requestContext: { http: { method: 'POST', path, sourceIp: '192.0.2.1' } },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  });
}

describe.each(['inject', 'validate'])('bundle of functions/%s', (name) => {
  let directory = '';
  let review = '';
  let inputs: readonly string[] = [];
  let atStart: readonly string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pilotless-bundle-'));
    review = await reviewFor(name);
    const made = await bundle({ entry: join(root, 'functions', name, 'handler.ts') });
    await writeBundle(made, directory);
    inputs = Object.keys(made.metafile.inputs);
    atStart = Object.keys(made.metafile.outputs['index.mjs']?.inputs ?? {});
  });

  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  /** Under plain Node, far from any node_modules. */
  async function invoke(path: string, body: string) {
    const args = ['--input-type=module', '--eval', runner, join(directory, 'index.mjs'), event(path, body)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: directory, env: { NODE_PATH: '' } });
    const lines = stdout.trimEnd().split('\n');
    return JSON.parse(lines.at(-1) ?? '');
  }

  it('answers a review on its own', async () => {
    const { statusCode, headers, body } = await invoke(`/${name}`, review);

    expect([statusCode, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(JSON.parse(body)).toMatchObject({
      kind: 'AdmissionReview',
      response: { uid: JSON.parse(review).request.uid, allowed: true },
    });
  });

  it('answers what express itself answers without the packages that are left out', async () => {
    expect(await invoke('/other', review)).toMatchObject({ statusCode: 404, body: '404 page not found\n' });
    expect(await invoke(`/${name}//x`, review)).toMatchObject({ statusCode: 307 });
    expect(await invoke(`/${name}`, '')).toMatchObject({ statusCode: 400 });
  });

  it('reads the AWS SDK when it is needed, not at its start', () => {
    expect(atStart.filter((input) => input.includes('node_modules/@aws-sdk/'))).toEqual([]);
  });

  it('holds none of the packages that are left out', () => {
    const packages = inputs.filter((input) =>
      Object.keys(leftOut).some((left) => input.includes(`/node_modules/${left}/`) || input.startsWith(`node_modules/${left}/`)),
    );

    expect(packages).toEqual([]);
  });
});

import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDevelopmentAuthority, issueServingCertificate } from '../shared/ca/development.ts';
import { commandLine } from '../test/fixtures/command-line.ts';

interface Review {
  readonly request: { readonly uid: string };
}

describe('pilotless check', () => {
  let folder: string;
  let caFile: string;
  let server: Server;
  let url: string;
  let status: number;
  let paths: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pilotless-check-'));
    const context = { now: new Date(), crypto: webcrypto };
    const authority = await createDevelopmentAuthority(context);
    const { certificatePem: cert, privateKeyPem: key } = await issueServingCertificate(authority, ['127.0.0.1'], context);
    caFile = join(folder, 'ca.pem');
    await writeFile(caFile, authority.certificatePem);
    server = createServer({ cert, key }, async (request, response) => {
      const { request: admission } = (await json(request)) as Review;
      paths.push(request.url ?? '');
      response.writeHead(status).end(JSON.stringify({ response: { uid: admission.uid, allowed: true } }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    [status, paths] = [200, []];
  });

  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  const check = (...args: readonly string[]) => commandLine('check', ...args);

  it('says that a webhook is all right, without its token', async () => {
    const { exitCode, stdout } = await check('--ca-file', caFile, `${url}/t/token-of-a-mesh/inject`);

    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^ok +https:\/\/127\.0\.0\.1:\d+\/t\/…\/inject: answers in \d+ ms\n$/)]);
    expect(paths).toEqual(['/t/token-of-a-mesh/inject', '/t/token-of-a-mesh/inject']);
  });

  it('says for each URL what is wrong', async () => {
    status = 403;

    const { exitCode, stdout } = await check('--ca-file', caFile, url, 'https://nobody.invalid', 'https://127.0.0.1:9/inject');

    expect(exitCode).toBe(1);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^error .*\/inject: AWS refuses the call \(403\)/),
      expect.stringMatching(/^error .*nobody\.invalid: DNS/),
      expect.stringMatching(/^error .*nobody listens/),
      '',
    ]);
  });

  it('says that API servers do not know the authority', async () => {
    const { exitCode, stdout } = await check(url);

    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('TLS: ')]);
  });

  it.each(['http://web.example', 'web.example', 'https://web.example/inject?a=b', 'https://user@web.example'])(
    'refuses %s',
    async (wrong) => {
      const { exitCode, stderr } = await check(wrong);

      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('API servers')]);
    },
  );
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../shared/observe/log.ts';
import { noMetrics } from '../../shared/observe/metrics.ts';
import { fileStore } from '../../shared/store/file.ts';
import { seeHead } from '../../shared/store/snapshots.ts';
import { node, service, worldOf } from '../../test/fixtures/worlds.ts';
import { snapshotApp } from './app.ts';
import { Publisher } from './publisher.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pilotless-snapshot-'));
});

afterEach(() => rm(folder, { recursive: true }));

function app() {
  const world = () => ({ value: worldOf(service), problems: [] });
  const publisher = new Publisher({ store: fileStore(folder), world, now: () => new Date(0) });
  return snapshotApp({ publisher, log: silentLogger, metrics: noMetrics });
}

const resolve = (body: object | string) =>
  request(app())
    .post('/resolve')
    .set('content-type', 'application/json')
    .send(typeof body === 'string' ? body : JSON.stringify(body));

describe('snapshotApp', () => {
  it('publishes a snapshot with a class for a node that it is asked for, and names both', async () => {
    const { status, body } = await resolve({ node });

    const seen = await seeHead(fileStore(folder));
    expect(status).toBe(200);
    expect(body).toEqual({ result: 'published', manifest: seen.ok && seen.value?.head.stable, class: expect.any(String) });
  });

  it('changes nothing where it is asked again', async () => {
    const first = await resolve({ node });

    expect((await resolve({ node })).body).toEqual({ ...first.body, result: 'unchanged' });
    expect((await request(app()).post('/compile')).body).toMatchObject({ result: 'unchanged', manifest: first.body.manifest });
  });

  it.each(['', '[]', '{', '{"node": 1}', '{"node": {}}'])('refuses %j as a request for a class', async (body) => {
    expect((await resolve(body)).status).toBe(400);
  });

  it('notes which classes are in use, each once a day', async () => {
    const call = (body: object) => request(app()).post('/seen').set('content-type', 'application/json').send(JSON.stringify(body));

    expect((await call({ nodes: [node, { ...node, id: node['id'] }] })).body).toEqual({ seen: 2 });
    expect(await fileStore(folder).list('wanted/1970-01-01/')).toHaveLength(1);
    expect((await call({ nodes: [1] })).status).toBe(400);
  });

  it('knows no other path and no other method', async () => {
    for (const call of [request(app()).get('/compile'), request(app()).get('/resolve'), request(app()).post('/')]) {
      expect(await call).toMatchObject({ status: 404, text: '404 page not found\n' });
    }
  });

  it('says what is wrong with the source', async () => {
    const world = () => Promise.reject(new Error('no bucket'));
    const publisher = new Publisher({ store: fileStore(folder), world, now: () => new Date(0) });

    const { status, text } = await request(snapshotApp({ publisher, log: silentLogger, metrics: noMetrics })).post('/compile');

    expect([status, text]).toEqual([500, 'internal error\n']);
  });
});

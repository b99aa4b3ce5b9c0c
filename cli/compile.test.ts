import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../shared/compile/compile.ts';
import { commandLine } from '../test/fixtures/command-line.ts';
import { sidecar } from '../test/fixtures/kubernetes-world.ts';
import { readProxies, readWorld } from './compile/inputs.ts';

const demo = fileURLToPath(new URL('./demo/mesh', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotless-compile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const proxies =
  'proxies:\n- {name: web, node: {id: "sidecar~10.0.0.1~web-1.library~library.svc.cluster.local", metadata: {NAMESPACE: library}}}\n';

describe('pilotless compile', () => {
  it('writes what each proxy gets, one resource a line', async () => {
    const out = join(folder, 'out');
    const { exitCode, stderr } = await commandLine('compile', '-f', demo, '--proxies', write('proxies.yaml', proxies), '--out', out);
    const lines = readFileSync(join(out, 'web/clusters.json'), 'utf8').trimEnd().split('\n');

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(lines.at(0)).toBe('[');
    expect(lines.at(-1)).toBe(']');
    expect(lines.slice(1, -1).map((line) => JSON.parse(line.replace(/,$/, '')).name)).toContain(
      'outbound|9002|v1|opinions.library.svc.cluster.local',
    );
    expect(JSON.parse(readFileSync(join(out, 'web/secrets-needed.json'), 'utf8'))).toEqual(['ROOTCA', 'default']);
    expect(JSON.parse(readFileSync(join(out, 'web/routes.json'), 'utf8'))).not.toEqual([]);
  });

  it.each<[string[], boolean]>([
    [[], false],
    [['--show-secrets'], true],
  ])('writes private keys only if asked: %j', async (flags, isShown) => {
    const manifests = write(
      'mesh.yaml',
      `{apiVersion: v1, kind: Secret, metadata: {name: c, namespace: shop}, data: {tls.crt: Yw==, tls.key: aw==}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec:
  servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*'], tls: {mode: SIMPLE, credentialName: c}}]
`,
    );
    const edge = write('proxies.yaml', proxies.replace('sidecar~', 'router~').replaceAll('library', 'shop'));
    const out = join(folder, 'out');
    await commandLine('compile', '-f', manifests, '--proxies', edge, '--out', out, ...flags);

    expect(existsSync(join(out, 'web/secrets.json'))).toBe(isShown);
    expect(JSON.parse(readFileSync(join(out, 'web/secrets-needed.json'), 'utf8'))).toContain('kubernetes://c');
  });

  it('reports features that it does not know, and goes on', async () => {
    const features = write('features.json', '{"PILOT_UNHEARD_OF": "true"}');
    const args = ['-f', demo, '--proxies', write('proxies.yaml', proxies), '--features', features, '--out', join(folder, 'out')];

    expect(await commandLine('compile', ...args)).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('PILOT_UNHEARD_OF') });
  });

  it('says which node gets nothing, and why', async () => {
    const path = write('proxies.yaml', 'proxies:\n- {name: w, node: {id: "waypoint~10.0.0.1~w.a~a.svc.cluster.local"}}\n');

    expect(await commandLine('compile', '-f', demo, '--proxies', path, '--out', join(folder, 'out'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('ambient mode is not supported'),
    });
  });

  it('names the flag of a file that cannot be read', async () => {
    const args = ['-f', demo, '--proxies', join(folder, 'missing.yaml'), '--out', join(folder, 'out')];

    expect(await commandLine('compile', ...args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--proxies') });
  });
});

describe('the demo', () => {
  it('has no more classes than workloads', async () => {
    const { value: world } = await readWorld(demo, {});
    const pods = world.objects.filter(({ kind }) => kind === 'Pod');
    const workloads = world.objects.filter(({ kind }) => kind === 'Deployment');
    const nodes = pods.map(({ name, namespace }, index) => sidecar(name, `10.9.0.${index}`, { NAMESPACE: namespace }));

    expect(pods.length).toBeGreaterThan(workloads.length);
    expect(compile(world, nodes).counts.classes).toBeLessThanOrEqual(workloads.length);
  });
});

describe('readProxies', () => {
  it.each([
    ['', 'has no list named proxies'],
    ['proxies: [{name: a}]', 'has a proxy without a name or a node'],
    ['a: [', 'yaml'],
  ])('refuses %j', (text, error) => {
    expect(readProxies(text)).toMatchObject({ ok: false, error: expect.stringContaining(error) });
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postJson, root, ServeProcess } from './serve-process.ts';

const demoReview = await readFile(join(root, 'cli/demo/admission-review.json'), 'utf8');
const ruleReview = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'a-rule',
    kind: { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService' },
    operation: 'CREATE',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'library' },
      spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' } }] }] },
    },
  },
});
const webhookUrl = /webhooks\s+(https:\/\/\S+)/;
const monitoringUrl = /monitoring\s+(http:\/\/\S+)/;

let directory = '';
let running: ServeProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pilotless-serve-'));
});

afterEach(async () => {
  await Promise.all(running.map((process) => process.stop()));
  running = [];
  await rm(directory, { recursive: true });
});

const caPath = () => join(directory, 'data/ca/root-cert.pem');

function serve(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): ServeProcess {
  const process = new ServeProcess(['--data-dir', join(directory, 'data'), ...args], env);
  running.push(process);
  return process;
}

async function urlOf(process: ServeProcess, pattern: RegExp): Promise<string> {
  const [, url = ''] = await process.printed(pattern);
  return url;
}

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;

describe('pilotless serve', () => {
  it('prints within two seconds what runs where and four commands', async () => {
    const timesMs: number[] = [];
    // The fastest of three: the machine of a test run is busy. The first one also makes the CA and fills Node's compile cache.
    for (let run = 0; run < 3; run += 1) {
      const start = performance.now();
      await serve().printed(/Ctrl-C stops it/);
      timesMs.push(performance.now() - start);
    }
    const process = serve();

    expect(Math.min(...timesMs)).toBeLessThan(2000);
    for (const part of [
      webhookUrl,
      monitoringUrl,
      /mesh\s+cli\/demo\/mesh: .*4 Service/,
      /CA\s+\S+root-cert\.pem/,
      /curl --cacert/,
      /xds\s+127.0.0.1:\d+/,
      /npx pilotless inject -f/,
      /npx pilotless try --xds-port \d+/,
      /curl http/,
    ]) {
      await process.printed(part);
    }
  });

  it('answers a review with the printed curl command', async () => {
    const process = serve();
    const [command] = await process.printed(/curl --cacert .*\/inject/);

    const { stdout } = await promisify(execFile)('bash', ['-c', `${command} --silent --show-error`], { cwd: root });

    const { request } = JSON.parse(demoReview);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'AdmissionReview',
      response: { uid: request.uid, allowed: true, patchType: 'JSONPatch' },
    });
  });

  it('prints an inject command that puts sidecars into the demo mesh', async () => {
    const [, args = ''] = await serve().printed(/npx pilotless (inject .*)/);

    const { stdout } = await promisify(execFile)(process.execPath, ['cli/pilotless.ts', ...args.split(' ')], { cwd: root });

    expect(stdout.match(/name: istio-proxy$/gm)).toHaveLength(6);
  });

  it('answers both webhooks over TLS of its own CA', async () => {
    const process = serve();
    const url = await urlOf(process, webhookUrl);

    const asked = { '/inject': demoReview, '/inject/cluster/c1/net/n1': demoReview, '/validate': ruleReview, '/validate/x': ruleReview };
    for (const [path, body] of Object.entries(asked)) {
      const { status, text: answer } = await postJson({ url: `${url}${path}`, caPath: caPath(), body });
      expect([path, status, JSON.parse(answer).response.allowed]).toEqual([path, 200, true]);
    }
    expect(await postJson({ url: `${url}/other`, caPath: caPath(), body: demoReview })).toEqual({
      status: 404,
      text: '404 page not found\n',
    });
  });

  it('speaks HTTP/2, as API servers do, and answers many reviews on one connection', async () => {
    const process = serve();
    const session = connectHttp2(await urlOf(process, webhookUrl), { ca: await readFile(caPath()) });
    const post = async () => {
      const stream = session.request({ ':method': 'POST', ':path': '/inject', 'content-type': 'application/json' });
      stream.end(demoReview);
      return JSON.parse(await text(stream));
    };

    const answers = await Promise.all([post(), post(), post()]);

    for (const answer of answers) expect(answer.response.allowed).toBe(true);
    session.close();
  });

  it('shows readiness, Istio’s metrics and the version', async () => {
    const process = serve();
    const url = await urlOf(process, monitoringUrl);
    await postJson({ url: `${await urlOf(process, webhookUrl)}/inject`, caPath: caPath(), body: demoReview });

    const metrics = await (await fetch(`${url}/metrics`)).text();
    const version = await fetch(`${url}/version`);

    expect((await fetch(`${url}/healthz/ready`)).status).toBe(200);
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect(version.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await version.text()).toMatch(/^\d+\.\d+\.\d+-\w+-\w+$/);
    expect(metrics).toContain('sidecar_injection_requests_total 1');
    expect(metrics).toContain('sidecar_injection_success_total 1');
    expect(metrics).toMatch(/sidecar_injection_time_seconds_bucket\{le="0\.1"\} 1/);
    expect(metrics).toMatch(/istio_build\{component="pilot",tag="\d/);
    expect(metrics).toContain('process_cpu_seconds_total');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 on %s, also with an idle connection open', async (signal) => {
    const process = serve();
    const url = await urlOf(process, monitoringUrl);
    await (await fetch(`${url}/version`, { keepalive: true })).text();

    process.signal(signal);
    const { code, stderr } = await process.ended();

    expect([code, stderr]).toEqual([0, '']);
  });

  it('logs JSON lines and nothing else with --json', async () => {
    const process = serve(['--json']);
    await process.printed(/"message":"ready"/);
    process.signal('SIGINT');

    const { stdout } = await process.ended();

    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records[0]).toMatchObject({
      level: 'info',
      message: 'ready',
      webhooks: expect.stringMatching(/^https:/),
      monitoring: expect.stringMatching(/^http:/),
    });
    expect(records.at(-1)).toMatchObject({ message: 'stopped' });
  });
});

describe('pilotless serve --from', () => {
  it('keeps the last good state of a file that breaks while running', async () => {
    const file = join(directory, 'mesh.yaml');
    await writeFile(file, service('a'));
    const process = serve(['--from', file]);
    await process.printed(/mesh\.yaml: 1 Service/);

    await writeFile(file, 'kind: [');
    await process.printed(/✗ .*mesh\.yaml.*line 1/);
    await process.printed(/the last good state stays/);
    await writeFile(file, service('b'));

    await process.printed(/changed files are taken over/);
  });

  it('keeps the injection settings of a values file that breaks while running', async () => {
    const file = join(directory, 'values.yaml');
    await writeFile(file, 'global:\n  hub: registry.example.com\n');
    const process = serve(['--valuesFile', file]);
    const url = await urlOf(process, webhookUrl);
    const image = async () => {
      const { text: answer } = await postJson({ url: `${url}/inject`, caPath: caPath(), body: demoReview });
      return Buffer.from(JSON.parse(answer).response.patch, 'base64')
        .toString()
        .match(/"image":"(registry\.\w+\.com)/)?.[1];
    };
    expect(await image()).toBe('registry.example.com');

    await writeFile(file, 'global: [');
    await process.printed(/the last good state stays/);
    expect(await image()).toBe('registry.example.com');
    await writeFile(file, 'global:\n  hub: registry.other.com\n');
    await process.printed(/changed files are taken over/);

    expect(await image()).toBe('registry.other.com');
  });
});

describe('pilotless serve that cannot start', () => {
  async function refusal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, stdout, stderr } = await serve(args, env).ended();
    expect([code, stdout]).toEqual([2, '']);
    return stderr;
  }

  it('names the taken port and the flag for another one', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';

    const stderr = await refusal(['--monitoring-port', port]);

    taken.close();
    expect(stderr).toBe(
      `pilotless: port ${port} on 127.0.0.1 (monitoring) cannot be opened: another process has it; stop that one or choose another port with --monitoring-port (0 takes any free one)\n`,
    );
  });

  it('names the missing folder and its flag', async () => {
    expect(await refusal(['--from', '/no/such/folder'])).toBe(
      'pilotless: /no/such/folder does not exist; give a folder or a file of Kubernetes YAML with --from\n',
    );
  });

  it('names file and line of broken YAML', async () => {
    await writeFile(join(directory, 'mesh.yaml'), `${service('a')}---\nkind: [\n`);

    expect(await refusal(['--from', directory])).toMatch(/^pilotless: \S+mesh\.yaml: document from line 6: .*\n$/);
  });

  it('names a missing settings file', async () => {
    expect(await refusal(['--valuesFile', '/no/values.yaml'])).toMatch(/^pilotless: \/no\/values\.yaml cannot be read .* --valuesFile\n$/);
  });

  const variables = [
    {
      env: { PILOTLESS_LOG_LEVEL: 'loud' },
      says: 'PILOTLESS_LOG_LEVEL=loud is wrong: give debug or info or warn or error, for example PILOTLESS_LOG_LEVEL=info',
    },
    {
      env: { PILOTLESS_WEBHOOKPORT: '1' },
      says: 'PILOTLESS_WEBHOOKPORT is no setting: did you mean PILOTLESS_WEBHOOK_PORT, a port, 0 (any free one) to 65535, for example PILOTLESS_WEBHOOK_PORT=15017?',
    },
    {
      env: { ENABLE_NATIVE_SIDECARS: 'maybe' },
      says: 'ENABLE_NATIVE_SIDECARS=maybe is wrong: give auto or true or false, for example ENABLE_NATIVE_SIDECARS=auto',
    },
  ];
  it.each(variables)('explains the variable: $says', async ({ env, says }) => {
    expect(await refusal([], env as unknown as Record<string, string>)).toContain(says);
  });

  it.each([
    [['--webhook-port', 'many'], 'give a port, 0 to 65535'],
    [['--webhok-port', '1'], '(Did you mean --webhook-port?)'],
    [['stray'], 'too many arguments'],
  ])('explains wrong usage %j in one line', async (args, says) => {
    const stderr = await refusal(args);

    expect(stderr).toContain(says);
    expect(stderr.split('\n')).toHaveLength(2);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../test/fixtures/command-line.ts';

const url = 'https://abc.lambda-url.eu-central-1.on.aws';
const token = '0123456789abcdef';

interface Installed {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly webhooks?: readonly { readonly clientConfig: object; readonly failurePolicy: string; readonly timeoutSeconds: number }[];
}

async function installed(...flags: readonly string[]): Promise<readonly Installed[]> {
  const { stdout, stderr, exitCode } = await commandLine('install', '--inject-url', url, '-o', 'json', ...flags);
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout).items;
}

function webhooksOf(objects: readonly Installed[], kind: string): NonNullable<Installed['webhooks']> {
  return objects.find((object) => object.kind === kind)?.webhooks ?? [];
}

describe('pilotless install', () => {
  it('lets the API server call the functions below the path of their token', async () => {
    const objects = await installed(
      '--validate-url',
      'https://def.example.com/',
      '--token',
      token,
      '--cluster',
      'blue one',
      '--network',
      'n1',
    );

    const [inject] = webhooksOf(objects, 'MutatingWebhookConfiguration');
    const [validate] = webhooksOf(objects, 'ValidatingWebhookConfiguration');
    expect(inject?.clientConfig).toEqual({ url: `${url}/t/${token}/inject/cluster/blue%20one/net/n1` });
    expect(validate?.clientConfig).toEqual({ url: `https://def.example.com/t/${token}/validate` });
  });

  it('says what happens when nobody answers, for each webhook', async () => {
    const objects = await installed();

    expect(webhooksOf(objects, 'MutatingWebhookConfiguration').map((webhook) => [webhook.failurePolicy, webhook.timeoutSeconds])).toEqual(
      Array.from({ length: 4 }, () => ['Fail', 5]),
    );
    expect(webhooksOf(objects, 'ValidatingWebhookConfiguration').map((webhook) => [webhook.failurePolicy, webhook.timeoutSeconds])).toEqual(
      [
        ['Fail', 5],
        ['Fail', 5],
        ['Ignore', 2],
      ],
    );
  });

  it('names the objects of a revision after it, so that revisions stand side by side', async () => {
    const names = (objects: readonly Installed[]) => objects.filter(({ webhooks }) => webhooks).map(({ metadata }) => metadata.name);

    expect(names(await installed())).toEqual(['pilotless-sidecar-injector', 'pilotless-validator']);
    expect(names(await installed('--revision', 'canary'))).toEqual(['pilotless-sidecar-injector-canary', 'pilotless-validator-canary']);
  });

  it('trusts a private authority only if told to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pilotless-install-'));
    const file = join(folder, 'ca.pem');
    await writeFile(file, 'PEM');

    const [webhook] = webhooksOf(await installed('--ca-file', file), 'MutatingWebhookConfiguration');

    expect(webhook?.clientConfig).toEqual({ url: `${url}/inject`, caBundle: Buffer.from('PEM').toString('base64') });
    await rm(folder, { recursive: true });
  });

  it('explains each object instead of printing it', async () => {
    const { stdout } = await commandLine('install', '--inject-url', url, '--dry-run', '--failure-policy', 'Ignore');

    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(4);
    expect(stdout).toContain('without an answer within 5 s the pod is taken as it is (failurePolicy Ignore)');
  });

  it.each([
    ['http://abc.example.com', 'give an https URL'],
    ['https://user@abc.example.com', 'without user, query and fragment'],
    ['https://abc.example.com?x=1', 'without user, query and fragment'],
    ['abc', 'give an https URL'],
  ])('refuses %s, which no API server would call', async (wrong, message) => {
    expect(await commandLine('install', '--inject-url', wrong)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});

describe('pilotless uninstall', () => {
  it('names what install made for that revision, and leaves what others share', async () => {
    const { stdout } = await commandLine('uninstall', '--revision', 'canary', '-o', 'json');

    expect(JSON.parse(stdout).items.map(({ metadata }: Installed) => metadata)).toEqual([
      { name: 'pilotless-sidecar-injector-canary' },
      { name: 'pilotless-validator-canary' },
    ]);
  });

  it('takes the role too when all shall go', async () => {
    const { stdout } = await commandLine('uninstall', '--purge', '-o', 'json');

    expect(JSON.parse(stdout).items.map(({ kind }: Installed) => kind)).toContain('ClusterRole');
  });
});

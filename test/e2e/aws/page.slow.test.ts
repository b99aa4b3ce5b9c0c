import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isTerraformLeftOut } from '../../infra/terraform.ts';
import { root } from '../serve-process.ts';

const page = await readFile(new URL('../../../docs/aws.md', import.meta.url), 'utf8');

interface Block {
  readonly needsTerraform: boolean;
  readonly script: string;
}

/** Blocks of the page that need no account, in their order. */
const blocks: readonly Block[] = [...page.matchAll(/^```sh no-account(?<what>.*)\n(?<script>[\s\S]*?)^```$/gm)].map(({ groups = {} }) => ({
  needsTerraform: groups['what']?.includes('terraform') === true,
  script: groups['script'] ?? '',
}));

const withoutTerraform = isTerraformLeftOut();

describe('docs/aws.md', () => {
  it('has commands that need no account', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(5);
  });

  it('has commands that work as they stand there, one after the other in one shell', async () => {
    const lines = blocks.filter(({ needsTerraform }) => !needsTerraform || !withoutTerraform).map(({ script }) => script);
    const script = ['set -euo pipefail', ...lines, 'cat .pilotless/webhooks.yaml'].join('\n');

    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: root, maxBuffer: 64 * 2 ** 20 });

    expect(stdout).toContain('inject at its start');
    expect(stdout).toMatch(/^MutatingWebhookConfiguration \S+: /m);
    expect(stdout).toContain('https://abc.lambda-url.eu-central-1.on.aws/t/replace-me-by-the-token-of-step-2/inject');
    expect(stdout).toContain('kind: ValidatingWebhookConfiguration');
    if (!withoutTerraform) expect(stdout).toMatch(/\d+ passed, 0 failed/);
  });

  it('names only files that there are', async () => {
    const links = [...page.matchAll(/\]\((?<path>[^)#]+)\)/g)].map(({ groups = {} }) => groups['path'] ?? '');
    const files = [...page.matchAll(/(?:^|[ `])(?<path>(?:infra|test)\/[\w./-]+\.\w+)/gm)].map(({ groups = {} }) => `../${groups['path']}`);

    for (const path of [...links, ...files])
      await expect(readFile(new URL(path, new URL('../../../docs/', import.meta.url)))).resolves.toBeDefined();
  });
});

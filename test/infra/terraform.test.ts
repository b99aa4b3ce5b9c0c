// What Terraform itself can say of the module without a provider: form, the rules of its sub-module, and that it installs what the command line prints.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../fixtures/command-line.ts';
import { changeFile } from './change-file.ts';
import { isTerraformLeftOut, moduleFolder, type Outcome, terraform, withModuleCopy } from './terraform.ts';

const token = '0123456789abcdef';
const urls = { inject_url: 'https://abc.lambda-url.eu-central-1.on.aws', validate_url: 'https://def.lambda-url.eu-central-1.on.aws' };

async function logicTest(folder: string): Promise<Outcome> {
  const logic = join(folder, 'logic');
  await terraform(logic, 'init', '-input=false', '-no-color');
  return terraform(logic, 'test', '-no-color');
}

describe.skipIf(isTerraformLeftOut())('the Terraform module', () => {
  it('is formatted', async () => {
    expect(await terraform(moduleFolder, 'fmt', '-check', '-recursive')).toMatchObject({ code: 0 });
  });

  it('is not formatted if somebody moves a brace', async () => {
    const outcome = await withModuleCopy(async (folder) => {
      await changeFile(folder, 'token.tf', (text) => text.replace('  length  = 32', 'length = 32'));
      return terraform(folder, 'fmt', '-check', '-recursive');
    });

    expect(outcome.code).not.toBe(0);
  });

  it('keeps its rules', async () => {
    expect(await withModuleCopy(logicTest)).toMatchObject({ code: 0, stdout: expect.stringContaining(' 0 failed') });
  });

  it.each([
    { broken: 'kube-system is asked about', edit: (text: string) => text.replace(', "kube-system"', '') },
    { broken: 'the bypass label does nothing', edit: (text: string) => text.replace('"pilotless.io/bypass"', '"pilotless.io/other"') },
    { broken: 'another revision takes all pods', edit: (text: string) => text.replace(' if selection.for_all || local.is_default', '') },
    { broken: 'the token is left out', edit: (text: string) => text.replace('/t/$' + '{var.token}', '') },
    { broken: 'pods start without their sidecar', edit: (text: string) => text.replace('= var.failure_policy', '= "Ignore"') },
  ])('is not taken when $broken', async ({ edit }) => {
    const outcome = await withModuleCopy(async (folder) => {
      await changeFile(folder, 'logic/webhooks.tf', edit);
      return logicTest(folder);
    });

    expect(outcome.code).not.toBe(0);
  });

  it.each(['default', 'canary'])('installs what `pilotless install --revision %s` prints', async (revision) => {
    const variables = {
      ...urls,
      token,
      revision,
      name: 'mesh',
      bucket: 'mesh-config',
      token_secret_arn: 'arn:aws:secretsmanager:::secret:mesh',
    };

    const outputs = await withModuleCopy(async (folder) => {
      const logic = join(folder, 'logic');
      await writeFile(join(logic, 'terraform.tfvars.json'), JSON.stringify(variables));
      await terraform(logic, 'init', '-input=false');
      expect(await terraform(logic, 'apply', '-auto-approve', '-input=false', '-no-color')).toMatchObject({ code: 0 });
      return JSON.parse((await terraform(logic, 'output', '-json')).stdout);
    });
    const flags = ['--inject-url', urls.inject_url, '--validate-url', urls.validate_url, '--token', token, '--revision', revision];
    const { stdout } = await commandLine('install', ...flags, '-o', 'json');

    const [, , injection, validation] = JSON.parse(stdout).items;
    expect(outputs.injection.value).toEqual(injection);
    expect(outputs.validation.value).toEqual(validation);
  });
});

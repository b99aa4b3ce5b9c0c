import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeFile } from './change-file.ts';
import { checkSam, isSamLeftOut, samFolder } from './sam.ts';

const installMs = 240_000;

describe.skipIf(isSamLeftOut())('infra/sam/template.yaml', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pilotless-sam-'));
    await cp(samFolder, folder, { recursive: true });
  });

  afterEach(() => rm(folder, { recursive: true }));

  it(
    'becomes CloudFormation in which nothing is wrong',
    async () => {
      expect(await checkSam(folder)).toMatchObject({ code: 0, stdout: '' });
    },
    installMs,
  );

  it(
    'gives both grants that a public function URL needs',
    async () => {
      await checkSam(folder);

      const { Resources: resources } = JSON.parse(await readFile(join(folder, 'cloudformation.json'), 'utf8'));
      const grants = Object.values<{ Type: string; Properties: Record<string, unknown> }>(resources)
        .filter(({ Type: type }) => type === 'AWS::Lambda::Permission')
        .map(({ Properties: { Action: action, FunctionName: name, InvokedViaFunctionUrl: isThroughUrl } }) => [name, action, isThroughUrl]);
      for (const name of ['Inject', 'Validate']) {
        expect(grants).toContainEqual([{ Ref: name }, 'lambda:InvokeFunctionUrl', undefined]);
        expect(grants).toContainEqual([{ Ref: name }, 'lambda:InvokeFunction', true]);
      }
      expect(grants.filter(([name]) => JSON.stringify(name).includes('Snapshot'))).toEqual([]);
    },
    installMs,
  );

  const broken = [
    { what: 'a runtime that Lambda does not have', from: 'nodejs24.x', to: 'nodejs23.x', says: 'nodejs23.x' },
    { what: 'a log group that nobody declares', from: '!Ref InjectLog', to: '!Ref InjectLogs', says: 'InjectLogs' },
    { what: 'an attribute that a bucket does not have', from: '!GetAtt Store.Arn', to: '!GetAtt Store.Name', says: 'Name' },
    { what: 'a kind of URL that there is not', from: 'AuthType: NONE', to: 'AuthType: ANY', says: 'AuthType' },
    { what: 'a property that a bucket does not have', from: 'VersioningConfiguration', to: 'Versioning', says: 'Versioning' },
  ];
  it.each(broken)(
    'is refused with $what',
    async ({ from, to, says }) => {
      await changeFile(folder, 'template.yaml', (text) => text.replace(from, to));

      const { code, stdout, stderr } = await checkSam(folder);

      expect(code).not.toBe(0);
      expect(`${stdout}${stderr}`).toContain(says);
    },
    installMs,
  );
});

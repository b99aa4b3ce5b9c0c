// What others say of the module: checkov of its safety, the provider's own schema of its arguments.
import { describe, expect, it } from 'vitest';
import { changeFile } from './change-file.ts';
import { checkov, isCheckovLeftOut, resourcesOf } from './checkov.ts';
import { schemaProblems } from './provider-schema.ts';
import { moduleFolder, withModuleCopy } from './terraform.ts';

async function problemsOf(folder: string): Promise<readonly string[]> {
  const resources = await resourcesOf(folder);
  return schemaProblems(resources.filter(({ type }) => type.startsWith('aws_')));
}

describe.skipIf(isCheckovLeftOut())('the Terraform module', () => {
  it('has no finding that is not explained where it is', async () => {
    expect(await checkov(moduleFolder)).toMatchObject({ code: 0, stdout: expect.stringContaining('Failed checks: 0') });
  });

  it.each([
    {
      broken: 'the bucket may become public',
      file: 'store.tf',
      from: 'restrict_public_buckets = true',
      to: 'restrict_public_buckets = false',
    },
    { broken: 'an explanation is taken out', file: 'functions.tf', from: '#checkov:skip=CKV_AWS_301:', to: '# ' },
    {
      broken: 'a flood has no limit',
      file: 'functions.tf',
      from: '  reserved_concurrent_executions = module.logic.functions[each.key].concurrency\n',
      to: '',
    },
  ])('has a finding when $broken', async ({ file, from, to }) => {
    const outcome = await withModuleCopy(async (folder) => {
      await changeFile(folder, file, (text) => text.replace(from, to));
      return checkov(folder);
    });

    expect(outcome.code).not.toBe(0);
  });

  it('uses only arguments that the provider has, and all that it wants', async () => {
    expect(await problemsOf(moduleFolder)).toEqual([]);
  });

  it.each([
    {
      broken: 'an argument is misspelt',
      file: 'functions.tf',
      from: 'memory_size ',
      to: 'memory_sise ',
      problem: 'aws_lambda_function.function: there is no memory_sise',
    },
    {
      broken: 'an argument is missing',
      file: 'functions.tf',
      from: '  principal              = "*"\n',
      to: '',
      problem: 'aws_lambda_permission.url: principal is missing',
    },
    {
      broken: 'a block has a wrong argument',
      file: 'functions.tf',
      from: 'log_format',
      to: 'log_form',
      problem: 'aws_lambda_function.function.logging_config: there is no log_form',
    },
    {
      broken: 'a resource does not exist',
      file: 'store.tf',
      from: '"aws_s3_bucket_policy"',
      to: '"aws_s3_bucket_polizy"',
      problem: 'aws_s3_bucket_polizy.store: the provider has no such resource',
    },
  ])('is refused when $broken', async ({ file, from, to, problem }) => {
    const problems = await withModuleCopy(async (folder) => {
      await changeFile(folder, file, (text) => text.replace(from, to));
      return problemsOf(folder);
    });

    expect(problems).toContain(problem);
  });
});

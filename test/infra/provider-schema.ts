import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onceInCache, toolCache } from '../e2e/python-program.ts';
import { outcomeOf } from './terraform.ts';

const run = promisify(execFile);

/** Holds the arguments of every resource of the provider as TypeScript; nothing else that can be had without the provider does. Of provider 6.25.0. */
const schemaPackage = { name: '@cdktf/provider-aws', version: '21.22.1' } as const;

/** Arguments that came later. */
const newerThanSchema: Readonly<Record<string, readonly string[]>> = {
  // 6.42: https://github.com/hashicorp/terraform-provider-aws/issues/44829
  aws_lambda_permission: ['invoked_via_function_url'],
};

/** A block as the HCL parser gives it: arguments, and lists of blocks. */
type Block = Readonly<Record<string, unknown>>;

export interface ResourceBlock {
  readonly type: string;
  readonly name: string;
  readonly body: Block;
}

interface Argument {
  readonly required: boolean;
  /** Name of the interface that describes it, if it is a block. */
  readonly block: string | undefined;
}

type Interfaces = ReadonlyMap<string, ReadonlyMap<string, Argument>>;

/** What the provider would refuse of resources: arguments that it does not know, and those that are missing. */
export async function schemaProblems(resources: readonly ResourceBlock[]): Promise<readonly string[]> {
  const interfaces = await interfacesOf(new Set(resources.map(({ type }) => type)));
  return resources.flatMap((resource) => resourceProblems(resource, interfaces));
}

function resourceProblems({ type, name, body }: ResourceBlock, interfaces: Interfaces): readonly string[] {
  const path = `${type}.${name}`;
  const described = configNames(type).find((config) => interfaces.has(config));
  if (described === undefined) return [`${path}: the provider has no such resource`];
  return blockProblems({ block: body, interfaces, described, path, allowed: newerThanSchema[type] ?? [] });
}

/** The package puts an A where a name would mean something else to it. */
function configNames(type: string): readonly string[] {
  const resource = camelCase(type.slice('aws_'.length), true);
  return [`${resource}Config`, `${resource}AConfig`];
}

interface Place {
  readonly block: Block;
  readonly interfaces: Interfaces;
  readonly described: string;
  readonly path: string;
  readonly allowed: readonly string[];
}

/** What Terraform itself gives a meaning to. */
const metaArguments: ReadonlySet<string> = new Set(['count', 'for_each', 'depends_on', 'lifecycle', 'provider', 'dynamic']);

function blockProblems({ block, interfaces, described, path, allowed }: Place): readonly string[] {
  const known = interfaces.get(described) ?? new Map<string, Argument>();
  const given = Object.keys(block).filter((key) => !key.startsWith('__') && !metaArguments.has(key));
  const missing = [...known].filter(([key, argument]) => argument.required && !given.some((name) => camelCase(name) === key));
  return [
    ...missing.map(([key]) => `${path}: ${key} is missing`),
    ...given.flatMap((name) => {
      const argument = known.get(camelCase(name));
      if (argument === undefined) return allowed.includes(name) ? [] : [`${path}: there is no ${name}`];
      const below = argument.block;
      if (below === undefined || !interfaces.has(below)) return [];
      return blocksOf(block[name]).flatMap((inner) =>
        blockProblems({ block: inner, interfaces, described: below, path: `${path}.${name}`, allowed: [] }),
      );
    }),
  ];
}

function blocksOf(value: unknown): readonly Block[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (item): item is Block => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
}

function camelCase(name: string, upper = false): string {
  const camel = name.replaceAll(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
  return upper ? camel.charAt(0).toUpperCase() + camel.slice(1) : camel;
}

async function interfacesOf(types: ReadonlySet<string>): Promise<Interfaces> {
  const files = [...types].map((type) => `package/lib/${type.slice('aws_'.length).replaceAll('_', '-')}/index.d.ts`);
  // A file that is not there makes it fail after it has printed the others.
  const { stdout } = await outcomeOf('tar', ['xzf', await schemaArchive(), '-O', ...files], toolCache());
  return parseInterfaces(stdout);
}

async function schemaArchive(): Promise<string> {
  const { name, version } = schemaPackage;
  const archive = join(toolCache(), `${name.replaceAll(/[@/]/g, '-').slice(1)}-${version}.tgz`);
  await onceInCache({
    lock: `${archive}.lock`,
    isDone: async () => (await readFile(archive).catch(() => undefined)) !== undefined,
    make: async () => {
      await run('npm', ['pack', `${name}@${version}`, '--pack-destination', toolCache()], { cwd: toolCache() });
    },
  });
  return archive;
}

const interfaceForm = /export interface (\w+)(?: extends [\w.]+)? \{([\s\S]*?)\n\}/g;
const memberForm = /readonly (\w+)(\??): ([^;]+);/g;

function parseInterfaces(source: string): Interfaces {
  return new Map([...source.matchAll(interfaceForm)].map(([, name = '', body = '']) => [name, parseMembers(body)]));
}

function parseMembers(body: string): ReadonlyMap<string, Argument> {
  return new Map(
    [...body.matchAll(memberForm)].map(([, name = '', optional, type = '']) => [
      name,
      { required: optional === '', block: /^\w+/.exec(type.replace('(', ''))?.[0] },
    ]),
  );
}

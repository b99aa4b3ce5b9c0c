import { Command } from 'commander';
import { decodeTag, encodeTag, revisionKey, tagKey } from '../shared/inject/stored-config.ts';
import { ControlPlaneError } from '../shared/lib/error.ts';
import { replaceHead } from '../shared/store/replace.ts';
import type { Store } from '../shared/store/store.ts';
import { storeOption } from './store-option.ts';

/** `pilotless tag`: names that stand for revisions, as in `istioctl tag`. */
export function tagCommand(): Command {
  const set = new Command('set')
    .description('let a tag stand for a revision')
    .argument('<TAG>')
    .requiredOption('-r, --revision <NAME>', 'revision that it stands for')
    .option('--overwrite', 'let it stand for another revision than before')
    .addOption(storeOption())
    .action(setTag);
  const list = new Command('list').description('show tags and their revisions').addOption(storeOption()).action(listTags);
  return new Command('tag').description('names that stand for revisions (label istio.io/rev)').addCommand(set).addCommand(list);
}

interface SetFlags {
  readonly store: Store;
  readonly revision: string;
  readonly overwrite?: true;
}

async function setTag(tag: string, { store, revision, overwrite }: SetFlags): Promise<void> {
  if ((await store.read(revisionKey(revision))).kind !== 'found') {
    throw new ControlPlaneError(
      'not-found',
      `there is no revision ${revision} in the store; store it with pilotless config put --revision ${revision}`,
    );
  }
  const before = await revisionOf(store, tag);
  if (before !== undefined && before !== revision && !overwrite) {
    throw new ControlPlaneError('conflict', `tag ${tag} stands for revision ${before}; give --overwrite to change that`);
  }
  await replaceHead(store, tagKey(tag), encodeTag(revision));
  process.stdout.write(`tag ${tag} stands for revision ${revision}\n`);
}

async function listTags({ store }: { readonly store: Store }): Promise<void> {
  const prefix = tagKey('');
  const tags = (await store.list(prefix)).map((key) => key.slice(prefix.length));
  const lines = await Promise.all(tags.map(async (tag) => `${tag}\t${(await revisionOf(store, tag)) ?? '(unreadable)'}\n`));
  process.stdout.write(lines.length === 0 ? 'no tags\n' : lines.join(''));
}

async function revisionOf(store: Store, tag: string): Promise<string | undefined> {
  const stored = await store.read(tagKey(tag));
  const decoded = stored.kind === 'found' ? decodeTag(stored.bytes) : undefined;
  return decoded?.ok ? decoded.value : undefined;
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invariant } from '../../shared/lib/error.ts';

/** Breaks a file of a copy; an edit that changes nothing would prove nothing. */
export async function changeFile(folder: string, file: string, edit: (text: string) => string): Promise<void> {
  const path = join(folder, file);
  const before = await readFile(path, 'utf8');
  const after = edit(before);
  invariant(after !== before, `the edit of ${file} changes something`);
  await writeFile(path, after);
}

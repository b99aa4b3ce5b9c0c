/** What every conformance suite gives: rows that can be compared one by one. */
export interface Suite {
  readonly name: string;
  /** Folder below the recordings. */
  readonly folder: string;
  /** All rows of a folder of recordings. Reads files, compares nothing yet. */
  rows(folder: string): readonly Row[];
}

export interface Row {
  /** Unique in its suite. */
  readonly id: string;
  readonly tags: readonly string[];
  /** Undefined if ours equals the recording, else what differs, first things first. */
  compare(): Promise<string | undefined>;
}

export interface Score {
  readonly suite: string;
  readonly matched: number;
  readonly total: number;
  readonly tags: Readonly<Record<string, { readonly matched: number; readonly total: number }>>;
  readonly different: readonly { readonly id: string; readonly difference: string }[];
}

/** Compares all rows, one after the other, so that a difference in one never hides in another's output. */
export async function score(suite: string, rows: readonly Row[]): Promise<Score> {
  const tags: Record<string, { matched: number; total: number }> = {};
  const different: { id: string; difference: string }[] = [];
  for (const row of rows) {
    const difference = await compareSafely(row);
    if (difference !== undefined) different.push({ id: row.id, difference });
    for (const tag of row.tags) {
      tags[tag] ??= { matched: 0, total: 0 };
      const count = tags[tag];
      count.total += 1;
      if (difference === undefined) count.matched += 1;
    }
  }
  return { suite, matched: rows.length - different.length, total: rows.length, tags, different };
}

async function compareSafely(row: Row): Promise<string | undefined> {
  try {
    return await row.compare();
  } catch (caught) {
    return `threw ${caught instanceof Error ? (caught.stack ?? caught.message) : String(caught)}`;
  }
}

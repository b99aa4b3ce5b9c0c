/**
 * Two things that libyaml, and so Kubernetes, allows and js-yaml 5 refuses as "deficient indentation": flow collections and quoted texts that go on
 * at the column of their parent, and tabs between the parts of a flow collection.
 */

import type { YAMLException } from 'js-yaml';

/** The same document with other blanks in the line at which the parser stopped; undefined if that was for another reason. */
export function mendBlanks(source: string, { reason, mark }: YAMLException): string | undefined {
  if (reason !== 'deficient indentation' || !mark) return undefined;
  const start = mark.position - mark.column;
  const before = source.slice(0, start);
  const read = source.slice(start, mark.position);
  if (read.trim() === '') return before + ' '.repeat(deepestColumn(before)) + source.slice(start);
  const mended = withoutTabs(read);
  return mended === read ? undefined : before + mended + source.slice(mark.position);
}

const blockIndents = /(?<=^|[\n\r])[-? ]*/g;

/** Blocks begin at or before that column: nothing but blanks and indicators stands in front of them. */
function deepestColumn(text: string): number {
  return (text.match(blockIndents) ?? []).reduce((deepest, { length }) => Math.max(deepest, length + 1), 1);
}

const separatingTabs = /(?<=[:,[\]{}?-][ \t]*)\t|\t(?=[ \t]*(?:[,\]}]|$))/g;
const quotes = /["']/;

/** Inside of quotes a tab is text; lines with quotes stay as they are. */
function withoutTabs(line: string): string {
  return quotes.test(line) ? line : line.replace(separatingTabs, ' ');
}

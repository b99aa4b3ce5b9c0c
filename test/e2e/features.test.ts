import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { features } from './features.ts';
import { testTitles } from './titles.ts';

interface Row {
  readonly feature: string;
  readonly file: string;
  readonly title: string;
}

const folder = new URL('mesh/', import.meta.url);
const titles = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => [file, testTitles(file, readFileSync(new URL(file, folder), 'utf8'))]),
);
const rows = rowsOf(readFileSync(new URL('README.md', import.meta.url), 'utf8'));

/** Cells of the rows that name a file, without what lays them out. */
function rowsOf(text: string): readonly Row[] {
  return text.split('\n').flatMap((line) => {
    const [, feature = '', file = '', title = ''] = line.split('|').map((cell) => cell.trim());
    return file.startsWith('`') ? [{ feature, file: file.replaceAll('`', ''), title }] : [];
  });
}

it('each row of README.md names a test that there is', () => {
  expect(rows.filter(({ file, title }) => titles.get(file)?.includes(title) !== true)).toEqual([]);
});

it('each feature has one row', () => {
  expect(rows.map(({ feature }) => feature)).toEqual(features);
  expect(new Set(features).size).toBe(features.length);
});

it('titles are those of tests that run, as they stand', () => {
  const source = `
    it('runs', () => {});
    it.each([1])('runs with %s', () => {});
    it.skip('does not run', () => {});
    it.todo('is not there');
    describe('is no test', () => {});
    it(title, () => {});
    // it('is a comment', () => {});
  `;

  expect(testTitles('source.ts', source)).toEqual(['runs', 'runs with %s']);
});

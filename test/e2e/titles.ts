import { parseSync, Visitor } from 'oxc-parser';

/** Titles of the tests in a source that run: those of `it` and `it.each` that are plain texts, not of `it.skip` and `it.todo`. */
export function testTitles(path: string, text: string): readonly string[] {
  const titles: string[] = [];
  new Visitor({
    CallExpression({ callee, arguments: [title] }) {
      if (title?.type !== 'Literal' || typeof title.value !== 'string') return;
      const isPlain = callee.type === 'Identifier' && callee.name === 'it';
      const isEach = callee.type === 'CallExpression' && text.slice(callee.callee.start, callee.callee.end) === 'it.each';
      if (isPlain || isEach) titles.push(title.value);
    },
  }).visit(parseSync(path, text).program);
  return titles;
}

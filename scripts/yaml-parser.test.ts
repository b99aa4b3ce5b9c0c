import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as jsYaml from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { yamlParser } from './yaml-parser.ts';

const published = await readFile(fileURLToPath(import.meta.resolve('js-yaml')), 'utf8');
const parser: typeof jsYaml = await import(`data:text/javascript,${encodeURIComponent(yamlParser(published))}`);

/** Everything that the parser tells of a text, or why it refuses it. */
function told({ parseEvents, getScalarValue, EVENT_ID, YAMLException }: typeof jsYaml, text: string): unknown {
  try {
    return parseEvents(text, { maxDepth: 10 }).map((event) =>
      event.type === EVENT_ID.SCALAR ? [event, getScalarValue(text, event)] : event,
    );
  } catch (caught) {
    return caught instanceof YAMLException ? caught.message : caught;
  }
}

describe('yamlParser', () => {
  it.each([
    "a: [b, \"c\\u00e9\\\n  d\", 'e''f\n\n  g', {h: i, ? j : k}]",
    'a: |2-\n   b\n\n  c\nd: >+\n  e\n   f\n\n  g\n',
    '%YAML 1.2\n%TAG !e! tag:e,2000:\n--- !e!f\n- &g !!str h\n- *g\n- !<tag:i> j\n...\nk',
    '? a\n: - b\n  -\n? [c]\n: d: e\n',
    '- - a\n  # b\n  - c # d\n',
    'plain\n  text\n\n  on lines',
    'a: "b',
    "a: 'b",
    'a: [b',
    'a:\n  b: c: d',
    '\ta: b',
    'a: @b',
    'a: !x!b c',
    'a: "\\q"',
    'a: \0',
    'a: \u0007',
    '[[[[[[[[[[[[a]]]]]]]]]]]]',
  ])('tells of %j what js-yaml tells', (text) => {
    expect(told(parser, text)).toEqual(told(jsYaml, text));
  });

  it('refuses a file of another layout', () => {
    expect(() => yamlParser('export const load = 1;')).toThrow('js-yaml has no region src/common/snippet.ts');
  });
});

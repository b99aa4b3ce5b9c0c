// js-yaml is one file. We read its events and leave the rest of it: schemas, tags, constructor and writer, half of its size, which esbuild cannot
// tell from what is used.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The source files that the parser of events is made of; each is a region of the published file. */
const regions = ['common/snippet', 'common/exception', 'parser/events', 'parser/parser_scalar', 'parser/parser'];
const exported = 'CHOMPING_MODE, COLLECTION_STYLE, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException';

/** Only the parser of js-yaml's published module. Throws if that is laid out in another way. */
export function yamlParser(published: string): string {
  const parts = regions.map((name) => {
    const start = published.indexOf(`//#region src/${name}.ts\n`);
    const end = published.indexOf('//#endregion\n', start);
    if (start < 0 || end < 0) throw new Error(`js-yaml has no region src/${name}.ts: see scripts/yaml-parser.ts`);
    return published.slice(start, end);
  });
  const [license] = published.split('\n', 1);
  return [license, ...parts, `export { ${exported} };`].join('\n');
}

/** The esbuild plugin that puts {@link yamlParser} in the place of js-yaml. */
export const onlyYamlParser: Plugin = {
  name: 'yaml-parser',
  setup(build) {
    build.onLoad({ filter: /[\\/]js-yaml[\\/]dist[\\/]js-yaml\.mjs$/ }, async ({ path }) => ({
      contents: yamlParser(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};

const generatedModule = /_pb\.js$/;

/** The text of `registry.ts`: every generated file in one value, for reading and writing `Any`. */
export function registryModule(generatedPaths: readonly string[]): string {
  const paths = generatedPaths.filter((path) => generatedModule.test(path)).toSorted();
  const names = paths.map((path) => `file_${path.replace(generatedModule, '').replaceAll(/[^a-zA-Z0-9]/g, '_')}`);
  return [
    "import { createRegistry, type Registry } from '@bufbuild/protobuf';",
    ...paths.map((path, index) => `import { ${names[index]} } from './${path}';`),
    '',
    '/** All messages and enums of the generated files. */',
    'export const registry: Registry = createRegistry(',
    ...names.map((name) => `  ${name},`),
    ');',
    '',
  ].join('\n');
}

import { fn, type GoFunction } from '../function.ts';

/** sprig's functions on slash-separated paths; the `os…` ones mean the same, as they do on Linux. */
export const pathFunctions: readonly (readonly [string, GoFunction])[] = [
  ...twice('base', 'osBase', base),
  ...twice('dir', 'osDir', (path) => clean(path.slice(0, path.lastIndexOf('/') + 1))),
  ...twice('clean', 'osClean', clean),
  ...twice('ext', 'osExt', (path) => extension.exec(path)?.[0] ?? ''),
  ...twice('isAbs', 'osIsAbs', (path) => path.startsWith('/')),
];

const extension = /\.[^./]*$/;

function twice(name: string, osName: string, call: (path: string) => string | boolean): readonly (readonly [string, GoFunction])[] {
  const target = fn(['string'], call);
  return [
    [name, target],
    [osName, target],
  ];
}

function base(path: string): string {
  if (path === '') return '.';
  let end = path.length;
  while (path.charAt(end - 1) === '/') end -= 1;
  return end === 0 ? '/' : path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

/** The shortest path of the same meaning. @see https://pkg.go.dev/path#Clean */
function clean(path: string): string {
  const root = path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (root === '' && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part);
    else parts.pop();
  }
  return root + parts.join('/') || '.';
}

// What express and serverless-http carry for web sites and other clouds and our webhooks never reach: they read UTF-8 JSON themselves and answer
// text. It is two thirds of a bundle and of its cold start.
import { join, sep } from 'node:path';
import type { Plugin } from 'esbuild';

/** What stands in a bundle for a package, or a folder of one, that is left out. `absent` fails with its name as soon as anything calls it. */
type Substitute = 'absent' | 'silent' | 'few types' | 'no proxies';

export const leftOut: Readonly<Record<string, { readonly substitute: Substitute; readonly why: string }>> = {
  accepts: { substitute: 'absent', why: 'answers have one form' },
  'body-parser': {
    substitute: 'absent',
    why: 'bodies are read by shared/kube/admission-http.ts, which has Istio’s limit and order of checks',
  },
  'content-disposition': { substitute: 'absent', why: 'no files are served' },
  cookie: { substitute: 'absent', why: 'API servers keep no cookies' },
  'cookie-signature': { substitute: 'absent', why: 'API servers keep no cookies' },
  debug: { substitute: 'silent', why: 'a function has no DEBUG variable; what it tells goes through its logger' },
  depd: { substitute: 'silent', why: 'tells developers of calls that express will drop; it would walk the stack to do so' },
  'iconv-lite': { substitute: 'absent', why: 'Kubernetes sends UTF-8; the tables of all other character sets are 480 KB' },
  'mime-db': { substitute: 'few types', why: 'answers name their type themselves' },
  'proxy-addr': { substitute: 'no proxies', why: 'nothing depends on the address of the caller' },
  qs: { substitute: 'absent', why: 'webhooks do not read the query' },
  'range-parser': { substitute: 'absent', why: 'no files are served' },
  send: { substitute: 'absent', why: 'no files are served' },
  'serverless-http/lib/provider/azure': { substitute: 'absent', why: 'functions run in Lambda; others start from functions/*/app.ts' },
  'serve-static': { substitute: 'absent', why: 'no files are served' },
};

const contents: Readonly<Record<Substitute, (name: string) => string>> = {
  absent: (
    name,
  ) => `const fail = () => { throw new Error(${JSON.stringify(`${name} is left out of this bundle, see scripts/left-out.ts`)}); };
    module.exports = new Proxy(fail, { get: (target, key) => (key in target ? target[key] : fail) });`,
  silent: () => 'const silent = () => undefined; module.exports = () => silent;',
  'few types': () => `module.exports = {
    'application/json': { extensions: ['json'], charset: 'UTF-8' },
    'application/octet-stream': { extensions: ['bin'] },
    'text/html': { extensions: ['html'], charset: 'UTF-8' },
    'text/plain': { extensions: ['txt'], charset: 'UTF-8' },
  };`,
  'no proxies': () => 'module.exports = { compile: () => () => false };',
};

const packages = `${sep}node_modules${sep}`;

/** `serverless-http/lib/provider/azure` of what lies there. */
function nameInPackages(path: string): string {
  return (path.split(packages).at(-1) ?? '').replaceAll(sep, '/');
}

/** The esbuild plugin that puts the substitutes in place. */
export const withoutUnusedTables: Plugin = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, resolveDir }) => {
      const name = path.startsWith('.') ? nameInPackages(join(resolveDir, path)) : path;
      return Object.hasOwn(leftOut, name) ? { path: name, namespace: 'left-out' } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: contents[leftOut[path]?.substitute ?? 'absent'](path),
      loader: 'js',
    }));
  },
};

// What express carries for web sites and our webhooks never reach: they read UTF-8 JSON themselves and answer text. It is two thirds of a bundle
// and of its cold start.
import type { Plugin } from 'esbuild';

/** What stands in a bundle for a package that is left out. `absent` fails with its name as soon as anything calls it. */
type Substitute = 'absent' | 'silent debug' | 'few types' | 'no proxies';

export const leftOut: Readonly<Record<string, { readonly substitute: Substitute; readonly why: string }>> = {
  accepts: { substitute: 'absent', why: 'answers have one form' },
  'body-parser': {
    substitute: 'absent',
    why: 'bodies are read by shared/kube/admission-http.ts, which has Istio’s limit and order of checks',
  },
  'content-disposition': { substitute: 'absent', why: 'no files are served' },
  cookie: { substitute: 'absent', why: 'API servers keep no cookies' },
  'cookie-signature': { substitute: 'absent', why: 'API servers keep no cookies' },
  debug: { substitute: 'silent debug', why: 'a function has no DEBUG variable; what it tells goes through its logger' },
  'iconv-lite': { substitute: 'absent', why: 'Kubernetes sends UTF-8; the tables of all other character sets are 480 KB' },
  'mime-db': { substitute: 'few types', why: 'answers name their type themselves' },
  'proxy-addr': { substitute: 'no proxies', why: 'nothing depends on the address of the caller' },
  qs: { substitute: 'absent', why: 'webhooks do not read the query' },
  'range-parser': { substitute: 'absent', why: 'no files are served' },
  send: { substitute: 'absent', why: 'no files are served' },
  'serve-static': { substitute: 'absent', why: 'no files are served' },
};

const contents: Readonly<Record<Substitute, (name: string) => string>> = {
  absent: (
    name,
  ) => `const fail = () => { throw new Error(${JSON.stringify(`${name} is left out of this bundle, see scripts/left-out.ts`)}); };
    module.exports = new Proxy(fail, { get: (target, key) => (key in target ? target[key] : fail) });`,
  'silent debug': () => 'const silent = () => undefined; module.exports = () => silent;',
  'few types': () => `module.exports = {
    'application/json': { extensions: ['json'], charset: 'UTF-8' },
    'application/octet-stream': { extensions: ['bin'] },
    'text/html': { extensions: ['html'], charset: 'UTF-8' },
    'text/plain': { extensions: ['txt'], charset: 'UTF-8' },
  };`,
  'no proxies': () => 'module.exports = { compile: () => () => false };',
};

/** The esbuild plugin that puts the substitutes in place. */
export const withoutUnusedTables: Plugin = {
  name: 'left-out',
  setup(build) {
    const names = Object.keys(leftOut).join('|');
    build.onResolve({ filter: new RegExp(`^(?:${names})$`) }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: contents[leftOut[path]?.substitute ?? 'absent'](path),
      loader: 'js',
    }));
  },
};

import { readInjectSettings, templateHost } from '../../functions/inject/config.ts';
import { createInjector, type Injector, loadInjectorConfig, readInjectResources } from '../../shared/inject/index.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { type MeshFiles, meshObjects } from '../../shared/sources/files/read.ts';
import { readInjectTexts } from '../inject-files.ts';
import { follow, type Live, type Loaded } from './live.ts';
import type { ServeOptions } from './options.ts';

export interface InjectorSource {
  readonly options: ServeOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The injector of the given files; it follows them. */
export async function followInjector({ options, env, log, metrics }: InjectorSource): Promise<Live<Injector>> {
  const { meshConfigFile, valuesFile, injectConfigFile } = options;
  const paths = [meshConfigFile, valuesFile, injectConfigFile].filter((path) => path !== undefined);
  return follow({ what: 'injection settings', paths, load: () => loadInjector(options, env), log, metrics });
}

/** The injector with what the mesh's own objects say: ProxyConfig resources, nodes, namespaces. Made anew when one of the two changes. */
export function withMeshResources(injector: () => Injector, mesh: () => MeshFiles, log: Logger): () => Injector {
  let made: { readonly from: Injector; readonly files: MeshFiles; readonly injector: Injector } | undefined;
  return () => {
    const [from, files] = [injector(), mesh()];
    if (made?.from === from && made.files === files) return made.injector;
    const { value, problems } = readInjectResources(meshObjects(files).map(({ content }) => content));
    for (const { object, path, message } of problems) log.error(`${object} ${path}: ${message}`);
    made = { from, files, injector: createInjector({ ...from.config, ...value }) };
    return made.injector;
  };
}

async function loadInjector(options: ServeOptions, env: InjectorSource['env']): Promise<Loaded<Injector>> {
  const { settings, problems: settingProblems } = readInjectSettings(env);
  const { value, problems } = loadInjectorConfig({
    ...(await readInjectTexts(options)),
    ...(options.revision === undefined ? {} : { revision: options.revision }),
    settings,
    host: templateHost(env),
  });
  const all = [...settingProblems, ...problems.map((problem) => ({ ...problem, object: placeOf(problem.object, options) }))];
  const isUsable = value !== undefined && all.every(({ severity }) => severity !== 'error');
  return { value: isUsable ? createInjector(value) : undefined, problems: all };
}

/** A problem's object with the file that it stands in. */
function placeOf(object: string, { meshConfigFile, valuesFile, injectConfigFile }: ServeOptions): string {
  const files: Readonly<Record<string, string | undefined>> = {
    MeshConfig: meshConfigFile,
    values: valuesFile,
    'injection configuration': injectConfigFile,
  };
  const file = files[object];
  return file === undefined ? object : `${file} (${object})`;
}

export { type InjectorConfig, type InjectorTexts, type InjectSettings, loadInjectorConfig } from './config.ts';
export { createInjector, type InjectAnswer, type Injector } from './injector.ts';
export { injectManifest, type WorkloadOutcome } from './manifest.ts';
export { readInjectResources } from './resources.ts';

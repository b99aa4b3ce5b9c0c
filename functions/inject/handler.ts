import { createInjector, loadInjectorConfig } from '../../shared/inject/index.ts';
import { urlHandler } from '../../shared/lambda/handler.ts';
import { lambdaRuntime } from '../../shared/lambda/runtime.ts';
import { invariant } from '../../shared/lib/error.ts';
import { type InjectAppDependencies, injectApp } from './app.ts';
import { processEnvironment, readFunctionSettings, templateHost } from './config.ts';
import { heldInjector } from './held-injector.ts';
import { storedSource } from './stored-source.ts';

const { inject: settings, revision, store, ...runtimeSettings } = readFunctionSettings(processEnvironment());
const host = templateHost(processEnvironment());
const runtime = lambdaRuntime(runtimeSettings);

/** From the store if there is one, else the built-in configuration. */
function injectorOfRequest(): InjectAppDependencies['injector'] {
  const { value: config } = loadInjectorConfig({ settings, host, revision });
  invariant(config, 'the built-in injection configuration can be read');
  const builtIn = createInjector(config);
  if (!store) return () => builtIn;
  const source = storedSource({ store, settings, host });
  return heldInjector({ source, builtIn, revision, log: runtime.log, nowMs: Date.now, timeout: (afterMs) => AbortSignal.timeout(afterMs) });
}

/** Lambda function URL (payload 2.0): the mutating webhook. */
export const handler = urlHandler({ ...runtime, app: injectApp({ ...runtime, injector: injectorOfRequest() }) });

/** Go's text/template for templates that users wrote: the engine, the values it works on, and its functions. */

export { compileTemplate } from './compile.ts';
export type { FunctionTable } from './function.ts';
export { sidecarTemplateData } from './istio/data.ts';
export { istioFunctions } from './istio/index.ts';
export { sprig } from './sprig/index.ts';
export { fromPlain, type GoValue, record } from './value.ts';

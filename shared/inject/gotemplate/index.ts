/** Go's text/template for templates that users wrote: the engine, the values it works on, and its functions. */

export { type Compilation, compileTemplate, type Rendering, type Template, type TemplateError } from './compile.ts';
export type { FunctionTable, GoFunction } from './function.ts';
export { type SidecarTemplateInput, sidecarTemplateData } from './istio/data.ts';
export { type IstioDependencies, istioFunctions } from './istio/index.ts';
export { goStruct } from './kube-value.ts';
export { goMessage } from './message-value.ts';
export { sprig } from './sprig/index.ts';
export { fromPlain, type GoStruct, type GoValue, record } from './value.ts';

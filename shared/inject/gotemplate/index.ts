/** Go's text/template for templates that users wrote: the engine, the values it works on, and its functions. */

export { type Compilation, compileTemplate, type Rendering, type Template, type TemplateError } from './compile.ts';
export type { FunctionTable, GoFunction } from './function.ts';
export { goStruct } from './kube-value.ts';
export { fromPlain, type GoStruct, type GoValue, record } from './value.ts';

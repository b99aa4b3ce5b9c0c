import { compileTemplate, type FunctionTable, fromPlain, type GoValue, istioFunctions, record, sprig } from './index.ts';

/** What test templates see as `.Values`. */
const values = {
  a: null,
  l: [1, 'x', null, { k: 1 }],
  m: { k: 'v', n: {} },
  f: 1.5,
  i: 7,
  s: 'str',
  e: '',
  z: 0,
  t: true,
  strs: ['b', 'a', 'c', 'a'],
  map: { b: 1, a: { x: 2 } },
};

export const nowMs = Date.UTC(2026, 7, 22, 10, 11, 12);

export const sprigOnly: FunctionTable = sprig({ nowMs: () => nowMs });

/** As injection templates have them. */
export const allFunctions: FunctionTable = new Map([
  ...sprigOnly,
  ...istioFunctions({ env: (name) => (name === 'SET' ? 'from env' : undefined) }),
]);

function testData(): GoValue {
  return record('main.Data', [['Values', fromPlain(values)]], { pointer: true });
}

/** Renders templates with a table of functions; each answer throws when the other one was right. */
export function renderer(functions: FunctionTable, data: () => GoValue = testData) {
  const render = (template: string): { readonly output?: string; readonly message?: string } => {
    const compiled = compileTemplate('inject', template, functions);
    if (!compiled.ok) return { message: compiled.error.message };
    const rendered = compiled.template.execute(data());
    return rendered.ok ? { output: rendered.output } : { message: rendered.error.message };
  };
  return {
    output: (template: string): string => expectText(render(template).output, render(template).message),
    failure: (template: string): string => expectText(render(template).message, render(template).output),
  };
}

function expectText(wanted: string | undefined, other: string | undefined): string {
  if (wanted === undefined) throw new Error(`rendered to ${other}`);
  return wanted;
}

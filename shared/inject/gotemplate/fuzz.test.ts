import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate, fromPlain, istioFunctions, sprig } from './index.ts';
import { limits } from './limits.ts';

const functions = new Map([...sprig({ nowMs: () => 0 }), ...istioFunctions({ env: () => undefined })]);
const names = [...functions.keys()];

function renders(text: string, data: unknown): void {
  const compiled = compileTemplate('fuzz', text, functions);
  if (!compiled.ok) {
    expect(compiled.error.message).toMatch(/^template: fuzz:\d+: /);
    return;
  }
  const rendered = compiled.template.execute(fromPlain(data));
  if (rendered.ok) expect(Buffer.byteLength(rendered.output)).toBeLessThanOrEqual(limits.maxOutputBytes);
  else expect(rendered.error.message).toMatch(/^template: fuzz/);
}

const word = fc.constantFrom(
  ...[
    '{{',
    '}}',
    '{{-',
    '-}}',
    ' ',
    '.',
    '$',
    '$x',
    ':=',
    '=',
    '|',
    '(',
    ')',
    ',',
    '"a"',
    '`b`',
    "'c'",
    '1',
    '2.5',
    '-3',
    '0x1F',
    'nil',
    'true',
  ],
  ...[
    'if',
    'else',
    'end',
    'range',
    'with',
    'define',
    'template',
    'block',
    'break',
    'continue',
    '.a',
    '.b.c',
    '/*',
    '*/',
    '\n',
    '%',
    '{',
    '}',
    '\\',
    'é',
  ],
);
const anyText = fc.array(fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }), {
  maxLength: 40,
});

const scalar = fc.constantFrom(
  'nil',
  '1',
  '-1',
  '0',
  '2.5',
  '1e30',
  '"a"',
  '"%d %s"',
  '"a(b*)+"',
  '"2006-01-02"',
  '">=1.2"',
  'true',
  '.',
  '.a',
  '.b',
  '.zz',
  '$',
  '2000000',
  '300',
);
const argument: fc.Arbitrary<string> = fc.letrec<{ value: string; call: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, tie('call')),
  call: fc
    .tuple(
      fc.constantFrom(...names, 'printf', 'index', 'len', 'eq', 'lt', 'slice', 'html', 'and', 'or', 'not', 'print'),
      fc.array(tie('value'), { maxLength: 4 }),
    )
    .map(([name, args]) => `(${[name, ...args].join(' ')})`),
})).value;
const statement = fc.oneof(
  argument.map((value) => `{{ ${value} }}`),
  argument.map((value) => `{{ range ${value} }}x{{ . }}{{ end }}`),
  argument.map((value) => `{{ with ${value} }}{{ . }}{{ else }}-{{ end }}`),
  argument.map((value) => `{{ $x := ${value} }}{{ $x }}`),
);

describe('any template', () => {
  it('compiles to an answer without throwing, whatever the text', () => {
    fc.assert(
      fc.property(anyText, fc.json(), (words, json) => renders(words.join(''), JSON.parse(json))),
      { numRuns: 1500 },
    );
  });

  it('executes every function with every kind of argument without throwing', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 4 }), fc.jsonValue(), (statements, value) =>
        renders(statements.join(''), { a: value, b: [value, 1], __proto__: 1 }),
      ),
      { numRuns: 800 },
    );
  });

  it('renders the same twice and leaves its data alone', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 3 }), fc.jsonValue(), (statements, value) => {
        const data = { a: value, b: { c: value } };
        const before = structuredClone(data);
        const compiled = compileTemplate('fuzz', statements.join(''), functions);

        const results = compiled.ok ? [compiled.template.execute(fromPlain(data)), compiled.template.execute(fromPlain(data))] : [0, 0];

        expect(results[0]).toEqual(results[1]);
        expect(data).toEqual(before);
      }),
      { numRuns: 150 },
    );
  });
});

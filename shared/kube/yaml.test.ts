import { describe, expect, it } from 'vitest';
import { parseKubeYaml, parseKubeYamlDocuments } from './yaml.ts';

function read(text: string): unknown {
  const parsed = parseKubeYaml(text);
  return parsed.ok ? parsed.value : parsed.error;
}

describe('parseKubeYaml', () => {
  it('knows the words of YAML 1.1 in any position', () => {
    expect(read('[y, No, on, OFF, ~, null, True, "y", yess]')).toEqual([true, false, true, false, null, null, true, 'y', 'yess']);
    expect(read('y: a\nno: b\n~x: c')).toEqual({ true: 'a', false: 'b', '~x': 'c' });
  });

  it.each([
    ['010', 8],
    ['0o10', 8],
    ['0x1F', 31],
    ['0b11', 3],
    ['-0b11', -3],
    ['1_000', 1000],
    ['+5', 5],
    ['08', 8],
    ['1.', 1],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['1e3', 1000],
    ['18446744073709551615', 2 ** 64],
    ['18446744073709551616', 2 ** 64],
    ['0xffffffffffffffffff', '0xffffffffffffffffff'],
    ['1e400', '1e400'],
    ['1:30', '1:30'],
    ['._5', '._5'],
    ['-', ['']],
    ['0x', '0x'],
    ['2001-12-14', '2001-12-14'],
    ['=', '='],
  ])('reads %s', (text, value) => {
    expect(read(text === '-' ? '- ""' : text)).toEqual(value);
  });

  it('lets the last of equal keys win, also of keys that only become equal', () => {
    expect(read('a: 1\na: 2\n1: b\n"1": c')).toEqual({ a: 2, 1: 'c' });
  });

  it('merges where << stands', () => {
    expect(read('b: &b {x: 1, z: 1}\nc: {x: 2, <<: *b, z: 3}')).toEqual({ b: { x: 1, z: 1 }, c: { x: 1, z: 3 } });
    expect(read('d: {<<: [{x: 1}, {x: 2, z: 2}]}')).toEqual({ d: { x: 1, z: 2 } });
    expect(read('"<<": 1\na: <<')).toEqual({ '<<': 1, a: '<<' });
    expect(read('<<: 1')).toContain('map merge requires map or sequence of maps as the value');
  });

  it('prints keys that are no text', () => {
    expect(read('1: a\n1.5: b\n1e6: c\n0.1: d\n.inf: e\n.nan: f\n-.inf: g')).toEqual({
      1: 'a',
      1.5: 'b',
      '1e+06': 'c',
      0.1: 'd',
      '.inf': 'e',
      '.nan': 'f',
      '-.inf': 'g',
    });
    expect(read('&k x: 1\n*k : 2\ny: *k')).toEqual({ x: 2, true: 'x' });
  });

  it('obeys core tags and ignores others', () => {
    expect(read('[!!str 5, !!int "7", !!float 3, !!bool "yes", !!null "", !!binary aGk=, !custom 5, ! 6, !!timestamp 2001-01-01]')).toEqual(
      ['5', 7, 3, true, null, 'hi', '5', '6', '2001-01-01'],
    );
  });

  it.each([
    ['!!int x', 'cannot decode !!str `x` as a !!int'],
    ['!!binary "*"', 'invalid base64'],
    ['a: .inf', 'json: unsupported value: +Inf'],
    ['a: -.inf', 'json: unsupported value: -Inf'],
    ['a: .nan', 'json: unsupported value: NaN'],
    ['~: d', 'unsupported map key'],
    ['{a: 1}: d', 'invalid map key: map[a:1]'],
    ['a: *nope', "unknown anchor 'nope' referenced"],
    ['a: &a [*a]', "anchor 'a' value contains itself"],
    ['a: "\\/"', 'unknown escape'],
    ['a: "x', 'line 1'],
    ['a:\n  b: c: d', 'line 2'],
    ['\ta: b', 'line 1'],
    ['a: @x', 'line 1'],
    ['a: 1\nb: &x c: d', 'line 2: mapping values are not allowed in this context'],
    ['"a": !!str c: d', 'line 1: mapping values are not allowed in this context'],
    ['{{ a }}', 'invalid map key: map[a:<nil>]'],
  ])('refuses %j', (text, message) => {
    expect(read(text)).toContain('error converting YAML to JSON: ');
    expect(read(text)).toContain(message);
  });

  it('takes a slash behind an escaped backslash for a slash', () => {
    expect(read('"\\\\/"')).toBe('\\/');
  });

  it('gives each alias the anchor that was the last one where it stands', () => {
    expect(read('a: &x 1\nb: &y [*x]\nc: &x 2\nd: *y\ne: *x')).toEqual({ a: 1, b: [1], c: 2, d: [1], e: 2 });
  });

  it.each([
    ['exponentially', 9, 10],
    ['in the square of their length', 1, 1000],
  ])('refuses documents that aliases blow up %s', (_how, levels, width) => {
    const lines = [`a0: &a0 [${Array(width).fill(1).join(',')}]`];
    for (let level = 1; level <= levels; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(width)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      );

    expect(read(lines.join('\n'))).toContain('yaml: document contains excessive aliasing');
  });

  it('refuses what merge keys blow up', () => {
    const members = Array.from({ length: 1000 }, (_, index) => `k${index}: 1`);

    expect(read(`a: &a {${members.join(',')}}\nb: {<<: [${Array(1000).fill('*a').join(',')}]}`)).toContain('excessive aliasing');
  });

  it.each([
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
    ['? ', ''],
  ])('reads %j nested 500 times and refuses it nested 10,000 times', (open, close) => {
    expect(read(`${open.repeat(500)}${close.repeat(500)}`)).not.toContain('exceeded max depth');
    expect(read(`${open.repeat(10_000)}${close.repeat(10_000)}`)).toMatch(/^error converting YAML to JSON: yaml: .*depth/i);
  });

  it('counts the depth that aliases add', () => {
    const lines = [`a0: &a0 ${'['.repeat(400)}${']'.repeat(400)}`];
    for (let level = 1; level <= 2; level += 1) lines.push(`a${level}: &a${level} ${'['.repeat(400)}*a${level - 1}${']'.repeat(400)}`);

    expect(read(lines.slice(0, 2).join('\n'))).not.toContain('depth');
    expect(read(lines.join('\n'))).toBe('error converting YAML to JSON: yaml: exceeded max depth');
  });

  it.each(['['.repeat(20_000), '{'.repeat(20_000), '- '.repeat(20_000)])('answers for endless nesting', (text) => {
    expect(read(text)).toContain('error converting YAML to JSON: yaml: ');
  });

  it.each([
    ['a: [\n1,\n{b: 2\n}\n]\nc: 3', { a: [1, { b: 2 }], c: 3 }],
    ['- - a: "x\ny"\n- \'x\n\n y\'', [[{ a: 'x y' }], 'x\ny']],
    ['a:\t{b:\t1,\tc: [2\t]\t}', { a: { b: 1, c: [2] } }],
    ['a: [\n\t1,\n\t2\n]', { a: [1, 2] }],
    ['a: {b: "\t"}', { a: { b: '\t' } }],
  ])('allows in %j the blanks that Kubernetes allows', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('keeps tabs where they may be text', () => {
    expect(read('"a,\tb":\t{c: 1}')).toContain('line 1: deficient indentation');
  });

  it('mends no document without end', () => {
    expect(read(`a: [${'1,\n'.repeat(5000)}]`)).toContain('deficient indentation');
  });

  it.each([
    ['|2\n    a\n  b\n', '  a\nb\n'],
    ['--- >2-  # text\n\n  a\n', '\na'],
    ['|\n a\n', 'a\n'],
    ['- |2\n    a\n', ['  a\n']],
  ])('counts the indentation that %j writes from the column of its parent', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ['- &x b: c', [{ b: 'c' }]],
    ['a: &x\n  b: c', { a: { b: 'c' } }],
    ['a: &x {b: c}', { a: { b: 'c' } }],
    ['? a\n: b: c', { a: { b: 'c' } }],
    ['? |\n  a\n: b: c', { 'a\n': { b: 'c' } }],
  ])('reads the map within %j', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('knows tags by directive and in full', () => {
    expect(read('%TAG !e! tag:yaml.org,2002:\n---\n[!e!int "1", !<tag:yaml.org,2002:float> "2", !x 3, !<x> 4]')).toEqual([1, 2, '3', '4']);
  });

  it('reads the first document only', () => {
    expect(read('---\na: 1\n---\nb: [')).toEqual({ a: 1 });
    expect(read('# of nothing\n---\n---\nb: 1')).toBeNull();
    expect(read('...\nb: 1')).toBeNull();
    expect(read('%YAML 1.1\n--- # first\na: 1\n...\nb: [')).toEqual({ a: 1 });
    expect(read('a: |\n  ---\nb: " ---"')).toEqual({ a: '---\n', b: ' ---' });
    expect(read('# nothing')).toBeNull();
    expect(read('')).toBeNull();
  });

  it('takes __proto__ for a name like any other', () => {
    expect(JSON.stringify(read('__proto__: {a: 1}\nx: {<<: {__proto__: 2}}'))).toBe('{"__proto__":{"a":1},"x":{"__proto__":2}}');
  });
});

describe('parseKubeYamlDocuments', () => {
  it('gives each document with its first line and text, and no empty ones', () => {
    expect(parseKubeYamlDocuments('a: 1\n---\n# only a comment\n--- # next\nb: 2\n---\n')).toEqual({
      value: [
        { line: 1, text: 'a: 1', value: { a: 1 } },
        { line: 5, text: 'b: 2\n', value: { b: 2 } },
      ].map((document) => ({ ...document, text: document.text.trimEnd() })),
      problems: [],
    });
  });

  it('lets no broken document hold back the others', () => {
    const { value, problems } = parseKubeYamlDocuments('a: 1\n---\nb: [\n---\nc: 3', 'mesh.yaml');

    expect(value.map((document) => document.value)).toEqual([{ a: 1 }, { c: 3 }]);
    expect(problems).toEqual([
      {
        code: 'yaml-invalid',
        severity: 'error',
        object: 'mesh.yaml',
        path: '',
        message: expect.stringContaining('document from line 3: error converting YAML to JSON: yaml: '),
      },
    ]);
  });

  it('keeps what stands beside a separator, and directives with their document', () => {
    const { value } = parseKubeYamlDocuments('--- {a: 1}\n--- |\n text\n---\n%YAML 1.1\n---\nb: y\n');

    expect(value.map((document) => [document.line, document.value])).toEqual([
      [1, { a: 1 }],
      [2, 'text\n'],
      [5, { b: true }],
    ]);
  });
});

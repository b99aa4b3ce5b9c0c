import { describe, expect, it } from 'vitest';
import { allFunctions, renderer } from './rendering.fixture.ts';

const { output, failure } = renderer(allFunctions);
const wrapped = (open: string, close: string, count: number, inside: string): string => open.repeat(count) + inside + close.repeat(count);

describe('limits of a rendering', () => {
  it.each([
    ['loop passes', '{{ range 1000001 }}{{ end }}', 'more than 1000000 iterations'],
    ['passes of loops in loops', '{{ range 1001 }}{{ range 1001 }}{{ end }}{{ end }}', 'more than 1000000 iterations'],
    [
      'template calls inside each other',
      '{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}',
      'exceeded maximum template depth (100)',
    ],
    [
      'control structures inside each other over all calls',
      `{{ define "t" }}${wrapped('{{ if 1 }}', '{{ end }}', 90, '{{ template "t" }}')}{{ end }}{{ template "t" }}`,
      'nested deeper than 1000',
    ],
    ['output', '{{ range 5 }}{{ repeat 1000000 "x" }}{{ end }}', 'output is longer than 4 MiB'],
    ['a text that a function makes', '{{ len (repeat 5000000 "x") }}', 'text is longer than 4 MiB'],
    ['a text that grows in a variable', '{{ $x := "ab" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}', 'value is too large'],
    ['a list', '{{ len (until 1000001) }}', 'value is too large'],
    ['a list that grows in a variable', '{{ $x := list 1 }}{{ range 100 }}{{ $x = concat $x $x }}{{ end }}', 'value is too large'],
    ['what a nested value prints', '{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}', 'text is longer than 4 MiB'],
    [
      'JSON of a nested value, also where sprig drops errors',
      '{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}',
      'text is longer than 4 MiB',
    ],
    ['YAML of a nested value', '{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ toYaml $x }}', 'processed too much data'],
    [
      'comparing nested values',
      '{{ $x := list 1 }}{{ $y := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ $y = list $y $y }}{{ end }}{{ deepEqual $x $y }}',
      'processed too much data',
    ],
    ['a map that holds itself', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}', 'value is nested too deeply'],
    ['searching', '{{ $s := repeat 100000 "a" }}{{ range 100000 }}{{ $_ := regexMatch "(a*)*b" $s }}{{ end }}', 'processed too much data'],
    ['compiling expressions', '{{ range 100000 }}{{ $_ := regexMatch "(a{0,90}){0,90}" "a" }}{{ end }}', 'processed too much data'],
    ['width of a number', '{{ range 1000 }}{{ $_ := printf "%1000000d" 1 }}{{ end }}', 'processed too much data'],
  ])('end one that exceeds: %s', (_what, template, message) => {
    expect(failure(template)).toContain(message);
  });

  it.each([
    ['parentheses', `{{ ${wrapped('(', ')', 101, '1')} }}`],
    ['control structures', wrapped('{{ if 1 }}', '{{ end }}', 101, '')],
  ])('refuse a text with too many %s inside each other', (_what, template) => {
    expect(failure(template)).toContain('nested deeper than 100');
  });

  it('leave room for what is within them', () => {
    expect(output(wrapped('{{ if 1 }}', '{{ end }}', 99, 'x'))).toBe('x');
    expect(output('{{ range 999999 }}{{ end }}done')).toBe('done');
    expect(output(`{{ if 0 }}${'{{ else if 0 }}'.repeat(500)}{{ else }}x{{ end }}`)).toBe('x');
  });
});

describe('prototypes', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])('%s is a key like any other', (key) => {
    expect(output(`{{ .Values.${key} }}|{{ index .Values "${key}" }}|{{ hasKey .Values "${key}" }}`)).toBe('<no value>|<no value>|false');
    expect(output(`{{ $d := dict "${key}" 1 }}{{ $d.${key} }} {{ toJson $d }} {{ (fromJson (toJson $d)).${key} }}`)).toBe(
      `1 {"${key}":1} 1`,
    );
    expect(output(`{{ toYaml (dict "${key}" (dict "a" 1)) }}`)).toBe(`${key}:\n  a: 1\n`);
  });

  it('names of functions are not looked up in objects', () => {
    expect(failure('{{ constructor }}')).toContain('function "constructor" not defined');
    expect(failure('{{ template "constructor" }}')).toContain('template "constructor" not defined');
  });
});

import { describe, expect, it } from 'vitest';
import { renderer } from './rendering.fixture.ts';

const { output, failure } = renderer(new Map());

// Expected texts are those of Go's text/template.
const outputs: readonly (readonly [string, string])[] = [
  ['{{eq .Values.a nil}}', 'true'],
  ['{{eq nil nil}}', 'true'],
  ['{{ (index .Values.l 3).k }}', '1'],
  ['{{ index .Values.m "zz" }}', '<no value>'],
  ['{{index "abc" 1}}', '98'],
  ['{{index .Values.l}}', '[1 x <nil> map[k:1]]'],
  ['{{ 1 | }}', '1'],
  ['{{ 0x1p-2 }}', '0.25'],
  ['{{ -9223372036854775808 }}', '-9223372036854775808'],
  ["{{'\\n'}}", '10'],
  ['{{$x:=1}}{{$x}}', '1'],
  ['{{-3}}', '-3'],
  ['{{- 3}}', '3'],
  ['{{3 -}} x', '3x'],
  ['{{print -3}}', '-3'],
  ['{{ 1 | print | }}', '1'],
  ['{{print nil}}', '<nil>'],
  ['{{range -1}}{{else}}e{{end}}', 'e'],
  [
    '{{.Values.big}} {{1e6}} {{1000000.0}} {{999999.5}} {{1e20}} {{1234567.0}} {{0.00001}} {{123456789.0}}',
    '<no value> 1e+06 1e+06 999999.5 1e+20 1.234567e+06 1e-05 1.23456789e+08',
  ],
  [
    '{{printf "%g %G %e %.3e %f %.0f %.1f %.2f|%8.2f|%-8.2f|%08.2f|%+.2f|% d|%+d" 1e6 1e-7 1.5 1.0625 1.5 2.5 0.25 0.125 3.14159 3.14159 -3.14159 3.0 5 5}}',
    '1e+06 1E-07 1.500000e+00 1.062e+00 1.500000 2 0.2 0.12|    3.14|3.14    |-0003.14|+3.00| 5|+5',
  ],
  ['{{printf "%.3g %.10g %.0g %g %v" 1234.5 1234.5 1234.5 100000.0 123456789.0}}', '1.23e+03 1234.5 1e+03 100000 1.23456789e+08'],
  [
    '{{printf "%5t|%-5t|%05s|%5.1s|%q|%+q|%#q|%x|%X|% x|%#x" true false "ab" "xyz" "é\\n" "é" "a" "hi" "hi" "hi" "hi"}}',
    ' true|false|000ab|    x|"é\\n"|"\\u00e9"|`a`|6869|6869|68 69|0x6869',
  ],
  [
    '{{printf "%c %U %#U %q %b %o %O %x %X %#x %#o" 65 65 65 65 5 8 8 255 255 255 8}}',
    "A U+0041 U+0041 'A' 'A' 101 10 0o10 ff FF 0xff 010",
  ],
  [
    '{{printf "%[2]d %[1]d %d" 1 2}} {{printf "%*d|%-*d|%.*f" 5 1 5 2 2 3.14159}} {{printf "%!"}} {{printf "%z" 1}} {{printf "%"}} {{printf "%[5]d" 1}} {{printf "%[x]d" 1}}',
    '2 1 2     1|2    |3.14 %!!(MISSING) %!z(int=1) %!(NOVERB) %!d(BADINDEX) %!d(BADINDEX)',
  ],
  ['{{printf "%d %s %q %t" .Values.big 1 1.5 1}}', '%!d(<nil>) %!s(int=1) %!q(float64=1.5) %!t(int=1)'],
  ['{{printf "%s %v %d" nil nil nil}}', '%!s(<nil>) <nil> %!d(<nil>)'],
  ['{{print 1 2}} {{print "a" 1 2 "b" 3 true nil}} {{println}} {{print nil}}', '1 2 a1 2b3 true <nil> \n <nil>'],
  ['{{printf "%5d%%|%5%|%-5d|" 1 2}}', '    1%|%|2    |'],
  [
    '{{printf "%x %X" -255 "é"}} {{printf "%t" "x"}} {{printf "%s" true}} {{printf "%d" true}} {{printf "%f" 1}} {{printf "%e" 1}} {{printf "%s" 1.5}}',
    '-ff C3A9 %!t(string=x) %!s(bool=true) %!d(bool=true) %!f(int=1) %!e(int=1) %!s(float64=1.5)',
  ],
  ['{{printf "%.3s|%.3q|%.10s|%5.3d|%.0d" "abcdef" "abcdef" "a" 7 0}}', 'abc|"abc"|a|  007|'],
  ['{{printf "%08b|%-8b|%+x|%#08x" 5 5 255 255}}', '00000101|101     |+ff|0x000000ff'],
  ['{{printf "%d %d" 1}}', '1 %!d(MISSING)'],
  ['{{printf "a" "b" 1.5}}', 'a%!(EXTRA string=b, float64=1.5)'],
  ['{{html 1 "<" nil}} {{js 1 "<\\u2028é" }} {{urlquery 1 "a/é~*" }}', '1&lt;&lt;no value&gt; 1\\u003C\\u2028é 1a%2F%C3%A9~%2A'],
  ['{{js "<>&=\\x01\\u00a0"}}', '\\u003C\\u003E\\u0026\\u003D\\u0001\\u00A0'],
  ['{{html "\\x00"}}', '�'],
  ['{{or 1 (index nil 1)}}{{and 0 (index nil 1)}}', '10'],
  ['{{0 | or 5}} {{1|and 0}}', '5 0'],
  ['{{ $x := 3 | print}}{{$x}}', '3'],
  ['{{define "inject"}}a{{end}}', 'a'],
  ['{{define "a"}} {{end}}{{define "a"}}b{{end}}{{define "a"}}{{end}}{{template "a"}}', 'b'],
  ['{{ template "a" }}{{ define "a" }}{{ . }}{{ end }}', '<no value>'],
  ['{{eq .Values.m nil}}', 'false'],
  ['{{eq nil .Values.m}}', 'false'],
  ['{{le "a" "a"}}{{ge 2 1}}{{gt 1.5 2.5}}', 'truetruefalse'],
  ['{{eq 1 1 1.0}}', 'true'],
  ['{{eq .Values.a false}}', 'false'],
  ['{{eq .Values.f .Values.i}}', 'false'],
  ['{{ eq (print) ""}}', 'true'],
  ['{{urlquery "a b/?=&+-_.~!*()é"}}', 'a+b%2F%3F%3D%26%2B-_.~%21%2A%28%29%C3%A9'],
  ['{{js "\\t\\n\\\\é\\u200b\\U0001F600"}}', '\\u0009\\u000A\\\\é\\u200B😀'],
  ['{{with $x := .Values}}{{$x.s}}{{.i}}{{end}}{{range $i, $v := .Values.l}}{{$i}}:{{$v}} {{end}}', 'str70:1 1:x 2:<no value> 3:map[k:1] '],
  ['{{range .Values.m}}{{.}}{{end}}', 'vmap[]'],
  [
    '{{define "T"}}{{.}}{{if lt . 3}}{{template "U" .}}{{end}}{{end}}{{define "U"}}<{{.}}>{{end}}{{template "T" 1}}{{template "T" 5}}',
    '1<1>5',
  ],
  ['{{define "T"}}{{$}}{{end}}{{template "T" .Values.i}}', '7'],
  ['  {{- "a" -}}  b  {{- /* c */ -}}  c', 'abc'],
  ['{{"a"}}  {{-  "b"}}', 'ab'],
  ['{{/* c */}}{{- /* c */}} x', ' x'],
  ['{{`raw "x" \\n`}}{{"tab\\t\\"q\\" \\\\ \\u00e9 \\x41 \\101"}}', 'raw "x" \\ntab\t"q" \\ é A A'],
  ['{{ print "a" "b" | printf "%s-%s" "x" }}', 'x-ab'],
  ['{{ .Values.i | printf "%v %T" .Values.i }}', '7 float64'],
  ['{{ true | not }}{{ not nil }}', 'falsetrue'],
  ['{{ and 1 2 3 }}{{ or 0 "" 3 4 }}{{ and .Values.a 1 }}{{ or .Values.a }}', '33<no value><no value>'],
  ['{{ printf "%v" .Values.a }}{{ print .Values.nope }}', '<nil><nil>'],
  ['{{ 1 }}{{ 1.0 }}{{ 1e3 }}{{ 0b11 }}{{ 0o17 }}{{ 017 }}{{ -0 }}{{ +5 }}{{ .5 }}{{ 5. }}{{ 1e-7 }}', '11100031515050.551e-07'],
  ['{{ if eq 1 1 }}yes{{ else if eq 1 2 }}no{{ else }}other{{ end }}', 'yes'],
  ['{{ with 0 }}a{{ else with 1 }}b{{ . }}{{ else }}c{{ end }}', 'b1'],
  ['{{range 5}}{{if eq . 2}}{{continue}}{{end}}{{if eq . 4}}{{break}}{{end}}{{.}}{{end}}', '013'],
  ['{{ $a := 1 }}{{ with 5 }}{{ $a := 2 }}{{ $a }}{{ end }}{{ $a }}', '21'],
  ['{{ printf "%s" (printf "%d" 5) | printf "%s%s" "a" }}', 'a5'],
  ['{{ print .Values.m | len }}', '16'],
  ['{{"\\u00e9\\xc3\\xa9"}}', 'éé'],
  ['{{printf "%t %v" .Values.t .Values.fl}}', 'true <nil>'],
  ['{{ $ := 1 }}{{ $ }}', '1'],
  ['{{ eq .Values.nope .Values.nope2 }}{{ ne .Values.nope "" }}', 'truetrue'],
  ['{{ range .Values.em }}a{{ else }}b{{ end }}{{ range .Values.el }}a{{ else }}b{{ end }}', 'bb'],
  ['{{ print 1 2 3.5 "x" 4 5 }}', '1 2 3.5x4 5'],
  ['{{ println 1 "a" nil }}', '1 a <nil>\n'],
  [
    '{{ printf "%d%%" 50 }} {{ printf "%5.1f|%-8s|%+d|%x|%o|%b|%e" 3.14159 "ab" 7 255 8 5 12345.678 }}',
    '50%   3.1|ab      |+7|ff|10|101|1.234568e+04',
  ],
];

const executionErrors: readonly (readonly [string, string])[] = [
  ['{{ .Values.a.x }}', 'template: inject:1:10: executing "inject" at <.Values.a.x>: nil pointer evaluating interface {}.x'],
  [
    '{{ range .Values.l }}{{ .foo }}{{end}}',
    'template: inject:1:24: executing "inject" at <.foo>: can\'t evaluate field foo in type interface {}',
  ],
  ['{{ range .Values.s }}{{ . }},{{end}}', 'template: inject:1:16: executing "inject" at <.Values.s>: range can\'t iterate over str'],
  ['{{ range .Values.f }}{{ . }},{{end}}', 'template: inject:1:16: executing "inject" at <.Values.f>: range can\'t iterate over 1.5'],
  [
    '{{range $i,$x := 3}}{{$i}}{{$x}};{{end}}',
    'template: inject:1:17: executing "inject" at <3>: can\'t use 3 to iterate over more than one variable',
  ],
  [
    '{{len .Values.nope}}',
    'template: inject:1:2: executing "inject" at <len .Values.nope>: error calling len: reflect: call of reflect.Value.Type on zero Value',
  ],
  ['{{len .Values.a}}', 'template: inject:1:2: executing "inject" at <len .Values.a>: error calling len: len of nil pointer'],
  ['{{len 3}}', 'template: inject:1:2: executing "inject" at <len 3>: error calling len: len of type int'],
  ['{{len .Values.f}}', 'template: inject:1:2: executing "inject" at <len .Values.f>: error calling len: len of type float64'],
  ['{{ne 1 2 3}}', 'template: inject:1:2: executing "inject" at <ne>: wrong number of args for ne: want 2 got 3'],
  [
    '{{lt 1 "a"}}',
    'template: inject:1:2: executing "inject" at <lt 1 "a">: error calling lt: incompatible types for comparison: int and string',
  ],
  ['{{lt true false}}', 'template: inject:1:2: executing "inject" at <lt true false>: error calling lt: invalid type for comparison'],
  ['{{eq}}', 'template: inject:1:2: executing "inject" at <eq>: wrong number of args for eq: want at least 1 got 0'],
  ['{{eq 1}}', 'template: inject:1:2: executing "inject" at <eq 1>: error calling eq: missing argument for comparison'],
  [
    '{{lt 1 2.0}}',
    'template: inject:1:2: executing "inject" at <lt 1 2.0>: error calling lt: incompatible types for comparison: int and float64',
  ],
  ['{{ .Values.l.x }}', 'template: inject:1:10: executing "inject" at <.Values.l.x>: can\'t evaluate field x in type interface {}'],
  ['{{ .Values "x" }}', 'template: inject:1:3: executing "inject" at <.Values>: Values has arguments but cannot be invoked as function'],
  ['{{ 3 4 }}', 'template: inject:1:3: executing "inject" at <3>: can\'t give argument to non-function 3'],
  [
    '{{ index .Values.l "a" }}',
    'template: inject:1:3: executing "inject" at <index .Values.l "a">: error calling index: cannot index slice/array with type string',
  ],
  [
    '{{ index .Values.l 1.0 }}',
    'template: inject:1:3: executing "inject" at <index .Values.l 1.0>: error calling index: cannot index slice/array with type float64',
  ],
  [
    '{{ index .Values.m 1 }}',
    'template: inject:1:3: executing "inject" at <index .Values.m 1>: error calling index: value has type int; should be string',
  ],
  ['{{ index 3 1 }}', 'template: inject:1:3: executing "inject" at <index 3 1>: error calling index: can\'t index item of type int'],
  [
    '{{ index .Values.m.n "a" "b" }}',
    'template: inject:1:3: executing "inject" at <index .Values.m.n "a" "b">: error calling index: index of nil pointer',
  ],
  [
    '{{ index .Values.a "b" }}',
    'template: inject:1:3: executing "inject" at <index .Values.a "b">: error calling index: index of untyped nil',
  ],
  ['{{ template "x" 1 2 }}', 'template: inject:1:12: executing "inject" at <{{template "x" 1 2}}>: template "x" not defined'],
  ['{{ 9223372036854775808 }}', 'template: inject:1:3: executing "inject" at <9223372036854775808>: 9223372036854775808 overflows int'],
  ['{{ true false }}', 'template: inject:1:3: executing "inject" at <true>: can\'t give argument to non-function true'],
  ['{{ print.x }}', 'template: inject:1:3: executing "inject" at <print>: can\'t evaluate field x in type string'],
  ['{{ (print 1).x }}', 'template: inject:1:10: executing "inject" at <1>: can\'t evaluate field x in type string'],
  ['{{ $x = 1 }}', 'template: inject:1:8: executing "inject" at <1>: undefined variable: $x'],
  ['{{ len (print 1 | print).y }}', 'template: inject:1:18: executing "inject" at <print>: can\'t evaluate field y in type string'],
  ['{{ len ($x := 1) }}', 'template: inject:1:3: executing "inject" at <len ($x := 1)>: error calling len: len of type int'],
  [
    '{{ template "a b" (.x | len)}}',
    'template: inject:1:12: executing "inject" at <{{template "a b" (.x | len)}}>: template "a b" not defined',
  ],
  [
    '{{ (print "x") "y" }}',
    'template: inject:1:3: executing "inject" at <(print "x") "y">: can\'t give argument to non-function print "x"',
  ],
  ['{{ "x" | (print "y") }}', 'template: inject:1:3: executing "inject" at <"x">: can\'t give argument to non-function print "y"'],
  [
    '{{ printf "%d" .Values.i | index 1 }}',
    'template: inject:1:27: executing "inject" at <index 1>: error calling index: can\'t index item of type int',
  ],
  ['{{ len 1 2 }}', 'template: inject:1:3: executing "inject" at <len>: wrong number of args for len: want 1 got 2'],
  ['{{ 1 | len 2 }}', 'template: inject:1:7: executing "inject" at <len>: wrong number of args for len: want 1 got 2'],
  [
    '{{.Values.foo | len}}',
    'template: inject:1:16: executing "inject" at <len>: error calling len: reflect: call of reflect.Value.Type on zero Value',
  ],
  ['{{. 1}}', 'template: inject:1:2: executing "inject" at <.>: can\'t give argument to non-function .'],
  ['{{nil 1}}', 'template: inject:1:2: executing "inject" at <nil>: can\'t give argument to non-function nil'],
  ['{{nil | print}}', 'template: inject:1:2: executing "inject" at <nil>: nil is not a command'],
  ['{{range nil}}{{end}}', 'template: inject:1:8: executing "inject" at <nil>: nil is not a command'],
  ['{{range true}}{{end}}', 'template: inject:1:8: executing "inject" at <true>: range can\'t iterate over true'],
  ['{{if nil}}{{end}}', 'template: inject:1:5: executing "inject" at <nil>: nil is not a command'],
  ['{{range 2.5}}{{end}}', 'template: inject:1:8: executing "inject" at <2.5>: range can\'t iterate over 2.5'],
  [
    '{{printf "%v %v" 1e21 -0.0}} {{printf "%6.2f%%" 12.345}} {{printf "%d" 12345678901234567890}}',
    'template: inject:1:71: executing "inject" at <12345678901234567890>: 12345678901234567890 overflows int',
  ],
  ['{{printf 1}}', 'template: inject:1:9: executing "inject" at <1>: expected string; found 1'],
  ['{{printf}}', 'template: inject:1:2: executing "inject" at <printf>: wrong number of args for printf: want at least 1 got 0'],
  ['{{not}}', 'template: inject:1:2: executing "inject" at <not>: wrong number of args for not: want 1 got 0'],
  ['{{and}}', 'template: inject:1:2: executing "inject" at <and>: wrong number of args for and: want at least 1 got 0'],
  ['{{slice "abc" 5}}', 'template: inject:1:2: executing "inject" at <slice "abc" 5>: error calling slice: index out of range: 5'],
  ['{{slice 3}}', 'template: inject:1:2: executing "inject" at <slice 3>: error calling slice: can\'t slice item of type int'],
  ['{{slice nil}}', 'template: inject:1:2: executing "inject" at <slice nil>: error calling slice: slice of untyped nil'],
  [
    '{{slice "abc" "x"}}',
    'template: inject:1:2: executing "inject" at <slice "abc" "x">: error calling slice: cannot index slice/array with type string',
  ],
  ['{{call nil}}', 'template: inject:1:2: executing "inject" at <call nil>: error calling call: call of nil'],
  ['{{call}}', 'template: inject:1:2: executing "inject" at <call>: wrong number of args for call: want at least 1 got 0'],
  ['{{call print 1}}', 'template: inject:1:2: executing "inject" at <call print 1>: error calling call: non-function print of type string'],
  ['{{$x := 1 }}{{ $x.y}}', 'template: inject:1:17: executing "inject" at <$x.y>: can\'t evaluate field y in type int'],
  [
    '{{index "abc" 3}}',
    'template: inject:1:2: executing "inject" at <index "abc" 3>: error calling index: reflect: string index out of range',
  ],
  ['{{index "abc" 4}}', 'template: inject:1:2: executing "inject" at <index "abc" 4>: error calling index: index out of range: 4'],
  [
    '{{index .Values nil}}',
    'template: inject:1:2: executing "inject" at <index .Values nil>: error calling index: value is nil; should be of type string',
  ],
  [
    '{{eq .Values.l .Values.m}}',
    'template: inject:1:2: executing "inject" at <eq .Values.l .Values.m>: error calling eq: non-comparable types [%!s(float64=1) x <nil> map[k:%!s(float64=1)]]: []interface {}, map[string]interface {}: map[k:v n:map[]]',
  ],
  [
    '{{eq .Values.l 1}}',
    'template: inject:1:2: executing "inject" at <eq .Values.l 1>: error calling eq: incompatible types for comparison: []interface {} and int',
  ],
  [
    '{{eq .Values.m .Values.m}}',
    'template: inject:1:2: executing "inject" at <eq .Values.m .Values.m>: error calling eq: non-comparable type map[k:v n:map[]]: map[string]interface {}',
  ],
  [
    '{{ne .Values.m .Values.m}}',
    'template: inject:1:2: executing "inject" at <ne .Values.m .Values.m>: error calling ne: non-comparable type map[k:v n:map[]]: map[string]interface {}',
  ],
  ['{{lt nil 1}}', 'template: inject:1:2: executing "inject" at <lt nil 1>: error calling lt: invalid type for comparison'],
  ['{{lt 1 nil}}', 'template: inject:1:2: executing "inject" at <lt 1 nil>: error calling lt: invalid type for comparison'],
  [
    '{{eq 1 2 1.0}}',
    'template: inject:1:2: executing "inject" at <eq 1 2 1.0>: error calling eq: incompatible types for comparison: int and float64',
  ],
  [
    '{{eq true .Values.s}}',
    'template: inject:1:2: executing "inject" at <eq true .Values.s>: error calling eq: incompatible types for comparison: bool and string',
  ],
  [
    '{{range $v := .Values.l}}{{$v.foo}}{{end}}',
    'template: inject:1:29: executing "inject" at <$v.foo>: can\'t evaluate field foo in type interface {}',
  ],
  [
    '{{$v := index .Values.l 0}}{{$v.foo}}',
    'template: inject:1:31: executing "inject" at <$v.foo>: can\'t evaluate field foo in type float64',
  ],
  [
    '{{.Values.nest.a.b.c}} {{(index .Values.nest.a.b.c 2).d}} {{index .Values.nest "a" "b" "c" 2 "d"}}',
    'template: inject:1:26: executing "inject" at <index .Values.nest.a.b.c 2>: error calling index: index of untyped nil',
  ],
  [
    '{{define "T"}}{{.x}}{{end}}{{template "T" "str"}}',
    'template: inject:1:16: executing "T" at <.x>: can\'t evaluate field x in type string',
  ],
  [
    '{{.Values.u}} {{len .Values.u}} {{printf "%.3s|%5s|%q" .Values.u "é" .Values.u}}',
    'template: inject:1:16: executing "inject" at <len .Values.u>: error calling len: reflect: call of reflect.Value.Type on zero Value',
  ],
  ['{{ .Values.m.k.z }}', 'template: inject:1:10: executing "inject" at <.Values.m.k.z>: can\'t evaluate field z in type interface {}'],
  [
    '{{ $.Values.m.k.z.y }}',
    'template: inject:1:4: executing "inject" at <$.Values.m.k.z.y>: can\'t evaluate field z in type interface {}',
  ],
  ['{{ (.Values.m).k.z }}', 'template: inject:1:11: executing "inject" at <.Values.m>: can\'t evaluate field z in type interface {}'],
  ['{{ .Values.s | .Values.x }}', 'template: inject:1:22: executing "inject" at <.Values.x>: x is not a method but has arguments'],
  ['{{ .Values.t.x }}', 'template: inject:1:10: executing "inject" at <.Values.t.x>: can\'t evaluate field x in type interface {}'],
  ['{{ 3 .x }}', 'template: inject:1:3: executing "inject" at <3>: can\'t give argument to non-function 3'],
  ['{{ `a` "b" }}', 'template: inject:1:3: executing "inject" at <`a`>: can\'t give argument to non-function `a`'],
  ['{{ template "a" }}{{ template "b" }}', 'template: inject:1:12: executing "inject" at <{{template "a"}}>: template "a" not defined'],
  ['{{ nil }}{{ if (nil) }}{{end}}', 'template: inject:1:3: executing "inject" at <nil>: nil is not a command'],
  ['{{ print (nil) }}', 'template: inject:1:10: executing "inject" at <nil>: nil is not a command'],
  [
    '{{ len "" }}{{ len .Values.el }}{{ len .Values.em }}',
    'template: inject:1:15: executing "inject" at <len .Values.el>: error calling len: reflect: call of reflect.Value.Type on zero Value',
  ],
];

describe('template engine', () => {
  it.each(outputs)('renders %s as Go does', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(executionErrors)("stops at %s with Go's message and place", (template, message) => {
    expect(failure(template)).toBe(message);
  });
});

import { describe, expect, it } from 'vitest';
import { renderer, sprigOnly } from '../rendering.fixture.ts';

const { output, failure } = renderer(sprigOnly);

// Expected texts are those of Go's text/template with sprig v3.3.
const outputs: readonly (readonly [string, string])[] = [
  ['{{ regexMatch "^a.c$" "abc" }}', 'true'],
  ['{{ regexFind "[a-z]+" "12abc34" }}', 'abc'],
  ['{{ regexFind "x" "a" }}', ''],
  ['{{ regexFindAll "[2,4,6,8]" "123456789" -1 }}', '[2 4 6 8]'],
  ['{{ regexFindAll "a" "aaaa" 2 }}', '[a a]'],
  ['{{ regexFindAll "x" "a" -1 }}', '[]'],
  ['{{ regexFindAll "a" "a" 0 }}', '[]'],
  ['{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}', '-W-xxW-'],
  ['{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W" }}', '---'],
  ['{{ regexReplaceAll "(?P<n>a+)" "baab" "<$n>$$${0}" }}', 'b<aa>$aab'],
  ['{{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}" }}', '-${1}-${1}-'],
  ['{{ regexSplit "z+" "pizza" -1 }}', '[pi a]'],
  ['{{ regexSplit "" "abc" -1 }}', '[a b c]'],
  ['{{ regexSplit "a" "banana" 2 }}', '[b nana]'],
  ['{{ regexSplit "x" "" -1 }}', '[]'],
  ['{{ regexSplit "a" "aba" 0 }}', '[]'],
  ['{{ regexQuoteMeta "1.2$[a]" }}', '1\\.2\\$\\[a\\]'],
  ['{{ regexReplaceAll "" "abc" "-" }}', '-a-b-c-'],
  ['{{ regexReplaceAll "b*" "abbc" "-" }}', '-a-c-'],
  ['{{ regexMatch "(" "a" }}', 'false'],
  ['{{ regexFind "(?i)HELLO" "say hello" }}', 'hello'],
  ['{{ regexFind "(?s)a.b" "a\\nb" }}', 'a\nb'],
  ['{{ regexFind "a.b" "a\\nb" }}', ''],
  ['{{ regexFindAll "(?m)^\\\\w+$" "ab\\ncd" -1 }}', '[ab cd]'],
  ['{{ regexFind "\\\\bfoo\\\\b" "a foo b" }}', 'foo'],
  ['{{ regexFind "a+?" "aaa" }}', 'a'],
  ['{{ regexFind "(a|ab)(c|bcd)" "abcd" }}', 'abcd'],
  ['{{ regexFind "[[:alpha:]]+" "12ab" }}', 'ab'],
  ['{{ regexFind "[^[:space:]]+" " ab " }}', 'ab'],
  ['{{ regexFind "\\\\d{2,3}" "12345" }}', '123'],
  ['{{ regexFind "\\\\d{2,}?" "12345" }}', '12'],
  ['{{ regexFind "\\\\pL+" "1éà2" }}', 'éà'],
  ['{{ regexFind "\\\\p{Greek}+" "abγδ" }}', 'γδ'],
  ['{{ regexFind "\\\\PL+" "ab12" }}', '12'],
  ['{{ regexFind "[\\\\w-]+" "a-b c" }}', 'a-b'],
  ['{{ regexFind "\\\\Qa.b\\\\E+" "a.bbb" }}', 'a.bbb'],
  ['{{ regexFind "(?U)a+" "aaa" }}', 'a'],
  ['{{ regexFind "x*" "aaa" }}', ''],
  ['{{ regexFind "\\\\x41\\\\x{42}\\\\n?" "AB" }}', 'AB'],
  ['{{ regexFind "a$" "a\\n" }}', ''],
  ['{{ regexFind "\\\\Aab\\\\z" "ab" }}', 'ab'],
  ['{{ regexFind "(?i)[k-m]+" "KLM" }}', 'KLM'],
  ['{{ regexFind "[]a]+" "]a" }}', ']a'],
  ['{{ regexFind "[a-]+" "a-" }}', 'a-'],
  ['{{ regexFind "a{,2}" "a{,2}" }}', 'a{,2}'],
  ['{{ regexFind "a{2" "a{2" }}', 'a{2'],
  ['{{ regexFind "(?i:a)b" "Ab" }}', 'Ab'],
  ['{{ regexFind "(?:ab)+" "ababa" }}', 'abab'],
  ['{{ regexFind "." "é" }}', 'é'],
  ['{{ regexFindAll "é" "éé" -1 }}', '[é é]'],
  ['{{ regexFind "[^a]" "aé" }}', 'é'],
  ['{{ regexReplaceAll "(\\\\w+) (\\\\w+)" "hello world" "$2 $1" }}', 'world hello'],
  ['{{ regexReplaceAll "a" "banana" "$" }}', 'b$n$n$'],
  ['{{ regexReplaceAll "a" "banana" "${x}" }}', 'bnn'],
  ['{{ regexReplaceAll "(a)" "banana" "$1x" }}', 'bnn'],
  ['{{ regexReplaceAll "(a)" "banana" "${1}x$9" }}', 'baxnaxnax'],
  ['{{ regexReplaceAll "^" "ab" "x" }}', 'xab'],
  ['{{ regexReplaceAll "$" "ab" "x" }}', 'abx'],
  ['{{ regexReplaceAll "a|" "banana" "x" }}', 'xbxnxnx'],
  ['{{ regexReplaceAll "(a)|(b)" "ab" "[$1$2]" }}', '[a][b]'],
  ['{{ mustRegexMatch "a" "a" }}', 'true'],
];

const failures: readonly (readonly [string, string])[] = [
  ['{{ mustRegexMatch "(" "a" }}', 'error calling mustRegexMatch: error parsing regexp: missing closing ): `(`'],
  ['{{ mustRegexFind "a(?=b)" "a" }}', 'error calling mustRegexFind: error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
  ['{{ mustRegexFind "[z-a]" "a" }}', 'error calling mustRegexFind: error parsing regexp: invalid character class range: `z-a`'],
  ['{{ mustRegexFind "a**" "a" }}', 'error calling mustRegexFind: error parsing regexp: invalid nested repetition operator: `**`'],
  ['{{ mustRegexFind "\\\\8" "a" }}', 'error calling mustRegexFind: error parsing regexp: invalid escape sequence: `\\8`'],
  ['{{ mustRegexFind "a{1001}" "a" }}', 'error calling mustRegexFind: error parsing regexp: invalid repeat count: `{1001}`'],
  ['{{ mustRegexFind ")" "a" }}', 'error calling mustRegexFind: error parsing regexp: unexpected ): `)`'],
  ['{{ mustRegexFind "[a" "a" }}', 'error calling mustRegexFind: error parsing regexp: missing closing ]: `[a`'],
  ['{{ mustRegexFind "*" "a" }}', 'error calling mustRegexFind: error parsing regexp: missing argument to repetition operator: `*`'],
  ['{{ mustRegexFind "(?P<n" "a" }}', 'error calling mustRegexFind: error parsing regexp: invalid named capture: `(?P<n`'],
  ['{{ mustRegexFind "\\\\pX" "a" }}', 'error calling mustRegexFind: error parsing regexp: invalid character class range: `\\pX`'],
  ['{{ mustRegexFind "(?z)" "a" }}', 'error calling mustRegexFind: error parsing regexp: invalid or unsupported Perl syntax: `(?z`'],
  ['{{ mustRegexFind "a\\\\" "a" }}', 'error calling mustRegexFind: error parsing regexp: trailing backslash at end of expression: ``'],
];

describe('sprig regexp functions', () => {
  it.each(outputs)('give for %s what sprig gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each(failures)("fail for %s with sprig's message", (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

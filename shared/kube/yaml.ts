/**
 * YAML the way Kubernetes reads it: into JSON, by the rules of `yaml-scalar.ts`; of two equal keys the last wins, merge keys work, keys become
 * text. Tags that are not YAML's own leave a scalar as text.
 */

import { Composer, type Document, LineCounter, Parser, type YAMLParseError } from 'yaml';
import type { JsonValue } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { YamlFailure, yamlNodeToJson } from './yaml-node.ts';

const prefix = 'error converting YAML to JSON: ';

/** Reads the first document of a stream; null if there is none. */
export function parseKubeYaml(text: string): Result<JsonValue> {
  const lines = new LineCounter();
  try {
    const document = firstDocument(text, lines);
    const error = document?.errors[0];
    if (error) return fail(`${prefix}yaml: ${parseProblem(error, lines)}`);
    return ok(document ? yamlNodeToJson(document.contents, text) : null);
  } catch (caught) {
    return fail(prefix + failureText(caught));
  }
}

/** Only the first one is composed: what follows may be broken. */
function firstDocument(text: string, lines: LineCounter): Document.Parsed | undefined {
  const composer = new Composer({ version: '1.1', schema: 'failsafe', uniqueKeys: false, merge: false, prettyErrors: false });
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text), false, text.length)) return document;
  return undefined;
}

function parseProblem(error: YAMLParseError, lines: LineCounter): string {
  const { line } = lines.linePos(error.pos[0]);
  return `line ${line}: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
}

function failureText(caught: unknown): string {
  if (caught instanceof YamlFailure) return caught.message;
  // The parser recurses: a document nested thousands of levels deep exhausts the stack.
  if (caught instanceof RangeError) return 'yaml: exceeded max depth';
  throw caught;
}

/** One document of a stream. */
export interface KubeYamlDocument {
  /** Of its first line in the stream, from 1. */
  readonly line: number;
  /** As written, without the separator in front if that stands on a line of its own. */
  readonly text: string;
  readonly value: JsonValue;
}

/** Reads all documents of a stream. One that is broken becomes a problem and holds back no other; those without content are left out. */
export function parseKubeYamlDocuments(
  text: string,
  file = 'YAML stream',
): { readonly value: readonly KubeYamlDocument[]; readonly problems: readonly Problem[] } {
  const value: KubeYamlDocument[] = [];
  const problems: Problem[] = [];
  for (const chunk of splitDocuments(text)) {
    const parsed = parseKubeYaml(chunk.text);
    if (!parsed.ok) problems.push(yamlProblem(`document from line ${chunk.line}: ${parsed.error}`, file));
    else if (parsed.value !== null) value.push({ ...chunk, value: parsed.value });
  }
  return { value, problems };
}

function yamlProblem(message: string, file: string): Problem {
  return { code: 'yaml-invalid', severity: 'error', object: file, path: '', message };
}

interface Chunk {
  readonly line: number;
  readonly text: string;
}

const separator = /^---(?:\s|$)/;
const bareSeparator = /^---\s*(?:#.*)?$/;
const hasDirective = /^%/m;

/** At lines that begin with `---`, as Kubernetes' tools do: no other document is drawn into what is wrong with one. */
function splitDocuments(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let lines: string[] = [];
  let start = 1;
  const finish = (next: number) => {
    chunks.push({ line: start, text: lines.join('\n') });
    lines = [];
    start = next;
  };
  for (const [index, line] of text.split('\n').entries()) {
    // Directives (`%YAML 1.1`) belong to the document behind the separator.
    const isStart = separator.test(line) && !lines.some((before) => hasDirective.test(before));
    if (isStart) finish(index + (bareSeparator.test(line) ? 2 : 1));
    if (!isStart || !bareSeparator.test(line)) lines.push(line);
  }
  finish(0);
  return chunks;
}

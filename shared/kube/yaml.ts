/**
 * YAML the way Kubernetes reads it: into JSON, by the rules of `yaml-scalar.ts`; of two equal keys the last wins, merge keys work, keys become
 * text. Tags that are not YAML's own leave a scalar as text.
 */

import { parseEvents, YAMLException, type Event as YamlEvent } from 'js-yaml';
import type { JsonValue } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { mendBlanks } from './yaml-blanks.ts';
import { maxYamlDepth, yamlEventsToJson } from './yaml-node.ts';
import { YamlFailure } from './yaml-tagged.ts';

const prefix = 'error converting YAML to JSON: ';

/** Reads the first document of a stream; null if there is none. */
export function parseKubeYaml(text: string): Result<JsonValue> {
  try {
    const { events, source } = parseFirst(text);
    return ok(yamlEventsToJson(events, source));
  } catch (caught) {
    return fail(prefix + failureText(caught));
  }
}

interface ParsedDocument {
  readonly events: readonly YamlEvent[];
  readonly source: string;
}

/** The parser counts scalars too. */
const parserDepth = maxYamlDepth + 1;
/** Characters that may be read again for mended lines; a document that needs more of them is an attack. */
const maxRereadLength = 1_000_000;

/** The parser is stricter than Kubernetes about blanks that mean nothing: where it stops at a line for that, the line is mended. */
function parseFirst(text: string): ParsedDocument {
  let source = firstDocument(text);
  let rereadLength = 0;
  for (;;) {
    try {
      return { events: parseEvents(source, { maxDepth: parserDepth }), source };
    } catch (caught) {
      const mended = caught instanceof YAMLException ? mendBlanks(source, caught) : undefined;
      rereadLength += source.length;
      if (mended === undefined || rereadLength > maxRereadLength) throw caught;
      source = mended;
    }
  }
}

const marker = /(?<=^|[\n\r])(?:---|\.\.\.)(?=[ \t\n\r]|$)/g;
const hasContent = /(?:^|[\n\r])[ \t]*[^ \t\n\r#%\uFEFF]/;

/** Without what follows, which may be broken: no document goes on behind a line that begins with a marker. */
function firstDocument(text: string): string {
  for (const { index } of text.matchAll(marker)) {
    const document = text.slice(0, index);
    if (text.startsWith('...', index) || hasContent.test(document)) return document;
  }
  return text;
}

function failureText(caught: unknown): string {
  if (caught instanceof YamlFailure) return caught.message;
  if (caught instanceof YAMLException) return `yaml: line ${(caught.mark?.line ?? 0) + 1}: ${caught.reason}`;
  // The parser recurses: where little is left of the stack, even a document that is not too deep exhausts it.
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

/** One that may be broken; its text is there in any case. */
export interface ReadKubeYamlDocument extends Chunk {
  readonly parsed: Result<JsonValue>;
}

/** Reads the documents of a stream, each on its own; those without content are left out. */
export function readKubeYamlDocuments(text: string): readonly ReadKubeYamlDocument[] {
  const documents = splitDocuments(text).map((chunk) => ({ ...chunk, parsed: parseKubeYaml(chunk.text) }));
  return documents.filter(({ parsed }) => !parsed.ok || parsed.value !== null);
}

/** Reads all documents of a stream. One that is broken becomes a problem and holds back no other; those without content are left out. */
export function parseKubeYamlDocuments(
  text: string,
  file = 'YAML stream',
): { readonly value: readonly KubeYamlDocument[]; readonly problems: readonly Problem[] } {
  const value: KubeYamlDocument[] = [];
  const problems: Problem[] = [];
  for (const { parsed, ...chunk } of readKubeYamlDocuments(text)) {
    if (parsed.ok) value.push({ ...chunk, value: parsed.value });
    else problems.push(yamlProblem(`document from line ${chunk.line}: ${parsed.error}`, file));
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

/** The scalars of a YAML document: by their tag, or as they are written. */

import { getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { type PlainScalar, resolvePlain } from './yaml-scalar.ts';

/** A document that is well-formed, but that has no JSON. */
export class YamlFailure extends Error {}

/** What the text of a tag means in one document. */
export interface YamlTags {
  readonly source: string;
  /** From `%TAG` directives, by handle (`!e!`). */
  readonly prefixes: ReadonlyMap<string, string>;
}

const coreTag = 'tag:yaml.org,2002:';
/** YAML 1.1 has no such escape; YAML 1.2 does. */
const newEscape = /^(?:[^\\]|\\[^/])*\\\//;

/** Reads one scalar; text, unless it is plain or its tag says what it is. Throws {@link YamlFailure}. */
export function readScalar(event: ScalarEvent, tags: YamlTags): PlainScalar {
  const { source } = tags;
  const text = getScalarValue(source, event);
  if (event.tagStart >= 0) return readTagged(text, tagName(source.slice(event.tagStart, event.tagEnd), tags));
  if (event.style === SCALAR_STYLE.PLAIN) return resolvePlain(text);
  const hasEscapes = event.style === SCALAR_STYLE.DOUBLE_QUOTED && !event.fast;
  if (hasEscapes && newEscape.test(source.slice(event.valueStart, event.valueEnd))) {
    throw new YamlFailure('yaml: found unknown escape character');
  }
  return { tag: 'str', value: text };
}

const indentIndicator = /[|>][-+]?[1-9][-+]?[ \t]*(?:#.*)?\r?\n$/;

/** The scalar that is a whole document: libyaml counts a written indentation (`|2`) from column 0, js-yaml there from the column before. */
export function rootScalar(event: ScalarEvent, source: string): ScalarEvent {
  if (event.style !== SCALAR_STYLE.LITERAL_BLOCK && event.style !== SCALAR_STYLE.FOLDED_BLOCK) return event;
  const header = source.slice(source.lastIndexOf('\n', event.valueStart - 2) + 1, event.valueStart);
  return indentIndicator.test(header) ? { ...event, indent: event.indent + 1 } : event;
}

/** Whether it is an unquoted `<<`. */
export function isMergeKey(event: ScalarEvent, source: string): boolean {
  return (
    event.style === SCALAR_STYLE.PLAIN &&
    event.tagStart < 0 &&
    event.valueEnd - event.valueStart === 2 &&
    source.startsWith('<<', event.valueStart)
  );
}

const tagHandle = /^![0-9A-Za-z-]*!|^!/;

/** `!!int`, `!<tag:yaml.org,2002:int>` and, with a directive, `!e!int` are the same. */
function tagName(written: string, { prefixes }: YamlTags): string {
  if (written.startsWith('!<')) return written.slice(2, -1);
  const handle = tagHandle.exec(written)?.[0] ?? '';
  const prefix = prefixes.get(handle) ?? (handle === '!!' ? coreTag : handle);
  return prefix + written.slice(handle.length);
}

function readTagged(text: string, tag: string): PlainScalar {
  const wanted = tag.startsWith(coreTag) ? tag.slice(coreTag.length) : 'str';
  if (wanted === 'binary') return { tag: 'str', value: readBinary(text) };
  if (wanted !== 'int' && wanted !== 'float' && wanted !== 'bool' && wanted !== 'null') return { tag: 'str', value: text };
  const scalar = resolvePlain(text);
  if (scalar.tag === 'int' && wanted === 'float') return { tag: 'float', value: scalar.value };
  if (scalar.tag === wanted) return scalar;
  throw new YamlFailure(`yaml: cannot decode !!${scalar.tag} \`${text}\` as a !!${wanted}`);
}

const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

function readBinary(text: string): string {
  if (!base64.test(text)) throw new YamlFailure('yaml: !!binary value contains invalid base64 data');
  return Buffer.from(text, 'base64').toString('utf8');
}

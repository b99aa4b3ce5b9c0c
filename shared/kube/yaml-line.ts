import { EVENT_ID, getScalarValue, parseEvents, type ScalarEvent, type Event as YamlEvent } from 'js-yaml';
import type { FieldPath } from '../lib/field-path.ts';
import { maxYamlDepth } from './yaml-node.ts';

/**
 * Finds fields of a document: the line, from 1, on which a field stands; that of the nearest member around it if it is not written there (absent,
 * merged, behind an alias), and 1 in a document that cannot be parsed.
 */
export function fieldLines(text: string): (path: FieldPath) => number {
  let parsed: readonly YamlEvent[] | undefined;
  return (path) => {
    // Most documents have nothing that must be found.
    parsed ??= eventsOf(text);
    const events = parsed[Symbol.iterator]();
    events.next();
    return text.slice(0, offsetOf(events.next().value, path, { events, text })).split('\n').length;
  };
}

function eventsOf(text: string): readonly YamlEvent[] {
  try {
    return parseEvents(text, { maxDepth: maxYamlDepth });
  } catch {
    return [];
  }
}

interface Walk {
  readonly events: Iterator<YamlEvent, undefined>;
  readonly text: string;
}

/** The events behind the answer are not read. */
function offsetOf(event: YamlEvent | undefined, path: FieldPath, walk: Walk): number {
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart;
    case EVENT_ID.MAPPING:
      return path.length === 0 ? event.start : memberOffset(event.start, path, walk);
    case EVENT_ID.SEQUENCE:
      return path.length === 0 ? event.start : itemOffset(event.start, path, walk);
    default:
      return 0;
  }
}

function memberOffset(start: number, [step, ...rest]: FieldPath, { events, text }: Walk): number {
  for (let key = events.next().value; key && key.type !== EVENT_ID.POP; key = events.next().value) {
    if (key.type !== EVENT_ID.SCALAR) skip(key, events);
    const value = events.next().value;
    if (key.type === EVENT_ID.SCALAR && getScalarValue(text, key) === String(step)) return below(key, value, rest, { events, text });
    skip(value, events);
  }
  return start;
}

/** A member is where its name is. */
function below(key: ScalarEvent, value: YamlEvent | undefined, rest: FieldPath, walk: Walk): number {
  const isFound = rest.length === 0 || value?.type === EVENT_ID.SCALAR || value?.type === EVENT_ID.ALIAS;
  return isFound ? key.valueStart : Math.max(key.valueStart, offsetOf(value, rest, walk));
}

function itemOffset(start: number, [step, ...rest]: FieldPath, walk: Walk): number {
  let index = 0;
  for (let item = walk.events.next().value; item && item.type !== EVENT_ID.POP; item = walk.events.next().value) {
    if (index === step) return offsetOf(item, rest, walk) || start;
    skip(item, walk.events);
    index += 1;
  }
  return start;
}

function skip(event: YamlEvent | undefined, events: Walk['events']): void {
  let depth = event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE ? 1 : 0;
  while (depth > 0) {
    const next = events.next().value;
    if (next === undefined) return;
    if (next.type === EVENT_ID.POP) depth -= 1;
    else if (next.type === EVENT_ID.MAPPING || next.type === EVENT_ID.SEQUENCE) depth += 1;
  }
}

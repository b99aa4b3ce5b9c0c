/**
 * Adds what a .proto file lacks. The overlay is a .proto file of the same package that repeats only the messages and enums to be extended, down to
 * nested ones, and in them only the new members; imports, messages and enums that the file does not have are added whole.
 */
export function mergeOverlay(base: string, overlay: string): string {
  const lines = base.split(/\r?\n/);
  const places = messagePlaces(lines);
  const added = new Map<number, string[]>();
  for (const { line, messages, opens } of walk(overlay.split('\n'))) {
    const opensKnown = opens !== undefined && places.has([...messages, opens].join('.'));
    const closesKnown = line.trim() === '}' && messages.at(-1) !== '' && places.has(messages.join('.'));
    if (opensKnown || closesKnown || isHeader(line) || (line.startsWith('import ') && lines.includes(line))) continue;
    const place = nearestPlace(messages, places);
    added.set(place, [...(added.get(place) ?? []), line]);
  }
  return lines.flatMap((line, index) => [line, ...(added.get(index) ?? [])]).join('\n');
}

interface WalkedLine {
  readonly line: string;
  /** Names of the messages and enums around the line, outermost first; `''` for any other braces. */
  readonly messages: readonly string[];
  /** Name of the message or enum that starts on the line. */
  readonly opens?: string;
}

function* walk(lines: readonly string[]): Generator<WalkedLine> {
  let messages: readonly string[] = [];
  for (const line of lines) {
    const code = line.replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/\/\/.*/, '');
    const opens = /^\s*(?:message|enum)\s+(\w+)/.exec(code)?.[1];
    yield opens === undefined ? { line, messages } : { line, messages, opens };
    let name = opens ?? '';
    for (const brace of code.match(/[{}]/g) ?? []) {
      messages = brace === '{' ? [...messages, name] : messages.slice(0, -1);
      name = '';
    }
  }
}

/**
 * The line behind which additions go, by dotted name: that on which a message starts, the last one inside an enum (whose first value must stay the
 * first), and for `''`, the file, its `package` line.
 */
function messagePlaces(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map([['', lines.findIndex((line) => line.startsWith('package '))]]);
  const enums = new Set<string>();
  for (const [index, { line, messages, opens }] of [...walk(lines)].entries()) {
    const [around, opened] = [messages.join('.'), [...messages, opens].join('.')];
    if (opens !== undefined) places.set(opened, index);
    if (opens !== undefined && enumStart.test(line)) enums.add(opened);
    if (enums.has(around) && line.trim() !== '}') places.set(around, index);
  }
  return places;
}

const enumStart = /^\s*enum\s/;

function nearestPlace(messages: readonly string[], places: ReadonlyMap<string, number>): number {
  const place = places.get(messages.join('.'));
  if (place !== undefined) return place;
  return nearestPlace(messages.slice(0, -1), places);
}

function isHeader(line: string): boolean {
  return /^(?:syntax\b|package\b|\s*$)/.test(line);
}

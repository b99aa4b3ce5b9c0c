/** Recorded discovery streams, and the worlds that can be read off them: which resources there were between two events, and which a push brought anew. */
import { readFileSync } from 'node:fs';
import { typeUrls } from '../fixtures/snapshots.ts';

export interface Line {
  readonly seq: number;
  readonly dir: 'open' | 'send' | 'recv' | 'close' | 'event' | 'quiet' | 'note';
  readonly conn?: string;
  readonly proto?: 'sotw' | 'delta';
  readonly type_url?: string;
  readonly node?: string;
  readonly names?: readonly string[];
  readonly subscribe?: readonly string[];
  readonly unsubscribe?: readonly string[];
  readonly initial_resource_versions?: Readonly<Record<string, string>>;
  readonly nonce?: string;
  readonly kind?: string;
  readonly count?: number;
  readonly resources?: readonly string[];
  readonly removed?: readonly string[];
  readonly error_detail?: { readonly message: string };
  readonly detail?: string;
}

export function readTranscript(path: string): readonly Line[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Line);
}

/** type → name → version; a version is the number of the event whose push brought it. */
export type TranscriptWorld = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Clusters and listeners come whole in SotW, and what a response lacks is gone. */
export function isWholeType(typeUrl: string): boolean {
  return typeUrl === typeUrls.cds || typeUrl === typeUrls.lds;
}

/** The world of each segment; segments begin with an event. Of a type that is asked for late, the first answer tells what there was before. */
export function worldsOf(lines: readonly Line[]): readonly TranscriptWorld[] {
  const types = [...new Set(lines.flatMap((line) => (line.dir === 'recv' && line.type_url !== undefined ? [line.type_url] : [])))];
  const count = lines.filter(({ dir }) => dir === 'event').length + 1;
  const byType = new Map(
    types.map((typeUrl) => [typeUrl, isWholeType(typeUrl) ? wholeStates(lines, typeUrl, count) : namedStates(lines, typeUrl, count)]),
  );
  return Array.from(
    { length: count },
    (_, segment) => new Map([...byType].map(([typeUrl, states]) => [typeUrl, states[segment] ?? new Map()])),
  );
}

type States = readonly ReadonlyMap<string, number>[];

function wholeStates(lines: readonly Line[], typeUrl: string, count: number): States {
  const states: (Map<string, number> | undefined)[] = [];
  let current: Map<string, number> | undefined;
  for (const { line, segment, isPush } of walked(lines)) {
    if (line.dir === 'recv' && line.type_url === typeUrl) current = after(current, line, isPush ? segment : undefined);
    states[segment] = current === undefined ? undefined : new Map(current);
  }
  const first = states.find((state) => state !== undefined) ?? new Map();
  return Array.from({ length: count }, (_, segment) => states[segment] ?? first);
}

function after(current: ReadonlyMap<string, number> | undefined, line: Line, pushed: number | undefined): Map<string, number> {
  const names = line.resources ?? [];
  const versionOf = (name: string): number => pushed ?? current?.get(name) ?? 0;
  const received = names.map((name): [string, number] => [name, versionOf(name)]);
  if (line.proto === 'sotw') return new Map(received);
  const next = new Map([...(current ?? []), ...received]);
  for (const name of line.removed ?? []) next.delete(name);
  return next;
}

/** Every name that was ever answered; an answer without resource is one too, so that nothing ever disappears. */
function namedStates(lines: readonly Line[], typeUrl: string, count: number): States {
  const received = walked(lines).filter(({ line }) => line.dir === 'recv' && line.type_url === typeUrl);
  const names = [...new Set(received.flatMap(({ line }) => line.resources ?? []))];
  return Array.from({ length: count }, (_, at) => {
    const pushes = received.filter(({ segment, isPush }) => isPush && segment <= at);
    return new Map(names.map((name) => [name, pushes.findLast(({ line }) => line.resources?.includes(name))?.segment ?? 0]));
  });
}

interface Walked {
  readonly line: Line;
  readonly segment: number;
  /** Between an event and the next request that is more than an acknowledgement. */
  readonly isPush: boolean;
}

const answers: ReadonlySet<string | undefined> = new Set(['ack', 'nack', 'stale']);

function walked(lines: readonly Line[]): readonly Walked[] {
  let segment = 0;
  let isPush = false;
  return lines.map((line) => {
    if (line.dir === 'event') {
      segment += 1;
      isPush = true;
    } else if (line.dir === 'send' && !answers.has(line.kind)) isPush = false;
    return { line, segment, isPush };
  });
}

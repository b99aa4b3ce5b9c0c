import type { Meter } from '../limits.ts';
import { isWord } from './class.ts';
import type { Assertion } from './node.ts';
import { parseRegexp } from './parse.ts';
import { compileProgram, type Step } from './program.ts';

/** Start and end of the whole match and of each group, as indexes into the text; -1 for a group that took no part. */
export type Match = readonly number[];

/** A regular expression with Go's meaning: the leftmost match, of those the one that backtracking would find first, in linear time. */
export interface Regexp {
  readonly groups: readonly string[];
  /** First match at or behind an index. */
  readonly exec: (text: string, from: number) => Match | undefined;
}

/** Compiles an expression; what compiling and searching cost goes to the meter. */
export function compileRegexp(pattern: string, meter: Meter): Regexp {
  const { node, groups } = parseRegexp(pattern);
  const steps = compileProgram(node, meter);
  const exec = (text: string, from: number): Match | undefined => {
    meter.spend(steps.length);
    return new Search(steps, text, meter).run(from);
  };
  return { groups, exec };
}

/** A step does more than reading a character. */
const stepCost = 8;

interface Thread {
  readonly at: number;
  readonly saved: Match;
}

/** One search: all ways through the program advance together, in order of preference. */
class Search {
  readonly steps: readonly Step[];
  readonly text: string;
  /** For each place of the program the text index at which it was last reached. */
  readonly seen: Int32Array;
  readonly meter: Meter;

  constructor(steps: readonly Step[], text: string, meter: Meter) {
    this.steps = steps;
    this.text = text;
    this.meter = meter;
    this.seen = new Int32Array(steps.length).fill(-1);
  }

  run(from: number): Match | undefined {
    let threads: Thread[] = [];
    let best: Match | undefined;
    for (let at = from; ; ) {
      // Later starts are of lower preference than all threads that are on their way.
      if (!best) this.follow(threads, { at: 0, saved: [] }, at);
      const code = this.text.codePointAt(at);
      const after = at + (code !== undefined && code > 0xffff ? 2 : 1);
      const next: Thread[] = [];
      best = this.advance(threads, next, { code, after }) ?? best;
      if (code === undefined || (best && next.length === 0)) return best;
      threads = next;
      at = after;
    }
  }

  /** Lets threads read a character, up to the first one that has matched: those behind it are of lower preference. */
  advance(
    threads: readonly Thread[],
    next: Thread[],
    { code, after }: { readonly code: number | undefined; readonly after: number },
  ): Match | undefined {
    for (const { at, saved } of threads) {
      const step = this.steps[at];
      if (step?.op === 'match') return saved;
      if (step?.op === 'char' && code !== undefined && step.test(code)) this.follow(next, { at: at + 1, saved }, after);
    }
    return undefined;
  }

  /** Adds every place that can be reached without reading a character. */
  follow(threads: Thread[], start: Thread, index: number): void {
    const stack: Thread[] = [start];
    for (let thread = stack.pop(); thread; thread = stack.pop()) {
      if (this.seen[thread.at] === index) continue;
      this.seen[thread.at] = index;
      this.meter.spend(stepCost);
      const { at, saved } = thread;
      const step = this.steps[at];
      if (!step) continue;
      switch (step.op) {
        case 'jump':
          stack.push({ at: step.to, saved });
          break;
        case 'split':
          stack.push({ at: step.second, saved }, { at: step.first, saved });
          break;
        case 'save':
          stack.push({ at: at + 1, saved: withSlot(saved, step.slot, index) });
          break;
        case 'assert':
          if (holds(step.assertion, this.text, index)) stack.push({ at: at + 1, saved });
          break;
        default:
          threads.push(thread);
      }
    }
  }
}

function withSlot(saved: Match, slot: number, index: number): Match {
  const copy = saved.slice();
  while (copy.length <= slot) copy.push(-1);
  copy[slot] = index;
  return copy;
}

function holds(assertion: Assertion, text: string, index: number): boolean {
  switch (assertion) {
    case 'textStart':
      return index === 0;
    case 'textEnd':
      return index === text.length;
    case 'lineStart':
      return index === 0 || text.charCodeAt(index - 1) === 10;
    case 'lineEnd':
      return index === text.length || text.charCodeAt(index) === 10;
    default: {
      const boundary = wordAt(text, index - 1) !== wordAt(text, index);
      return boundary === (assertion === 'word');
    }
  }
}

function wordAt(text: string, index: number): boolean {
  return index >= 0 && index < text.length && isWord(text.charCodeAt(index));
}

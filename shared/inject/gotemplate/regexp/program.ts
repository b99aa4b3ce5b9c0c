import type { Meter } from '../limits.ts';
import { GoFailure } from '../value.ts';
import type { Assertion, CharTest, RegexpNode } from './node.ts';

/** One step of the automaton; numbers are places in the program. */
export type Step =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  | { readonly op: 'save'; readonly slot: number }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'match' };

/** Counted repetitions are written out, so a short expression can become long. */
const maxSteps = 10_000;
const stepCost = 8;

interface Program {
  readonly steps: Step[];
  readonly meter: Meter;
}

/** Compiles a parsed expression; the whole match is saved in slots 0 and 1, group n in 2n and 2n+1. */
export function compileProgram(node: RegexpNode, meter: Meter): readonly Step[] {
  const program: Program = { steps: [], meter };
  emit(program, { kind: 'group', index: 0, part: node });
  add(program, { op: 'match' });
  return program.steps;
}

function add<S extends Step>(program: Program, step: S): S {
  if (program.steps.length >= maxSteps) throw new GoFailure('error parsing regexp: expression is too large');
  program.steps.push(step);
  program.meter.spend(stepCost);
  return step;
}

function emit(program: Program, node: RegexpNode): void {
  switch (node.kind) {
    case 'char':
      add(program, { op: 'char', test: node.test });
      return;
    case 'assert':
      add(program, { op: 'assert', assertion: node.assertion });
      return;
    case 'sequence':
      for (const part of node.parts) emit(program, part);
      return;
    case 'choice':
      emitChoice(program, node.parts);
      return;
    case 'group':
      add(program, { op: 'save', slot: 2 * node.index });
      emit(program, node.part);
      add(program, { op: 'save', slot: 2 * node.index + 1 });
      return;
    case 'repeat':
      emitRepeat(program, node);
  }
}

function emitChoice(program: Program, parts: readonly RegexpNode[]): void {
  const jumps: { to: number }[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const split = isLast ? undefined : add(program, { op: 'split', first: program.steps.length + 1, second: 0 });
    emit(program, part);
    if (!split) continue;
    jumps.push(add(program, { op: 'jump', to: 0 }));
    split.second = program.steps.length;
  }
  for (const jump of jumps) jump.to = program.steps.length;
}

function emitRepeat(program: Program, node: Extract<RegexpNode, { readonly kind: 'repeat' }>): void {
  for (let count = 0; count < node.min; count += 1) emit(program, node.part);
  if (node.max === Number.POSITIVE_INFINITY) {
    const start = program.steps.length;
    const leave = optional(program, node.greedy);
    emit(program, node.part);
    add(program, { op: 'jump', to: start });
    leave(program.steps.length);
    return;
  }
  const leaves: ((end: number) => void)[] = [];
  for (let count = node.min; count < node.max; count += 1) {
    leaves.push(optional(program, node.greedy));
    emit(program, node.part);
  }
  for (const leave of leaves) leave(program.steps.length);
}

/** A split between going on and leaving; the answer sets where leaving leads. */
function optional(program: Program, greedy: boolean): (end: number) => void {
  const next = program.steps.length + 1;
  const split = add(program, { op: 'split', first: next, second: next });
  return (end) => {
    if (greedy) split.second = end;
    else split.first = end;
  };
}

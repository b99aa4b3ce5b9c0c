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

/** Compiles a parsed expression; the whole match is saved in slots 0 and 1, group n in 2n and 2n+1. */
export function compileProgram(node: RegexpNode): readonly Step[] {
  const steps: Step[] = [];
  emit(steps, { kind: 'group', index: 0, part: node });
  add(steps, { op: 'match' });
  return steps;
}

function add<S extends Step>(steps: Step[], step: S): S {
  if (steps.length >= maxSteps) throw new GoFailure('error parsing regexp: expression is too large');
  steps.push(step);
  return step;
}

function emit(steps: Step[], node: RegexpNode): void {
  switch (node.kind) {
    case 'char':
      add(steps, { op: 'char', test: node.test });
      return;
    case 'assert':
      add(steps, { op: 'assert', assertion: node.assertion });
      return;
    case 'sequence':
      for (const part of node.parts) emit(steps, part);
      return;
    case 'choice':
      emitChoice(steps, node.parts);
      return;
    case 'group':
      add(steps, { op: 'save', slot: 2 * node.index });
      emit(steps, node.part);
      add(steps, { op: 'save', slot: 2 * node.index + 1 });
      return;
    case 'repeat':
      emitRepeat(steps, node);
  }
}

function emitChoice(steps: Step[], parts: readonly RegexpNode[]): void {
  const jumps: { to: number }[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const split = isLast ? undefined : add(steps, { op: 'split', first: steps.length + 1, second: 0 });
    emit(steps, part);
    if (!split) continue;
    jumps.push(add(steps, { op: 'jump', to: 0 }));
    split.second = steps.length;
  }
  for (const jump of jumps) jump.to = steps.length;
}

function emitRepeat(steps: Step[], node: Extract<RegexpNode, { readonly kind: 'repeat' }>): void {
  for (let count = 0; count < node.min; count += 1) emit(steps, node.part);
  if (node.max === Number.POSITIVE_INFINITY) {
    const start = steps.length;
    const leave = optional(steps, node.greedy);
    emit(steps, node.part);
    add(steps, { op: 'jump', to: start });
    leave(steps.length);
    return;
  }
  const leaves: ((end: number) => void)[] = [];
  for (let count = node.min; count < node.max; count += 1) {
    leaves.push(optional(steps, node.greedy));
    emit(steps, node.part);
  }
  for (const leave of leaves) leave(steps.length);
}

/** A split between going on and leaving; the answer sets where leaving leads. */
function optional(steps: Step[], greedy: boolean): (end: number) => void {
  const next = steps.length + 1;
  const split = add(steps, { op: 'split', first: next, second: next });
  return (end) => {
    if (greedy) split.second = end;
    else split.first = end;
  };
}

import { compareText } from '../../shared/lib/compare-text.ts';
import type { PlacedProblem } from './documents.ts';

/** What was looked at. */
export interface Counts {
  readonly checked: number;
  /** Objects of kinds that nothing is known about. */
  readonly passedOver: number;
}

/** By file and line; what stands on one line stays in its order. */
export function inFileOrder(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  return [...problems].sort((a, b) => compareText(a.file, b.file) || a.line - b.line);
}

/** One line each, in the form that editors and terminals make a link of, and a last one with the sum. */
export function textReport(problems: readonly PlacedProblem[], { checked, passedOver }: Counts): string {
  const lines = problems.map(({ file, line, severity, object, path, message }) =>
    [`${file}:${line}`, severity, object, path, message.trim().replaceAll(lineBreak, ' ')].filter((part) => part !== '').join(': '),
  );
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const sum = [`${counted(checked, 'object')} checked`, counted(errors, 'error'), counted(problems.length - errors, 'warning')];
  if (passedOver > 0) sum.push(`${counted(passedOver, 'object')} of other kinds passed over`);
  return [...lines, sum.join(', ')].map((line) => `${line}\n`).join('');
}

const lineBreak = /\s*\n\s*/g;

/** The same as data: nothing but the problems. */
export function jsonReport(problems: readonly PlacedProblem[]): string {
  return `${JSON.stringify(problems, null, 2)}\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

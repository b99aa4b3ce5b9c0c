import type { ExpressionNode, TemplateNode } from './ast.ts';
import { quoteText } from './fmt/quote.ts';
import { limits, type Meter } from './limits.ts';
import { GoFailure, type GoValue, LimitFailure } from './value.ts';

/** How a statement ended: in order, or by leaving or repeating the loop around it. */
export type Signal = 'next' | 'break' | 'continue';

/** A statement and an expression, compiled. */
export type Statement = (run: Run, dot: GoValue) => Signal;
export type Expression = (run: Run, dot: GoValue) => GoValue;

/** One execution: its output, variables, the place for error messages, and what it has used of the limits. */
export class Run implements Meter {
  readonly templates: ReadonlyMap<string, Statement>;
  output = '';
  templateName: string;
  node: ExpressionNode | TemplateNode | undefined;
  variables: GoValue[];
  /** Slots whose static type is `interface {}`, and the same for the dot: for error messages only. */
  untyped = new Set<number>();
  dotUntyped = false;
  depth = 0;
  levels = 0;
  bytes = 0;
  iterations = 0;
  work = 0;

  constructor(templates: ReadonlyMap<string, Statement>, name: string, data: GoValue) {
    this.templates = templates;
    this.templateName = name;
    this.variables = [data];
  }

  write(text: string): void {
    this.bytes += Buffer.byteLength(text);
    if (this.bytes > limits.maxOutputBytes) throw new LimitFailure('output is longer than 4 MiB');
    this.output += text;
  }

  /** Counts one loop pass or template call. */
  iterate(): void {
    this.iterations += 1;
    if (this.iterations > limits.maxIterations) throw new LimitFailure(`more than ${limits.maxIterations} iterations`);
  }

  /** Counts one level more; the caller takes it back. */
  enter(): void {
    this.levels += 1;
    if (this.levels > limits.maxLevels) throw new LimitFailure(`nested deeper than ${limits.maxLevels}`);
  }

  /** Counts what a function reads or made, and refuses values that are too large to go on with. */
  charge(value: unknown): void {
    const size = sizeOf(value);
    this.spend(size);
    if (size > (typeof value === 'string' ? limits.maxOutputBytes : limits.maxItems)) throw new LimitFailure('value is too large');
  }

  spend(amount: number): void {
    this.work += amount;
    if (this.work > limits.maxWork) throw new LimitFailure('functions have processed too much data');
  }

  find(name: string): Statement {
    const body = this.templates.get(name);
    if (!body) throw new GoFailure(`template ${quoteText(name)} not defined`);
    return body;
  }

  /** Runs another template with variables of its own. */
  callTemplate(name: string, body: Statement, dot: GoValue): void {
    this.iterate();
    if (this.depth >= limits.maxDepth) throw new LimitFailure(`exceeded maximum template depth (${limits.maxDepth})`);
    const { templateName, variables, untyped, dotUntyped } = this;
    Object.assign(this, { templateName: name, variables: [dot], untyped: new Set<number>(), dotUntyped: false, depth: this.depth + 1 });
    body(this, dot);
    Object.assign(this, { templateName, variables, untyped, dotUntyped, depth: this.depth - 1 });
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || !('kind' in value)) return 0;
  const known = value as Exclude<GoValue, undefined | null | string | number | boolean>;
  if (known.kind === 'list') return known.items().length;
  return known.kind === 'map' ? known.entries().size : 0;
}

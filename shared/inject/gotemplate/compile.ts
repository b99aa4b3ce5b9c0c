import { nodeText } from './ast.ts';
import { builtins } from './builtins.ts';
import { expressionCompiler, isFunction } from './expression.ts';
import { quoteText } from './fmt/quote.ts';
import type { FunctionTable } from './function.ts';
import { ParseFailure } from './parse-error.ts';
import { parse } from './parser.ts';
import { Run, type Statement } from './run.ts';
import { compileList } from './statement.ts';
import { GoFailure, type GoValue } from './value.ts';

/** Why a template does not parse or a rendering stopped. */
export interface TemplateError {
  /** The name given to {@link compileTemplate}. */
  readonly template: string;
  /** From 1. */
  readonly line: number;
  /** In bytes from the start of the line, from 0, as Go counts; of a parse error where the offending token is. */
  readonly column: number;
  /** Go's text, with template name and place in front. */
  readonly message: string;
}

/** A compiled template; it keeps no state between executions. */
export interface Template {
  readonly execute: (data: GoValue) => Rendering;
}

export type Rendering = { readonly ok: true; readonly output: string } | { readonly ok: false; readonly error: TemplateError };

export type Compilation = { readonly ok: true; readonly template: Template } | { readonly ok: false; readonly error: TemplateError };

/**
 * Compiles a Go text/template. Functions of the table win over Go's builtins of the same name.
 * @see https://pkg.go.dev/text/template
 */
export function compileTemplate(name: string, text: string, functions: FunctionTable): Compilation {
  const table: FunctionTable = new Map([...builtins, ...functions]);
  try {
    const set = parse(name, text, (word) => isFunction(table, word));
    const expressions = expressionCompiler(table);
    const bodies = new Map<string, Statement>();
    for (const [defined, body] of set) bodies.set(defined, compileList(body, expressions));
    return { ok: true, template: { execute: (data) => execute(new Run(bodies, name, data), { name, text }, data) } };
  } catch (caught) {
    if (!(caught instanceof ParseFailure)) throw caught;
    const { column } = place(text, caught.at);
    return {
      ok: false,
      error: { template: name, line: caught.line, column, message: `template: ${name}:${caught.line}: ${caught.message}` },
    };
  }
}

interface Source {
  readonly name: string;
  readonly text: string;
}

function execute(run: Run, source: Source, data: GoValue): Rendering {
  try {
    run.templates.get(source.name)?.(run, data);
    return { ok: true, output: run.output };
  } catch (caught) {
    if (!(caught instanceof GoFailure)) throw caught;
    return { ok: false, error: executionError(run, source, caught.message) };
  }
}

function executionError(run: Run, { name, text }: Source, message: string): TemplateError {
  const { node } = run;
  if (!node) return { template: name, line: 1, column: 0, message: `template: ${name}: ${message}` };
  const { line, column } = place(text, node.at);
  const where = `template: ${name}:${line}:${column}: executing ${quoteText(run.templateName)} at <${nodeText(node)}>`;
  return { template: name, line, column, message: `${where}: ${message}` };
}

function place(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1)) };
}

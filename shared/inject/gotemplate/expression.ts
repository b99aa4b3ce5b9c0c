import { type ChainNode, type CommandNode, type FieldNode, nodeText, type OperandNode, type PipeNode, type VariableNode } from './ast.ts';
import { type Command, compileCall, nothing, numberValue, type Piped } from './call.ts';
import type { FunctionTable, GoFunction } from './function.ts';
import { stepInto } from './reflect.ts';
import type { Expression, Run } from './run.ts';
import { GoFailure, type GoValue } from './value.ts';

/** Builtins that are more than functions: they see their arguments before these are evaluated. */
const special: ReadonlySet<string> = new Set(['and', 'or', 'call']);

/** Whether a template may call this name. */
export function isFunction(functions: FunctionTable, name: string): boolean {
  return functions.has(name) || special.has(name);
}

/** Compiles expressions over one table of functions. */
export interface ExpressionCompiler {
  /** A pipeline's value, given to its variables too. */
  readonly pipeline: (node: PipeNode) => Expression;
}

export function expressionCompiler(functions: FunctionTable): ExpressionCompiler {
  const operand = (node: OperandNode): Expression => {
    switch (node.kind) {
      case 'identifier':
        return unpiped(call(node, node, []));
      case 'field':
        return field(node);
      case 'variable':
        return variable(node);
      case 'chain':
        return chain(node, node.base.kind === 'pipe' ? pipeline(node.base) : operand(node.base));
      case 'pipe':
        return pipeline(node);
      default:
        return constant(node);
    }
  };
  const call = (
    name: Extract<OperandNode, { kind: 'identifier' }>,
    place: CommandNode | typeof name,
    args: readonly OperandNode[],
  ): Command => compileCall({ name, command: place, args }, targetOf(functions, name.name), operand);
  const command = (node: CommandNode): Command => {
    const [first, ...args] = node.operands;
    if (first === undefined) return () => undefined;
    return first.kind === 'identifier' ? call(first, node, args) : plainCommand(first, args.length > 0, operand);
  };
  const pipeline = (node: PipeNode): Expression => compilePipeline(node, node.commands.map(command));
  return { pipeline };
}

function targetOf(functions: FunctionTable, name: string): GoFunction | 'and' | 'or' | 'call' {
  const found = functions.get(name);
  if (found) return found;
  return name === 'and' || name === 'or' ? name : 'call';
}

function unpiped(command: Command): Expression {
  return (run, dot) => command(run, dot, nothing);
}

/** Work of a pipeline, whatever it does. */
const pipelineCost = 4;

function compilePipeline(node: PipeNode, commands: readonly Command[]): Expression {
  const [only] = commands;
  const evaluate: Expression = commands.length === 1 && only ? (run, dot) => only(run, dot, nothing) ?? undefined : piped(commands);
  const { variables, assigns } = node;
  return (run, dot) => {
    run.node = node;
    run.spend(pipelineCost);
    const value = evaluate(run, dot);
    for (const target of variables) setVariable(run, target, assigns, value);
    return value;
  };
}

/** A nil interface travels on as no value at all, as in Go. */
function piped(commands: readonly Command[]): Expression {
  return (run, dot) => {
    let value: Piped = nothing;
    for (const command of commands) value = command(run, dot, value) ?? undefined;
    return value === nothing ? undefined : value;
  };
}

/** Declares or assigns a variable; `untyped` says that its static type is `interface {}`. */
export function setVariable(run: Run, target: VariableNode, assigns: boolean, value: GoValue, untyped = false): void {
  if (assigns && target.slot === -1) throw new GoFailure(`undefined variable: ${target.name}`);
  run.variables[target.slot] = value;
  if (untyped) run.untyped.add(target.slot);
  else if (run.untyped.size > 0) run.untyped.delete(target.slot);
}

/** A command that calls no function: it takes no arguments and nothing from the pipe. */
function plainCommand(first: OperandNode, hasArgs: boolean, operand: (node: OperandNode) => Expression): Command {
  const evaluate = operand(first);
  const holder = holderOf(first);
  const refuse = holder ? fieldRefusal(first, operand(holder)) : undefined;
  return (run, dot, value) => {
    const given = hasArgs || value !== nothing;
    if (first.kind !== 'pipe') run.node = first;
    if (given) throw refuse?.(run, dot) ?? new GoFailure(`can't give argument to non-function ${nodeText(first)}`);
    if (first.kind === 'nil') throw new GoFailure('nil is not a command');
    return evaluate(run, dot);
  };
}

/** What the last field of a chain is read from; undefined when the node is no field chain. */
function holderOf(node: OperandNode): OperandNode | undefined {
  if (node.kind === 'field') return node.path.length > 1 ? { ...node, path: node.path.slice(0, -1) } : { kind: 'dot', at: node.at };
  if (node.kind === 'chain') return node.path.length > 1 ? { ...node, path: node.path.slice(0, -1) } : node.base;
  return node.kind === 'variable' && node.path.length > 0 ? { ...node, path: node.path.slice(0, -1) } : undefined;
}

/** A field cannot be called; which message depends on whether it is a map's. */
function fieldRefusal(node: OperandNode, holder: Expression): (run: Run, dot: GoValue) => GoFailure {
  const name = 'path' in node ? (node.path.at(-1) ?? '') : '';
  return (run, dot) => {
    const value = holder(run, dot);
    run.node = node;
    stepInto(value, name, false);
    const inMap = typeof value === 'object' && value?.kind === 'map';
    return new GoFailure(inMap ? `${name} is not a method but has arguments` : `${name} has arguments but cannot be invoked as function`);
  };
}

function constant(node: Exclude<OperandNode, { kind: 'identifier' | 'field' | 'variable' | 'chain' | 'pipe' }>): Expression {
  switch (node.kind) {
    case 'dot':
      return (_run, dot) => dot;
    case 'nil':
      return () => undefined;
    case 'number':
      return numberConstant(numberValue(node));
    default:
      return () => node.value;
  }
}

function numberConstant(value: GoValue | GoFailure): Expression {
  return () => {
    if (value instanceof GoFailure) throw value;
    return value;
  };
}

function field(node: FieldNode): Expression {
  const { path } = node;
  return (run, dot) => {
    run.node = node;
    return walk(dot, path, run.dotUntyped);
  };
}

function variable(node: VariableNode): Expression {
  const { slot, path } = node;
  if (path.length === 0) return (run) => run.variables[slot];
  return (run) => {
    run.node = node;
    return walk(run.variables[slot], path, run.untyped.has(slot));
  };
}

function chain(node: ChainNode, base: Expression): Expression {
  return (run, dot) => {
    run.node = node;
    return walk(base(run, dot), node.path, false);
  };
}

function walk(start: GoValue, path: readonly string[], startUntyped: boolean): GoValue {
  let value = start;
  let untyped = startUntyped;
  for (const name of path) {
    const step = stepInto(value, name, untyped);
    value = step.value;
    untyped = step.untyped;
  }
  return value;
}

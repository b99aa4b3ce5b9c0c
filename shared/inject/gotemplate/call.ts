import { type CommandNode, type IdentifierNode, type NumberNode, nodeText, type OperandNode } from './ast.ts';
import { fitsInt64 } from './fmt/number.ts';
import { type GoFunction, nilOf, type ParamName, paramText, takesNil, toArgument } from './function.ts';
import { isTrue, typeName } from './reflect.ts';
import type { Expression, Run } from './run.ts';
import { GoFailure, type GoValue, int, LimitFailure } from './value.ts';

/** The value piped into a command, or {@link nothing}. */
export type Piped = GoValue | typeof nothing;

/** Marks that no value was piped in: `undefined` is a value of its own. */
export const nothing: unique symbol = Symbol('nothing');

/** A command, compiled: it may get a value from the pipe. */
export type Command = (run: Run, dot: GoValue, piped: Piped) => GoValue;

export type CompileOperand = (node: OperandNode) => Expression;

type Argument = (run: Run, dot: GoValue) => unknown;

/** A call with the arguments written after its name; the piped value comes last. */
export function compileCall(
  node: { readonly name: IdentifierNode; readonly command: CommandNode | IdentifierNode; readonly args: readonly OperandNode[] },
  target: GoFunction | 'and' | 'or' | 'call',
  operand: CompileOperand,
): Command {
  if (target === 'call') return compileIndirect(node.name, node.command, node.args, operand);
  if (target === 'and' || target === 'or') return compileShortCircuit(node.name, node.args, target === 'or', operand);
  const args = node.args.map((arg, index) => compileArgument(arg, paramAt(target, index), operand));
  const { name } = node.name;
  const place = node.command;
  return (run, dot, piped) => {
    run.node = node.name;
    const count = args.length + (piped === nothing ? 0 : 1);
    checkCount(name, target, count);
    const values = args.map((arg) => arg(run, dot));
    if (piped !== nothing) values.push(toArgument(piped, paramAt(target, args.length)));
    return invoke(run, () => target.call(values, run), { name, place, values });
  };
}

/** Work of a call, whatever it does. */
const callCost = 32;

function invoke(
  run: Run,
  call: () => GoValue,
  { name, place, values }: { readonly name: string; readonly place: CommandNode | IdentifierNode; readonly values: readonly unknown[] },
): GoValue {
  try {
    run.spend(callCost);
    for (const value of values) run.charge(value);
    const result = call();
    run.charge(result);
    return result;
  } catch (caught) {
    if (!(caught instanceof GoFailure)) throw caught;
    run.node = place;
    const message = `error calling ${name}: ${caught.message}`;
    throw caught instanceof LimitFailure ? new LimitFailure(message) : new GoFailure(message);
  }
}

function paramAt(target: GoFunction, index: number): ParamName {
  return target.params[index] ?? target.rest ?? 'any';
}

function checkCount(name: string, { params, rest }: GoFunction, count: number): void {
  if (rest === undefined ? count === params.length : count >= params.length) return;
  const least = rest === undefined ? '' : 'at least ';
  throw new GoFailure(`wrong number of args for ${name}: want ${least}${params.length} got ${count}`);
}

/** `and` and `or` evaluate no further argument once the answer is known. */
function compileShortCircuit(name: IdentifierNode, nodes: readonly OperandNode[], stopAt: boolean, operand: CompileOperand): Command {
  const args = nodes.map((node) => compileArgument(node, 'value', operand));
  return (run, dot, piped) => {
    run.node = name;
    if (args.length === 0 && piped === nothing) throw new GoFailure(`wrong number of args for ${name.name}: want at least 1 got 0`);
    let value: GoValue;
    for (const arg of args) {
      value = arg(run, dot) as GoValue;
      if (isTrue(value) === stopAt) return value;
    }
    return piped === nothing ? value : piped;
  };
}

/** Functions are no values here, so `call` can only fail. */
function compileIndirect(
  name: IdentifierNode,
  place: CommandNode | IdentifierNode,
  nodes: readonly OperandNode[],
  operand: CompileOperand,
): Command {
  const [first] = nodes;
  const target = first && compileArgument(first, 'value', operand);
  return (run, dot, piped) => {
    run.node = name;
    if (!target && piped === nothing) throw new GoFailure('wrong number of args for call: want at least 1 got 0');
    const value = target ? (target(run, dot) as GoValue) : (piped as GoValue);
    run.node = place;
    if (value === undefined || value === null) throw new GoFailure('error calling call: call of nil');
    throw new GoFailure(`error calling call: non-function ${first ? nodeText(first) : ''} of type ${typeName(value)}`);
  };
}

/** An argument under a parameter's type; constants are checked here once, but complain when they are reached, as in Go. */
function compileArgument(node: OperandNode, param: ParamName, operand: CompileOperand): Argument {
  switch (node.kind) {
    case 'nil':
      return placed(node, takesNil(param) ? nilOf(param) : new GoFailure(`cannot assign nil to ${paramText(param)}`));
    case 'string':
    case 'bool':
    case 'number':
      return placed(node, constantArgument(node, param));
    default:
      return checked(node, param, operand(node));
  }
}

function checked(node: OperandNode, param: ParamName, expression: Expression): Argument {
  return (run, dot) => {
    run.node = node;
    return toArgument(expression(run, dot), param);
  };
}

function placed(node: OperandNode, value: unknown): Argument {
  return (run) => {
    run.node = node;
    if (value instanceof GoFailure) throw value;
    return value;
  };
}

type ConstantNode = Extract<OperandNode, { readonly kind: 'string' | 'bool' | 'number' }>;

const constantNames: Readonly<Record<string, string>> = { string: 'string', bool: 'bool', int: 'integer', float64: 'float' };

function constantArgument(node: ConstantNode, param: ParamName): unknown {
  if (param === 'any' || param === 'value') return node.kind === 'number' ? numberValue(node) : node.value;
  const expected = Object.hasOwn(constantNames, param) ? constantNames[param] : undefined;
  if (expected === undefined) return new GoFailure(`can't handle ${nodeText(node)} for arg of type ${paramText(param)}`);
  if (node.kind === param) return node.value;
  if (node.kind === 'number' && param === 'float64') return node.float;
  if (node.kind === 'number' && param === 'int' && node.integer !== undefined) return Number(node.integer);
  return new GoFailure(`expected ${expected}; found ${nodeText(node)}`);
}

/** A number where no type is asked for: a float64 if written like one, else an int, if it fits. */
export function numberValue(node: NumberNode): GoValue | GoFailure {
  if (node.isFloat) return node.float;
  const value = node.integer ?? 0n;
  return fitsInt64(value) ? int(value) : new GoFailure(`${node.text} overflows int`);
}

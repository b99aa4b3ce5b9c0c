import type { ActionNode, BranchNode, ListNode, RangeNode, StatementNode, TemplateNode, VariableNode } from './ast.ts';
import { type ExpressionCompiler, setVariable } from './expression.ts';
import { formatValue, plainVerb } from './fmt/format.ts';
import { indirect, isTrue } from './reflect.ts';
import type { Expression, Run, Signal, Statement } from './run.ts';
import { anyType, elemType, GoFailure, type GoInt, type GoList, type GoMap, type GoValue, int, sortedKeys } from './value.ts';

const proceed: Statement = () => 'next';

/** Compiles the statements of one template body. */
export function compileList(list: ListNode, expressions: ExpressionCompiler): Statement {
  const statements = list.map((node) => compileStatement(node, expressions));
  const [only] = statements;
  if (only === undefined) return proceed;
  if (statements.length === 1) return only;
  return (run, dot) => {
    for (const statement of statements) {
      const signal = statement(run, dot);
      if (signal !== 'next') return signal;
    }
    return 'next';
  };
}

function compileStatement(node: StatementNode, expressions: ExpressionCompiler): Statement {
  switch (node.kind) {
    case 'text':
      return text(node.text);
    case 'action':
      return action(node, expressions);
    case 'if':
    case 'with':
      return branch(node, expressions);
    case 'range':
      return range(node, expressions);
    case 'template':
      return template(node, expressions);
    default:
      return () => node.kind as Signal;
  }
}

function text(content: string): Statement {
  return (run) => {
    run.write(content);
    return 'next';
  };
}

function action(node: ActionNode, expressions: ExpressionCompiler): Statement {
  const evaluate = expressions.pipeline(node.pipe);
  const prints = node.pipe.variables.length === 0;
  return (run, dot) => {
    const value = evaluate(run, dot);
    if (prints) run.write(actionText(value));
    return 'next';
  };
}

/** A value as an action prints it: unlike printf it takes the text of a struct that only a pointer to it has. */
export function actionText(value: GoValue): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '<no value>';
  if (typeof value === 'object' && value.kind === 'int') return String(value.value);
  const shown = indirect(value);
  if (typeof shown !== 'object' || shown === null || shown.kind !== 'struct') return formatValue(shown, plainVerb);
  if (shown.text) return shown.text.render();
  return formatValue(shown.pointer && !shown.isNil ? { ...shown, pointer: false } : shown, plainVerb);
}

function branch(node: BranchNode, expressions: ExpressionCompiler): Statement {
  const arms = node.arms.map(({ pipe, body }) => ({ test: expressions.pipeline(pipe), body: compileList(body, expressions) }));
  const otherwise = node.otherwise ? compileList(node.otherwise, expressions) : proceed;
  const changesDot = node.kind === 'with';
  return (run, dot) => {
    for (const { test, body } of arms) {
      const value = test(run, dot);
      if (isTrue(value))
        return changesDot ? inside(run, body, { dot: value, untyped: false }) : inside(run, body, { dot, untyped: run.dotUntyped });
    }
    return inside(run, otherwise, { dot, untyped: run.dotUntyped });
  };
}

/** Runs the body of a control structure. */
function inside(run: Run, body: Statement, { dot, untyped }: { readonly dot: GoValue; readonly untyped: boolean }): Signal {
  const before = run.dotUntyped;
  run.dotUntyped = untyped;
  run.enter();
  const signal = body(run, dot);
  run.levels -= 1;
  run.dotUntyped = before;
  return signal;
}

function template(node: TemplateNode, expressions: ExpressionCompiler): Statement {
  const argument: Expression = node.pipe ? expressions.pipeline(node.pipe) : () => undefined;
  return (run, dot) => {
    run.node = node;
    const body = run.find(node.name);
    const value = argument(run, dot);
    run.node = node;
    run.callTemplate(node.name, body, value);
    return 'next';
  };
}

type Pass = (key: GoValue, item: GoValue, untyped: boolean) => boolean;

function range(node: RangeNode, expressions: ExpressionCompiler): Statement {
  const evaluate = expressions.pipeline(node.pipe);
  const body = compileList(node.body, expressions);
  const otherwise = node.otherwise ? compileList(node.otherwise, expressions) : proceed;
  const { variables, assigns } = node.pipe;
  return (run, dot) => {
    const subject = indirect(evaluate(run, dot));
    const pass: Pass = (key, item, untyped) => {
      run.iterate();
      setLoopVariables(run, variables, assigns, { key, item, untyped });
      return inside(run, body, { dot: item, untyped }) !== 'break';
    };
    return iterate(subject, pass, variables.length) ? 'next' : inside(run, otherwise, { dot, untyped: run.dotUntyped });
  };
}

function setLoopVariables(
  run: Run,
  variables: readonly VariableNode[],
  assigns: boolean,
  { key, item, untyped }: { readonly key: GoValue; readonly item: GoValue; readonly untyped: boolean },
): void {
  const [first, second] = variables;
  if (second) setVariable(run, second, assigns, item, untyped);
  if (first) setVariable(run, first, assigns, second ? key : item, !second && untyped);
}

/** Passes over a value; answers false when there is nothing to pass over. */
function iterate(subject: GoValue, pass: Pass, variableCount: number): boolean {
  if (subject === undefined || subject === null) return false;
  if (typeof subject === 'object') {
    if (subject.kind === 'list') return iterateList(subject, pass);
    if (subject.kind === 'map') return iterateMap(subject, pass);
    if (subject.kind === 'int') return iterateCount(subject, pass, variableCount);
  }
  throw new GoFailure(`range can't iterate over ${actionText(subject)}`);
}

function iterateList(list: GoList, pass: Pass): boolean {
  const items = list.items();
  const untyped = elemType(list) === anyType;
  for (const [index, item] of items.entries()) if (!pass(int(index), item, untyped)) break;
  return items.length > 0;
}

function iterateMap(map: GoMap, pass: Pass): boolean {
  const untyped = elemType(map) === anyType;
  const keys = sortedKeys(map);
  for (const key of keys) if (!pass(key, map.entries().get(key), untyped)) break;
  return keys.length > 0;
}

function iterateCount(count: GoInt, pass: Pass, variableCount: number): boolean {
  if (variableCount > 1) throw new GoFailure(`can't use ${count.value} to iterate over more than one variable`);
  for (let index = 0n; index < count.value; index += 1n) if (!pass(undefined, int(index, count.type), false)) break;
  return count.value > 0n;
}

import { quoteText } from './fmt/quote.ts';

/** Where a node's error position is, as an index into the text. */
interface Placed {
  readonly at: number;
}

export interface TextNode extends Placed {
  readonly kind: 'text';
  readonly text: string;
}
export interface ActionNode extends Placed {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}
export interface BranchNode extends Placed {
  readonly kind: 'if' | 'with';
  /** `if` and each `else if`, in order. */
  readonly arms: readonly { readonly pipe: PipeNode; readonly body: ListNode }[];
  readonly otherwise: ListNode | undefined;
}
export interface RangeNode extends Placed {
  readonly kind: 'range';
  readonly pipe: PipeNode;
  readonly body: ListNode;
  readonly otherwise: ListNode | undefined;
}
export interface TemplateNode extends Placed {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}
export interface JumpNode extends Placed {
  readonly kind: 'break' | 'continue';
}
export type StatementNode = TextNode | ActionNode | BranchNode | RangeNode | TemplateNode | JumpNode;
export type ListNode = readonly StatementNode[];

export interface PipeNode extends Placed {
  readonly kind: 'pipe';
  readonly variables: readonly VariableNode[];
  /** `=` instead of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly CommandNode[];
}
export interface CommandNode extends Placed {
  readonly kind: 'command';
  readonly operands: readonly OperandNode[];
}
export interface IdentifierNode extends Placed {
  readonly kind: 'identifier';
  readonly name: string;
}
export interface FieldNode extends Placed {
  readonly kind: 'field';
  readonly path: readonly string[];
}
export interface VariableNode extends Placed {
  readonly kind: 'variable';
  readonly name: string;
  /** Its place among the variables of one template call; -1 when an assignment names none that exists. */
  readonly slot: number;
  readonly path: readonly string[];
}
export interface ChainNode extends Placed {
  readonly kind: 'chain';
  readonly base: IdentifierNode | PipeNode;
  readonly path: readonly string[];
}
export interface NumberNode extends Placed {
  readonly kind: 'number';
  readonly text: string;
  /** Written like a float (`1.0`, `1e3`): gives a float64 where no type is asked for. */
  readonly isFloat: boolean;
  /** Its value as a whole number, if it has one. */
  readonly integer: bigint | undefined;
  readonly float: number;
}
export interface StringNode extends Placed {
  readonly kind: 'string';
  readonly literal: string;
  readonly value: string;
}
export interface BoolNode extends Placed {
  readonly kind: 'bool';
  readonly value: boolean;
}
export interface DotNode extends Placed {
  readonly kind: 'dot' | 'nil';
}
export type OperandNode = IdentifierNode | FieldNode | VariableNode | ChainNode | PipeNode | NumberNode | StringNode | BoolNode | DotNode;

export type ExpressionNode = OperandNode | CommandNode;

/** A node's source text in Go's normal form, as error messages quote it. */
export function nodeText(node: ExpressionNode | TemplateNode): string {
  switch (node.kind) {
    case 'identifier':
      return node.name;
    case 'field':
      return `.${node.path.join('.')}`;
    case 'variable':
      return [node.name, ...node.path].join('.');
    case 'chain':
      return `${operandText(node.base)}.${node.path.join('.')}`;
    case 'number':
      return node.text;
    case 'string':
      return node.literal;
    case 'bool':
      return String(node.value);
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'command':
      return node.operands.map(operandText).join(' ');
    case 'pipe':
      return pipeText(node);
    case 'template':
      return `{{template ${quoteText(node.name)}${node.pipe ? ` ${pipeText(node.pipe)}` : ''}}}`;
  }
}

function operandText(node: OperandNode): string {
  return node.kind === 'pipe' ? `(${pipeText(node)})` : nodeText(node);
}

function pipeText({ variables, assigns, commands }: PipeNode): string {
  const names = variables.map(nodeText).join(', ');
  const declared = variables.length > 0 ? `${names} ${assigns ? '=' : ':='} ` : '';
  return declared + commands.map(nodeText).join(' | ');
}

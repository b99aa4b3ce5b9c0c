import type {
  BranchNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  ListNode,
  OperandNode,
  PipeNode,
  RangeNode,
  StatementNode,
  TemplateNode,
  VariableNode,
} from './ast.ts';
import { nodeText } from './ast.ts';
import { quoteText } from './fmt/quote.ts';
import { type Lexer, lex, type Token, type TokenType } from './lexer.ts';
import { limits } from './limits.ts';
import { constantNode, stringValue } from './operand.ts';
import { ParseFailure } from './parse-error.ts';
import { Scope } from './scope.ts';
import { tokenText } from './token-text.ts';

/** The templates of one text by name: its own body and what it defines. */
export type TemplateSet = ReadonlyMap<string, ListNode>;

/** Parses a text into the templates it holds. `isFunction` tells which names may be called. Fails with {@link ParseFailure}. */
export function parse(name: string, text: string, isFunction: (name: string) => boolean): TemplateSet {
  const parser = new Parser(name, lex(text), isFunction);
  const body = parser.topLevel();
  parser.add(name, body);
  return parser.templates;
}

type Ending = 'end' | 'else';

const operandTypes: ReadonlySet<TokenType> = new Set([
  'bool',
  'char',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'string',
  'variable',
  '(',
]);

/** The state of one parse: tokens read ahead, visible variables, and how deep it is. */
class Parser {
  readonly templates = new Map<string, ListNode>();
  readonly name: string;
  readonly lexer: Lexer;
  readonly isFunction: (name: string) => boolean;
  ahead: Token | undefined;
  current: Token | undefined;
  scope = new Scope();
  rangeDepth = 0;
  depth = 0;
  actionLine = 0;

  constructor(name: string, lexer: Lexer, isFunction: (name: string) => boolean) {
    this.name = name;
    this.lexer = lexer;
    this.isFunction = isFunction;
  }

  next(): Token {
    const token = this.ahead ?? this.lexer();
    this.ahead = undefined;
    this.current = token;
    return token;
  }

  peek(): Token {
    this.ahead ??= this.lexer();
    this.current = this.ahead;
    return this.ahead;
  }

  fail(message: string): never {
    throw new ParseFailure(message, this.current?.line ?? 1, this.current?.at ?? 0);
  }

  unexpected(token: Token, context: string): never {
    if (token.type !== 'error') this.fail(`unexpected ${tokenText(token)} in ${context}`);
    const elsewhere = this.actionLine !== 0 && this.actionLine !== token.line;
    const start = ` started at ${this.name}:${this.actionLine}`;
    if (!elsewhere) this.fail(token.text);
    this.fail(token.text.endsWith(' action') ? token.text + start : `${token.text} in action${start}`);
  }

  expect(type: TokenType, context: string): Token {
    const token = this.next();
    if (token.type !== type) this.unexpected(token, context);
    return token;
  }

  nested<T>(parseInside: () => T): T {
    this.depth += 1;
    if (this.depth > limits.maxDepth) this.fail(`nested deeper than ${limits.maxDepth}`);
    const result = parseInside();
    this.depth -= 1;
    return result;
  }

  /** Registers a template; of two with one name the one that is not empty counts. */
  add(name: string, body: ListNode): void {
    const known = this.templates.get(name);
    if (known && !isEmpty(known)) {
      if (!isEmpty(body)) this.fail(`template: multiple definition of template ${quoteText(name)}`);
      return;
    }
    this.templates.set(name, body);
  }

  topLevel(): ListNode {
    const body: StatementNode[] = [];
    while (this.peek().type !== 'eof') {
      const statement = this.statement(true);
      if (statement === 'end' || statement === 'else') this.fail(`unexpected {{${statement}}}`);
      if (statement) body.push(statement);
    }
    return body;
  }

  /** One text or action. `define` is a statement at the top level only, and leaves nothing in its place. */
  statement(atTop: boolean): StatementNode | Ending | undefined {
    const token = this.next();
    if (token.type === 'text') return { kind: 'text', at: token.at, text: token.text };
    if (token.type !== 'open') this.unexpected(token, 'input');
    this.actionLine = token.line;
    const statement = this.action(atTop);
    this.actionLine = 0;
    return statement;
  }

  action(atTop: boolean): StatementNode | Ending | undefined {
    const token = this.peek();
    if (token.type === 'keyword' && (token.text !== 'define' || atTop)) {
      this.next();
      return this.keyword(token);
    }
    return { kind: 'action', at: token.at, pipe: this.pipeline('command', 'close') };
  }

  keyword(token: Token): StatementNode | Ending | undefined {
    switch (token.text) {
      case 'if':
      case 'with':
        return this.branch(token.text, token.at);
      case 'range':
        return this.range(token.at);
      case 'end':
        this.expect('close', 'end');
        return 'end';
      case 'else':
        return this.elseClause();
      case 'break':
      case 'continue':
        return this.jump(token.text, token.at);
      case 'define':
        return this.define();
      case 'block':
        return this.block();
      default:
        return this.template();
    }
  }

  /** After `else` another control may follow in the same action; otherwise the action ends here. */
  elseClause(): Ending {
    const follower = this.peek();
    if (follower.type !== 'keyword' || (follower.text !== 'if' && follower.text !== 'with')) this.expect('close', 'else');
    return 'else';
  }

  jump(kind: 'break' | 'continue', at: number): StatementNode {
    const token = this.next();
    if (token.type !== 'close') this.unexpected(token, `{{${kind}}}`);
    if (this.rangeDepth === 0) this.fail(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  }

  body(): { readonly list: ListNode; readonly ending: Ending } {
    const list: StatementNode[] = [];
    while (this.peek().type !== 'eof') {
      const statement = this.statement(false);
      if (statement === 'end' || statement === 'else') return { list, ending: statement };
      if (statement) list.push(statement);
    }
    this.fail('unexpected EOF');
  }

  branch(kind: 'if' | 'with', at: number): BranchNode {
    const size = this.scope.enter();
    const arms: { pipe: PipeNode; body: ListNode }[] = [];
    const otherwise = this.nested(() => {
      for (;;) {
        const pipe = this.pipeline(kind, 'close');
        const { list, ending } = this.body();
        arms.push({ pipe, body: list });
        if (ending === 'end') return undefined;
        const follower = this.peek();
        if (follower.type !== 'keyword') return this.otherwise();
        this.next();
        if (follower.text !== kind) this.unexpected(follower, 'input');
      }
    });
    this.scope.leave(size);
    return { kind, at, arms, otherwise };
  }

  otherwise(): ListNode {
    const { list, ending } = this.body();
    if (ending !== 'end') this.fail(`expected end; found {{${ending}}}`);
    return list;
  }

  range(at: number): RangeNode {
    const size = this.scope.enter();
    const node = this.nested((): RangeNode => {
      const pipe = this.pipeline('range', 'close');
      this.rangeDepth += 1;
      const { list, ending } = this.body();
      this.rangeDepth -= 1;
      if (ending === 'else' && this.peek().type === 'keyword') this.unexpected(this.next(), 'input');
      return { kind: 'range', at, pipe, body: list, otherwise: ending === 'else' ? this.otherwise() : undefined };
    });
    this.scope.leave(size);
    return node;
  }

  templateName(context: string): Token {
    const token = this.next();
    if (token.type !== 'string') this.unexpected(token, context);
    return token;
  }

  template(): TemplateNode {
    const name = this.templateName('template clause');
    const ends = this.peek().type === 'close';
    if (ends) this.next();
    return { kind: 'template', at: name.at, name: stringValue(name), pipe: ends ? undefined : this.pipeline('template clause', 'close') };
  }

  define(): undefined {
    const name = stringValue(this.templateName('define clause'));
    this.expect('close', 'define clause');
    this.inner(name, 'define clause');
    return undefined;
  }

  block(): TemplateNode {
    const token = this.templateName('block clause');
    const name = stringValue(token);
    const pipe = this.pipeline('block clause', 'close');
    this.inner(name, 'block clause');
    return { kind: 'template', at: token.at, name, pipe };
  }

  /** The body of a `define` or `block`: variables and loops around it do not exist inside. */
  inner(name: string, context: string): void {
    const { scope, rangeDepth } = this;
    this.scope = new Scope();
    this.rangeDepth = 0;
    const { list, ending } = this.nested(() => this.body());
    if (ending !== 'end') this.fail(`unexpected {{${ending}}} in ${context}`);
    this.scope = scope;
    this.rangeDepth = rangeDepth;
    this.add(name, list);
  }

  pipeline(context: string, end: TokenType): PipeNode {
    const at = this.peek().at;
    const { variables, assigns, first } = this.declarations(context);
    const commands: CommandNode[] = first ? [this.command(first)] : [];
    for (;;) {
      const token = this.peek();
      if (token.type === end) break;
      if (!operandTypes.has(token.type)) this.unexpected(this.next(), context);
      commands.push(this.command());
    }
    this.next();
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    const dead = commands.findIndex(({ operands }, index) => index > 0 && isConstant(operands[0]));
    if (dead > 0) this.fail(`non executable command in pipeline stage ${dead + 1}`);
    return { kind: 'pipe', at, variables, assigns, commands };
  }

  /** `$x :=`, `$x =`, and in a range also `$i, $x :=`. A variable that begins no declaration is handed back as the first operand. */
  declarations(context: string): { readonly variables: VariableNode[]; readonly assigns: boolean; readonly first?: Token } {
    const names: Token[] = [];
    for (;;) {
      if (this.peek().type !== 'variable') return { variables: [], assigns: false };
      const name = this.next();
      const mark = this.peek();
      names.push(name);
      if (mark.type === 'declare' || mark.type === 'assign') {
        this.next();
        const assigns = mark.type === 'assign';
        return { variables: names.map((token) => this.variableOf(token, assigns)), assigns };
      }
      if (mark.type !== 'comma') return { variables: [], assigns: false, first: name };
      this.next();
      this.secondVariable(context, names.length);
    }
  }

  secondVariable(context: string, count: number): void {
    if (context !== 'range' || count >= 2) this.fail(`too many declarations in ${context}`);
    const { type } = this.peek();
    if (type !== 'variable' && type !== 'close' && type !== ')') this.fail('range can only initialize variables');
  }

  variableOf(token: Token, assigns: boolean): VariableNode {
    const known = assigns ? this.scope.find(token.text) : this.scope.declare(token.text);
    if (known === -1) this.scope.declare(token.text);
    return { kind: 'variable', at: token.at, name: token.text, slot: known, path: [] };
  }

  command(first?: Token): CommandNode {
    const at = first?.at ?? this.peek().at;
    const operands: OperandNode[] = [this.operand(first ?? this.next())];
    for (;;) {
      const token = this.peek();
      if (token.type === 'close' || token.type === ')') break;
      if (token.type === 'pipe') {
        this.next();
        break;
      }
      if (!token.spaced || !operandTypes.has(token.type)) this.unexpected(this.next(), 'operand');
      operands.push(this.operand(this.next()));
    }
    return { kind: 'command', at, operands };
  }

  /** A term and the fields that follow it without a blank. Its error position is that of the first such field, as in Go. */
  operand(token: Token): OperandNode {
    const node = this.term(token);
    const path: string[] = [];
    let at = -1;
    while (this.peek().type === 'field' && !this.peek().spaced) {
      const field = this.next();
      if (at === -1) at = field.at;
      path.push(field.text.slice(1));
    }
    if (at === -1) return node;
    if (node.kind === 'field' || node.kind === 'variable') return { ...node, at, path: [...node.path, ...path] };
    if (node.kind === 'identifier' || node.kind === 'pipe') return { kind: 'chain', at, base: node, path };
    return this.fail(`unexpected . after term ${quoteText(nodeText(node))}`);
  }

  term(token: Token): FieldNode | VariableNode | IdentifierNode | PipeNode | Exclude<ReturnType<typeof constantNode>, undefined> {
    if (token.type === '(') return this.nested(() => this.pipeline('parenthesized pipeline', ')'));
    if (token.type === 'field') return { kind: 'field', at: token.at, path: [token.text.slice(1)] };
    if (token.type === 'identifier') {
      if (!this.isFunction(token.text)) this.fail(`function ${quoteText(token.text)} not defined`);
      return { kind: 'identifier', at: token.at, name: token.text };
    }
    if (token.type !== 'variable') return constantNode(token) ?? this.unexpected(token, 'operand');
    const slot = this.scope.find(token.text);
    if (slot === -1) this.fail(`undefined variable ${quoteText(token.text)}`);
    return { kind: 'variable', at: token.at, name: token.text, slot, path: [] };
  }
}

function isConstant(node: OperandNode | undefined): boolean {
  return node !== undefined && ['bool', 'dot', 'nil', 'number', 'string'].includes(node.kind);
}

const notBlank = /[^ \t\r\n]/;

function isEmpty(body: ListNode): boolean {
  return body.every((node) => node.kind === 'text' && !notBlank.test(node.text));
}

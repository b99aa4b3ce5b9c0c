import { type CelExpression, type CelValue, parseCel } from '../../lib/cel.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import type { Result } from '../../lib/result.ts';
import { memberSchema, nodes, type SchemaFinding, type SchemaNode, type StructuralSchema } from './schema.ts';

/**
 * The rules of `x-kubernetes-validations` that the value breaks. Rules about a change (`oldSelf`) hold for updates only; what is read from files is
 * an object on its own.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
 */
export function brokenRules(root: SchemaNode): readonly SchemaFinding[] {
  const findings: SchemaFinding[] = [];
  for (const node of nodes(root)) {
    const rules = node.schema['x-kubernetes-validations'];
    if (!isJsonArray(rules) || rules.length === 0 || node.value === null) continue;
    const self = celValue(node.value, node.schema);
    for (const rule of rules) if (isJsonObject(rule)) findings.push(...check(rule, self, node));
  }
  return findings;
}

const transition = /\boldSelf\b/;

function check(rule: JsonObject, self: CelValue, { path }: SchemaNode): readonly SchemaFinding[] {
  const text = String(rule['rule'] ?? '');
  if (transition.test(text)) return [];
  const parsed = expression(text);
  const result = parsed.ok ? parsed.value.evaluate({ self }) : parsed;
  if (result.ok && result.value === true) return [];
  const cause = result.ok ? '' : ` (${result.error})`;
  return [{ code: 'schema-rule', path, message: `Invalid value: ${ruleMessage(rule, self)}${cause}`, isBlocking: false }];
}

/** What the rule says of itself, else the rule. */
function ruleMessage({ message, messageExpression, rule }: JsonObject, self: CelValue): string {
  if (typeof messageExpression === 'string') {
    const parsed = expression(messageExpression);
    const result = parsed.ok ? parsed.value.evaluate({ self }) : parsed;
    if (result.ok && typeof result.value === 'string' && result.value.trim() !== '') return result.value;
  }
  return typeof message === 'string' ? message : `failed rule: ${rule}`;
}

/** A CRD has few expressions, each in many places. */
const expressions = new Map<string, Result<CelExpression>>();

function expression(text: string): Result<CelExpression> {
  const known = expressions.get(text) ?? parseCel(text);
  expressions.set(text, known);
  return known;
}

/** What a rule sees of a value: the members that the schema has, integers as CEL's. */
function celValue(value: JsonValue, schema: StructuralSchema): CelValue {
  if (typeof value === 'number') return schema['type'] === 'number' || !Number.isSafeInteger(value) ? value : BigInt(value);
  if (isJsonArray(value)) {
    const items = isJsonObject(schema['items']) ? schema['items'] : {};
    return value.map((item) => celValue(item, items));
  }
  if (!isJsonObject(value)) return value;
  const isMap = !isJsonObject(schema['properties']);
  const members: [string, CelValue][] = [];
  for (const [key, member] of Object.entries(value)) {
    const below = memberSchema(schema, key);
    // A member that is null is one that is not set.
    if (below && member !== undefined && member !== null) members.push([isMap ? key : celName(key), celValue(member, below)]);
  }
  return Object.fromEntries(members);
}

const celWords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
const escapes: Readonly<Record<string, string>> = { __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' };

/** Properties that are no names in CEL have an escaped one. */
function celName(property: string): string {
  if (celWords.has(property)) return `__${property}__`;
  return property.replaceAll(/__|[./-]/g, (found) => escapes[found] ?? found);
}

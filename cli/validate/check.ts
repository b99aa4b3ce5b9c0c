import { validateObject } from '../../shared/config/validate-object.ts';
import type { SchemaFinding } from '../../shared/kube/crd/schema.ts';
import { type FieldPath, fieldPathText, parseFieldPath } from '../../shared/lib/field-path.ts';
import { type JsonObject, objectAt } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import type { FoundObject, PlacedProblem } from './documents.ts';

/** Says what is wrong with an object; undefined for kinds that it knows nothing of. */
type CheckRules<T> = (object: JsonObject) => readonly T[] | undefined;

/** What one object is checked against. */
export interface ObjectRules {
  /** What an API server says before it asks anybody, if its definitions were given. */
  readonly schemas: CheckRules<SchemaFinding> | undefined;
  /** What the webhook says. */
  readonly fields: CheckRules<Problem>;
}

const istioGroup = /^[a-z]+\.istio\.io\//;
/** Files for istioctl and operators, which no webhook is asked about. */
const installGroup = 'install.istio.io/';

/** The webhook's own rules, for the groups that it is asked about. */
export function istioRules(object: JsonObject): readonly Problem[] | undefined {
  const apiVersion = String(object['apiVersion']);
  if (!istioGroup.test(apiVersion) || apiVersion.startsWith(installGroup)) return undefined;
  const { errors, warnings } = validateObject(object);
  return [...errors, ...warnings];
}

/** All that an API server and then the webhook would say of the object; undefined if neither knows its kind. */
export function checkObject({ content, file, lineOf }: FoundObject, rules: ObjectRules): readonly PlacedProblem[] | undefined {
  const schema = rules.schemas?.(content);
  const fields = rules.fields(content);
  if (schema === undefined && fields === undefined) return undefined;
  const object = objectName(content);
  const place = (path: FieldPath): Pick<PlacedProblem, 'file' | 'line' | 'object' | 'path'> => ({
    file,
    line: lineOf(path),
    object,
    path: fieldPathText(path),
  });
  const fromSchema = (schema ?? []).map(({ path, code, message }) => ({ ...place(path), severity: 'error' as const, code, message }));
  const told = new Set(fromSchema.map(({ path }) => path));
  const fromFields = (fields ?? []).map(({ path, severity, code, message }) => ({
    ...place(parseFieldPath(path)),
    severity,
    code,
    message,
  }));
  // Much is said by both; once is enough.
  return [...fromSchema, ...fromFields.filter(({ path }) => !told.has(path))];
}

function objectName(content: JsonObject): string {
  const { name, generateName, namespace } = objectAt(content, 'metadata');
  const full = [namespace, name ?? generateName].filter((part) => typeof part === 'string' && part !== '').join('/');
  return `${typeof content['kind'] === 'string' ? content['kind'] : 'object'} ${full}`.trimEnd();
}

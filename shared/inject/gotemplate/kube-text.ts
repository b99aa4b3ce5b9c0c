import { formatValue, plainVerb } from './fmt/format.ts';
import { indirect } from './reflect.ts';
import { type GoList, type GoMap, type GoStruct, type GoValue, sortedKeys } from './value.ts';

/** What a Kubernetes struct's `String()` gives: `&Name{Field:value,…,}`, and `nil` for a nil pointer. */
export function structText(value: GoStruct): string {
  if (value.isNil && value.pointer) return 'nil';
  const fields = value.fields.map((name) => `${name}:${fieldText(value.get(name))},`);
  return `&${shortName(value.type)}{${fields.join('')}}`;
}

function fieldText(value: GoValue): string {
  if (typeof value !== 'object' || value === null) return formatValue(value, plainVerb);
  switch (value.kind) {
    case 'struct':
      return value.pointer ? structText(value) : plainStructText(value);
    case 'list':
      return listText(value);
    case 'map':
      return mapText(value);
    case 'pointer':
      return value.isNil ? 'nil' : `*${formatValue(indirect(value), plainVerb)}`;
    default:
      return formatValue(value, plainVerb);
  }
}

function plainStructText(value: GoStruct): string {
  const text = value.text?.render() ?? '';
  return text.startsWith('&') ? text.slice(1) : text;
}

function listText(value: GoList): string {
  const items = value.items();
  const elem = shortName(value.type.slice(2));
  const ofStructs = value.type.startsWith('[]v1.') && items.every((item) => typeof item === 'object' && item?.kind === 'struct');
  return ofStructs ? `[]${elem}{${items.map((item) => `${fieldText(item)},`).join('')}}` : formatValue(value, plainVerb);
}

function mapText(value: GoMap): string {
  const members = sortedKeys(value).map((key) => `${key}: ${formatValue(value.entries().get(key), plainVerb)},`);
  return `${shortName(value.type)}{${members.join('')}}`;
}

function shortName(type: string): string {
  return type.startsWith('v1.') ? type.slice(3) : type;
}

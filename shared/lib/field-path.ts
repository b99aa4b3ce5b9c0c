/** From an object to one of its fields: names of members, indexes of list items. */
export type FieldPath = readonly (string | number)[];

const plainName = /^[A-Za-z_][\w-]*$/;

/** `spec.http[2].route[0].weight`; names that are no plain word stand in brackets, as Kubernetes writes them (`metadata.labels[a.b/c]`). */
export function fieldPathText(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number' || !plainName.test(step)) text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

const step = /\[([^\]]*)\]|\.?([^.[]+)/gy;
const index = /^\d+$/;

/** The path that a text of {@link fieldPathText} stands for. A member that is called like an index is taken for one. */
export function parseFieldPath(text: string): FieldPath {
  return [...text.matchAll(step)].map(([, inBrackets, name]) => {
    if (inBrackets === undefined) return name ?? '';
    return index.test(inBrackets) ? Number(inBrackets) : inBrackets;
  });
}

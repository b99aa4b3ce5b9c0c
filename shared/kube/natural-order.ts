const letter = /^\p{L}$/u;
const digit = /^[0-9]$/;
const nonZeroDigit = /[1-9]/;

/** Order of map keys in Kubernetes' YAML: numbers inside of texts count as numbers (`a2` before `a10`), letters come behind everything else. */
export function compareNaturally(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  const at = a.findIndex((character, index) => character !== b[index]);
  const [one, other] = [a[at], b[at]];
  if (at < 0 || one === undefined || other === undefined) return a.length - b.length;
  const [isLetter, isOtherLetter] = [letter.test(one), letter.test(other)];
  if (isLetter && isOtherLetter) return compareCodePoints(one, other);
  if (isLetter || isOtherLetter) return isLetter ? 1 : -1;
  return compareNumbers(a, b, at) || compareCodePoints(one, other);
}

function compareCodePoints(one: string, other: string): number {
  return (one.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
}

/** Compares the digits that begin where the texts differ; a zero there belongs to a number that began before. */
function compareNumbers(a: readonly string[], b: readonly string[], at: number): number {
  const lead = (a[at] === '0' || b[at] === '0') && nonZeroDigit.test(digitsBefore(a, at)) ? '1' : '';
  const [one, other] = [digitsFrom(a, at), digitsFrom(b, at)];
  const difference = BigInt(`${lead}${one}` || '0') - BigInt(`${lead}${other}` || '0');
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return one.length - other.length;
}

function digitsFrom(characters: readonly string[], at: number): string {
  const end = characters.findIndex((character, index) => index >= at && !digit.test(character));
  return characters.slice(at, end < 0 ? characters.length : end).join('');
}

function digitsBefore(characters: readonly string[], at: number): string {
  const start = characters.slice(0, at).findLastIndex((character) => !digit.test(character));
  return characters.slice(start + 1, at).join('');
}

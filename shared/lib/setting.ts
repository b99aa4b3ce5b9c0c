/** How the text of an environment variable becomes a value. */
export interface Setting<T> {
  /** What a right value looks like, for messages: `a port, 0 to 65535`. */
  readonly form: string;
  readonly example: string;
  /** The value where the variable is absent or empty. */
  readonly fallback: T;
  /** Nothing for a text that does not have the form. */
  readonly parse: (text: string) => T | undefined;
}

/** Settings by the name of their environment variable. */
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

type SettingValues<S extends SettingTable> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export interface DecodedSettings<S extends SettingTable> {
  /** A wrong text counts as absent. */
  readonly values: SettingValues<S>;
  /** One sentence for each variable that is unknown or wrong, with name, form and example; sorted by name. */
  readonly problems: readonly string[];
}

const ownPrefix = 'PILOTLESS_';

/** Reads the variables of a table. A variable of ours (`PILOTLESS_…`) that the table does not know is a problem: it is a typing error. */
export function decodeSettings<const S extends SettingTable>(
  table: S,
  env: Readonly<Record<string, string | undefined>>,
): DecodedSettings<S> {
  const problems = Object.keys(env)
    .filter((name) => name.startsWith(ownPrefix) && !(name in table))
    .map((name) => unknownSetting(table, name));
  const values = Object.entries(table).map(([name, setting]): [string, unknown] => {
    const text = env[name] ?? '';
    const value = text === '' ? setting.fallback : setting.parse(text);
    if (text !== '' && value === undefined) problems.push(`${name}=${text} is wrong: give ${formAndExample(name, setting)}`);
    return [name, value ?? setting.fallback];
  });
  return { values: Object.fromEntries(values) as SettingValues<S>, problems: problems.sort() };
}

/** One of several words; an empty one stands for nothing. */
export function choiceSetting<const C extends string>(choices: readonly C[], fallback: NoInfer<C>): Setting<C> {
  const words = choices.filter((choice) => choice !== '');
  return {
    form: words.join(' or '),
    example: fallback || (words[0] ?? ''),
    fallback,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** A TCP port; 0 lets the system choose a free one. */
export function portSetting(fallback: number): Setting<number> {
  return { form: 'a port, 0 (any free one) to 65535', example: String(fallback), fallback, parse: parsePort };
}

/** Any text that is not empty. */
export function textSetting(form: string, fallback: string): Setting<string> {
  return { form, example: fallback, fallback, parse: (text) => text };
}

export function wholeNumberSetting(form: string, fallback: number): Setting<number> {
  return { form, example: String(fallback), fallback, parse: (text) => (wholeNumber.test(text) ? Number(text) : undefined) };
}

/** A port as a flag or a variable gives it; nothing for any other text. */
export function parsePort(text: string): number | undefined {
  return wholeNumber.test(text) && Number(text) <= 65535 ? Number(text) : undefined;
}

const wholeNumber = /^\d{1,9}$/;

function unknownSetting(table: SettingTable, name: string): string {
  const near = nearest(
    name,
    Object.keys(table).filter((known) => known.startsWith(ownPrefix)),
  );
  const setting = near === undefined ? undefined : table[near];
  if (near === undefined || setting === undefined) return `${name} is no setting: remove it`;
  return `${name} is no setting: did you mean ${near}, ${formAndExample(near, setting)}?`;
}

function formAndExample(name: string, { form, example }: Setting<unknown>): string {
  return `${form}, for example ${name}=${example}`;
}

/** The candidate that takes the fewest edits to reach. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({ candidate, edits: editDistance(word, candidate) }));
  return ranked.sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** Levenshtein's distance: characters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replace = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Validation, validateObject } from '../../../shared/config/validate-object.ts';
import type { JsonObject } from '../../../shared/lib/json.ts';
import type { Row } from '../suite.ts';
import { type Messages, messagesDifference } from './messages.ts';

interface Case extends Messages {
  readonly id: string;
  readonly kind: string;
  readonly valid: boolean;
  /** Its texts are those of a Go library: only the verdict counts. */
  readonly goText?: boolean;
  readonly object: JsonObject;
}

/** Of each recorded object two rows: the verdict, and the messages. */
export function caseRows(folder: string): readonly Row[] {
  return ['cases', 'mutants'].flatMap((file) =>
    readLines<Case>(join(folder, `${file}.jsonl`)).flatMap((recorded) => rowsOf(recorded, file)),
  );
}

/** The records of a file with one JSON text on each line. */
export function readLines<T>(path: string): readonly T[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

function rowsOf(recorded: Case, file: string): readonly Row[] {
  const { id, kind } = recorded;
  const verdict: Row = {
    id: `${id} verdict`,
    tags: [`${file} verdict`, 'verdict', `${kind} verdict`],
    compare: async () => verdictDifference(recorded, validate(recorded)),
  };
  const messages: Row = {
    id: `${id} messages`,
    tags: [`${file} messages`, 'messages', `${kind} messages`],
    compare: async () => messagesDifference(recorded, textsOf(validate(recorded))),
  };
  return recorded.goText ? [verdict] : [verdict, messages];
}

function validate({ object }: Case): Validation {
  return validateObject(object);
}

function verdictDifference({ valid, errors }: Case, { denial }: Validation): string | undefined {
  if (valid === (denial === undefined)) return undefined;
  return valid ? `denied: ${denial}` : `allowed, expected ${errors.join(' | ')}`;
}

function textsOf({ errors, warnings }: Validation): Messages {
  return { errors: errors.map(({ message }) => message), warnings: warnings.map(({ message }) => message) };
}

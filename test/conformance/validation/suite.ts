import type { Suite } from '../suite.ts';
import { caseRows } from './cases.ts';
import { exchangeRows } from './exchanges.ts';
import { fragmentRows } from './fragments.ts';
import { schemaRows } from './schema.ts';

/** Validation: whole objects with their verdicts and messages, single helpers, exchanges over HTTP, the verdict of the CRDs. */
export const validationSuite: Suite = {
  name: 'validation',
  folder: 'validation',
  rows: (folder) => [...caseRows(folder), ...fragmentRows(folder), ...exchangeRows(folder), ...schemaRows(folder)],
};

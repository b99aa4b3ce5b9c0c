import type { Suite } from '../suite.ts';
import { caseRows } from './cases.ts';
import { exchangeRows } from './exchanges.ts';
import { fragmentRows } from './fragments.ts';

/** Validation: whole objects with their verdicts and messages, single helpers, exchanges over HTTP. */
export const validationSuite: Suite = {
  name: 'validation',
  folder: 'validation',
  rows: (folder) => [...caseRows(folder), ...fragmentRows(folder), ...exchangeRows(folder)],
};

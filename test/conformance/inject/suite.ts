import type { Suite } from '../suite.ts';
import { caseRows } from './cases.ts';
import { exchangeRows } from './exchanges.ts';
import { unitRows } from './units.ts';

/** Injection: Istio's own cases, exchanges over HTTP, and tables of single functions. */
export const injectSuite: Suite = {
  name: 'inject',
  folder: 'inject',
  rows: (folder) => [...caseRows(folder), ...exchangeRows(folder), ...unitRows(folder)],
};

import { injectSuite } from './inject/suite.ts';
import type { Suite } from './suite.ts';

/** Every suite that can be run by name. */
export const suites: readonly Suite[] = [injectSuite];

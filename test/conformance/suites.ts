import { ingressSuite } from './ingress/suite.ts';
import { injectSuite } from './inject/suite.ts';
import type { Suite } from './suite.ts';
import { validationSuite } from './validation/suite.ts';
import { xdsSuite } from './xds/suite.ts';

/** Every suite that can be run by name. */
export const suites: readonly Suite[] = [ingressSuite, injectSuite, xdsSuite, validationSuite];

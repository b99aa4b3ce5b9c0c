/** Label selectors, as Kubernetes evaluates them. */

import type { LabelSelector } from './object-meta.ts';

export type { LabelSelector } from './object-meta.ts';

type Labels = Readonly<Record<string, string>>;
type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

/**
 * Whether the selector picks an object with these labels. Istio compatibility: in injection rules a selector without any requirement picks
 * nothing, and so does one that {@link selectorProblem} complains about.
 */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  return !isEmptySelector(selector) && selectorProblem(selector) === undefined && matchesAll(selector, labels);
}

/** Kubernetes' own rule: an empty selector matches everything. The selector must be a valid one. */
export function matchesAll(selector: LabelSelector, labels: Labels): boolean {
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labelOf(labels, key) === value);
  return exact && (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));
}

export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
}

/** What makes the API server refuse the selector; undefined for a valid one. */
export function selectorProblem(selector: LabelSelector): string | undefined {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    const problem = keyProblem(key) ?? valueProblem(value);
    if (problem !== undefined) return problem;
  }
  for (const requirement of selector.matchExpressions ?? []) {
    const problem = keyProblem(requirement.key ?? '') ?? requirementProblem(requirement);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function requirementProblem({ operator = '', values = [] }: Requirement): string | undefined {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) return `operator ${operator} needs values`;
      return values.map(valueProblem).find((problem) => problem !== undefined);
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0 ? undefined : `operator ${operator} takes no values`;
    default:
      return `${JSON.stringify(operator)} is no operator of label selectors`;
  }
}

function meets({ key = '', operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

const labelName = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function keyProblem(key: string): string | undefined {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  const isPrefixGood = prefix === undefined || (prefix.length <= 253 && dnsSubdomain.test(prefix));
  const isGood = more.length === 0 && isPrefixGood && name.length <= 63 && labelName.test(name);
  return isGood ? undefined : `${JSON.stringify(key)} is no label key`;
}

function valueProblem(value: string): string | undefined {
  return value === '' || (value.length <= 63 && labelName.test(value)) ? undefined : `${JSON.stringify(value)} is no label value`;
}

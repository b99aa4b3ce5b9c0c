/**
 * Which DestinationRule applies. Looked for in three places, and the first that has a rule for the host decides: the caller's namespace, the service's
 * namespace, the root namespace. In one place the closest host wins, and rules for one host are merged into one.
 */

import type { DestinationRule } from '../config/networking/destination-rule.ts';
import { closestHost, isWildcard } from '../lib/host.ts';
import { type ConfigObject, hasLabels, type Labels } from './config-object.ts';
import type { AppliedRule } from './scope.ts';
import { decodeExportTo, isVisibleTo, type Visibility } from './visibility.ts';

/** Rules of all namespaces, merged. */
export interface DestinationRules {
  readonly rootNamespace: string;
  readonly byNamespace: ReadonlyMap<string, ReadonlyMap<string, readonly MergedRule[]>>;
}

/** Who asks for the rule of which service. */
export interface RuleQuestion {
  readonly host: string;
  /** The service's namespace. */
  readonly serviceNamespace: string;
  /** The caller's namespace and labels. */
  readonly namespace: string;
  readonly labels: Labels;
}

interface MergedRule {
  readonly rule: AppliedRule;
  readonly visibility: Visibility;
}

/** @param rules the oldest first. */
export function indexDestinationRules(
  rules: readonly ConfigObject<DestinationRule>[],
  { rootNamespace, defaultExportTo }: { readonly rootNamespace: string; readonly defaultExportTo: readonly string[] },
): DestinationRules {
  const byNamespace = new Map<string, Map<string, MergedRule[]>>();
  for (const rule of rules) {
    const hosts = byNamespace.get(rule.namespace) ?? new Map<string, MergedRule[]>();
    byNamespace.set(rule.namespace, hosts);
    const host = rule.spec.host ?? '';
    const visibility = decodeExportTo(rule.spec.exportTo ?? [], rule.namespace, defaultExportTo);
    hosts.set(host, withRule(hosts.get(host) ?? [], { rule, visibility }));
  }
  return { rootNamespace, byNamespace };
}

/** Rules that the same callers see become one; the others stand side by side. */
function withRule(known: readonly MergedRule[], added: MergedRule): MergedRule[] {
  const index = known.findIndex((other) => isForSameCallers(other, added));
  const first = known[index];
  return first === undefined ? [...known, added] : known.with(index, { ...first, rule: merged(first.rule, added.rule) });
}

function isForSameCallers(a: MergedRule, b: MergedRule): boolean {
  const isSameSet = a.visibility.size === b.visibility.size && [...a.visibility].every((namespace) => b.visibility.has(namespace));
  const [left, right] = [selectorOf(a), selectorOf(b)];
  return isSameSet && Object.keys(left).length === Object.keys(right).length && hasLabels(left, right);
}

/** The older rule's policy stays, a newer one's counts only where there was none; subsets join, of two with one name the older stays. */
function merged(older: AppliedRule, newer: AppliedRule): AppliedRule {
  const known = new Set((older.spec.subsets ?? []).map(({ name }) => name));
  const subsets = [...(older.spec.subsets ?? []), ...(newer.spec.subsets ?? []).filter(({ name }) => !known.has(name))];
  const trafficPolicy = older.spec.trafficPolicy ?? newer.spec.trafficPolicy;
  return { ...older, spec: { ...older.spec, subsets, ...(trafficPolicy && { trafficPolicy }) } };
}

/** The rule for a caller's traffic to a service. */
export function findDestinationRule(rules: DestinationRules, question: RuleQuestion): AppliedRule | undefined {
  const { namespace, serviceNamespace } = question;
  const { rootNamespace } = rules;
  if (namespace !== rootNamespace) {
    const own = closestRules(rules, namespace, question.host, () => true);
    if (own !== undefined) return forCaller(own, question.labels);
  }
  const isOffered = (rule: MergedRule): boolean => isVisibleTo(rule.visibility, namespace) && !hasSelector(rule);
  if (serviceNamespace !== '') {
    const offered = closestRules(rules, serviceNamespace, question.host, isOffered);
    if (offered !== undefined) return forCaller(offered, question.labels);
  }
  const root = closestRules(rules, rootNamespace, question.host, namespace === rootNamespace ? () => true : isOffered);
  return root && forCaller(root, question.labels);
}

function closestRules(
  { byNamespace }: DestinationRules,
  namespace: string,
  host: string,
  accepts: (rule: MergedRule) => boolean,
): readonly MergedRule[] | undefined {
  const hosts = byNamespace.get(namespace);
  if (hosts === undefined) return undefined;
  const exact = hosts.get(host);
  if (exact?.some(accepts)) return exact.filter(accepts);
  const accepted = [...hosts].filter(([pattern, found]) => isWildcard(pattern) && found.some(accepts)).map(([pattern]) => pattern);
  const closest = closestHost(accepted, host);
  return closest === undefined ? undefined : hosts.get(closest)?.filter(accepts);
}

/** A rule that selects the caller beats one for everybody. */
function forCaller(found: readonly MergedRule[], labels: Labels): AppliedRule | undefined {
  const selecting = found.find((rule) => hasSelector(rule) && hasLabels(labels, selectorOf(rule)));
  return (selecting ?? found.find((rule) => !hasSelector(rule)))?.rule;
}

function hasSelector(rule: MergedRule): boolean {
  return Object.keys(selectorOf(rule)).length > 0;
}

function selectorOf({ rule }: MergedRule): Labels {
  return rule.spec.workloadSelector?.matchLabels ?? {};
}

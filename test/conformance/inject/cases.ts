import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InjectorConfig, loadInjectorConfig } from '../../../shared/inject/index.ts';
import type { Row } from '../suite.ts';
import { customTemplates } from './custom-templates.ts';
import { compareManifest } from './manifests.ts';
import { applyAnswer, exchange, messageDifference, podDifference } from './webhook.ts';

interface Case {
  readonly name: string;
  readonly dir: string;
  readonly env: { readonly COMPLIANCE_POLICY: string; readonly PLATFORM: string };
  readonly nativeSidecars: boolean;
  readonly revision: { readonly webhook: string; readonly kubeInject: string };
  readonly goldenComparesWith: readonly string[];
  readonly values: string;
  readonly mesh: string;
  readonly config: string;
  readonly templatesRedacted: readonly string[];
  readonly openshiftNamespaceAnnotations: { readonly namespace: string; readonly annotations: Readonly<Record<string, string>> } | null;
  readonly parts: readonly { readonly allowed: boolean; readonly patched: boolean; readonly reinject?: string }[];
  readonly tags: readonly string[];
}

export function caseRows(folder: string): readonly Row[] {
  const { cases }: { readonly cases: readonly Case[] } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
  return cases.flatMap((recorded) => [
    { id: recorded.name, tags: ['cases', ...recorded.tags], compare: () => compareParts(recorded, folder, firstPass) },
    ...(recorded.parts.some((part) => part.patched)
      ? [{ id: `${recorded.name} again`, tags: ['reinjection'], compare: () => compareParts(recorded, folder, secondPass) }]
      : []),
    ...(recorded.goldenComparesWith.includes('kube-inject')
      ? [{ id: `${recorded.name} kube-inject`, tags: ['kube-inject'], compare: async () => compareCommandLine(recorded, folder) }]
      : []),
  ]);
}

function compareCommandLine(recorded: Case, folder: string): string | undefined {
  return compareManifest(join(folder, recorded.dir), { ...caseConfig(recorded, folder), revision: recorded.revision.kubeInject });
}

type ComparePart = (context: PartContext) => Promise<string | undefined>;

interface PartContext {
  readonly config: InjectorConfig;
  readonly folder: string;
  readonly index: number;
  readonly patched: boolean;
}

async function compareParts(recorded: Case, folder: string, compare: ComparePart): Promise<string | undefined> {
  const config = caseConfig(recorded, folder);
  for (const [index, { patched }] of recorded.parts.entries()) {
    const found = await compare({ config, folder: join(folder, recorded.dir), index, patched });
    if (found !== undefined) return `pod ${index}: ${found}`;
  }
  return undefined;
}

function caseConfig(recorded: Case, folder: string): InjectorConfig {
  const text = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const injectConfig = { ...JSON.parse(text(recorded.config)), templates: customTemplates(recorded.templatesRedacted) };
  const openshift = recorded.openshiftNamespaceAnnotations;
  const { value, problems } = loadInjectorConfig({
    injectConfigText: JSON.stringify(injectConfig),
    valuesText: text(recorded.values),
    meshConfigText: text(recorded.mesh),
    revision: recorded.revision.webhook,
    host: { nowMs: () => 0, env: () => undefined },
    settings: {
      nativeSidecars: recorded.nativeSidecars ? 'true' : 'false',
      platform: recorded.env.PLATFORM,
      compliancePolicy: recorded.env.COMPLIANCE_POLICY,
      rootCertificate: { mode: 'configmap' },
    },
    clusterFacts: { kubeletVersions: {}, namespaceAnnotations: openshift ? { [openshift.namespace]: openshift.annotations } : {} },
  });
  if (!value) throw new Error(JSON.stringify(problems));
  return value;
}

async function firstPass({ config, folder, index, patched }: PartContext): Promise<string | undefined> {
  const review = readFileSync(join(folder, `request-${index}.json`), 'utf8');
  const expected = JSON.parse(readFileSync(join(folder, `response-${index}.json`), 'utf8'));
  const answer = await exchange(config, { method: 'POST', path: '/inject', contentType: 'application/json', body: review });
  const { response } = JSON.parse(answer.text);
  const message = messageDifference(expected.body.response.status?.message ?? '', response.status?.message ?? '');
  if (message !== undefined) return message;
  if (response.allowed !== expected.body.response.allowed) return `allowed: ${response.allowed}`;
  if (!patched) return response.patch === undefined ? undefined : 'a patch where none is expected';
  const { object } = JSON.parse(review).request;
  return podDifference(JSON.parse(readFileSync(join(folder, `patched-${index}.json`), 'utf8')), applyAnswer(object, answer.text));
}

/**
 * Istio's own second pass loses things in some cases; ours gives the pod of the first. Where the pod of the first pass had come with an older
 * injection, nothing tells that from a pod of ours, and the recorded second pass is right too.
 */
async function secondPass({ config, folder, index, patched }: PartContext): Promise<string | undefined> {
  if (!patched) return undefined;
  const review = JSON.parse(readFileSync(join(folder, `request-${index}.json`), 'utf8'));
  const object = JSON.parse(readFileSync(join(folder, `patched-${index}.json`), 'utf8'));
  const body = JSON.stringify({ ...review, request: { ...review.request, object } });
  const answer = await exchange(config, { method: 'POST', path: '/inject', contentType: 'application/json', body });
  const again = applyAnswer(object, answer.text);
  const found = podDifference(object, again);
  const recorded = join(folder, `reinjected-${index}.json`);
  const cameInjected = review.request.object.metadata?.annotations?.['sidecar.istio.io/status'] !== undefined;
  if (found === undefined || !cameInjected || !existsSync(recorded)) return found;
  return podDifference(JSON.parse(readFileSync(recorded, 'utf8')), again);
}

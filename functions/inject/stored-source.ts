import { createInjector, type InjectSettings, loadInjectorConfig, readInjectResources } from '../../shared/inject/index.ts';
import { clusterKey, decodeCluster, decodeTag, decodeTexts, revisionKey, tagKey } from '../../shared/inject/stored-config.ts';
import type { TemplateHost } from '../../shared/inject/text-template.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import type { Result } from '../../shared/lib/result.ts';
import type { ReadAnswer, Store } from '../../shared/store/store.ts';
import type { ConfigAnswer, ConfigSource } from './held-injector.ts';

export interface StoredSourceOptions {
  readonly store: Store;
  readonly settings: InjectSettings;
  readonly host: TemplateHost;
}

/**
 * Reads the configuration of a revision, or of the revision that a tag stands for, and the facts of the cluster. The version covers all that was
 * read, so that a change of any makes a new configuration.
 */
export function storedSource({ store, settings, host }: StoredSourceOptions): ConfigSource {
  return {
    read: async (wanted, knownVersion, signal) => {
      const [tag, cluster] = await Promise.all([store.read(tagKey(wanted), { signal }), store.read(clusterKey, { signal })]);
      const revision = tag.kind === 'found' ? decodeTag(tag.bytes) : undefined;
      if (revision && !revision.ok) return { kind: 'broken', version: versionOf(tag), message: `tag ${wanted} ${revision.error}` };
      const name = revision?.value ?? wanted;
      const stored = await store.read(revisionKey(name), { signal });
      if (stored.kind !== 'found') return { kind: 'absent' };
      const version = [tag, cluster, stored].map(versionOf).join(' ');
      return version === knownVersion ? { kind: 'unchanged' } : load({ name, version, stored: stored.bytes, cluster, settings, host });
    },
  };
}

function versionOf(answer: ReadAnswer): string {
  return answer.kind === 'found' ? answer.version : '-';
}

interface LoadInput {
  readonly name: string;
  readonly version: string;
  readonly stored: Uint8Array;
  readonly cluster: ReadAnswer;
  readonly settings: InjectSettings;
  readonly host: TemplateHost;
}

function load({ name, version, stored, cluster, settings, host }: LoadInput): ConfigAnswer {
  const broken = (message: string): ConfigAnswer => ({ kind: 'broken', version, message });
  const texts = decodeTexts(stored);
  if (!texts.ok) return broken(`revision ${name} ${texts.error}`);
  const objects: Result<readonly JsonObject[]> = cluster.kind === 'found' ? decodeCluster(cluster.bytes) : { ok: true, value: [] };
  if (!objects.ok) return broken(`the facts of the cluster: it ${objects.error}`);
  const resources = readInjectResources(objects.value);
  const { value, problems } = loadInjectorConfig({ ...texts.value, ...resources.value, settings, host, revision: name });
  return value
    ? { kind: 'found', version, injector: createInjector(value) }
    : broken(`revision ${name}: ${problems.map(problemText).join('; ')}`);
}

function problemText({ object, path, message }: Problem): string {
  return [object, path, message].filter(Boolean).join(': ');
}

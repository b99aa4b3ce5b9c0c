import { injectManifest, loadInjectorConfig } from '../../shared/inject/index.ts';
import type { RootCertificate } from '../../shared/inject/root-certificate.ts';
import { toKubeYaml } from '../../shared/kube/to-yaml.ts';
import { parseKubeYamlDocuments } from '../../shared/kube/yaml.ts';

interface Settings {
  readonly mesh?: object;
  readonly values?: object;
  readonly inject?: object;
  readonly nativeSidecars?: 'auto' | 'true' | 'false';
  readonly compliancePolicy?: string;
  readonly rootCertificate?: RootCertificate;
}

/** First document: settings of the injector (all may be left out). The others: manifests, printed as `pilotless inject` prints them. */
export function renderInjection(input: string): string {
  const [settings, ...manifests] = parseKubeYamlDocuments(input).value.map((document) => document.value);
  const { mesh, values, inject, nativeSidecars, compliancePolicy, rootCertificate } = (settings ?? {}) as Settings;
  const { value: config, problems } = loadInjectorConfig({
    ...(mesh && { meshConfigText: JSON.stringify(mesh) }),
    ...(values && { valuesText: JSON.stringify(values) }),
    ...(inject && { injectConfigText: JSON.stringify(inject) }),
    settings: {
      nativeSidecars: nativeSidecars ?? 'auto',
      platform: '',
      compliancePolicy: compliancePolicy ?? '',
      rootCertificate: rootCertificate ?? { mode: 'configmap' },
    },
    revision: '',
    host: { nowMs: () => 0, env: () => undefined },
  });
  if (!config) throw new Error(problems.map(({ object, path, message }) => `${object} ${path}: ${message}`).join('\n'));
  const outcomes = manifests.map((manifest) => injectManifest(manifest, config));
  return outcomes
    .map(({ object, workloads }) => {
      const errors = workloads.flatMap(({ workload, error }) =>
        error === undefined ? [] : [`# ${workload}: ${error.trim().replaceAll('\n', '\n# ')}\n`],
      );
      return `${errors.join('')}${toKubeYaml(object)}`;
    })
    .join('---\n');
}

import { decodeMeshConfig, type MeshConfig } from '../config/mesh/mesh-config.ts';
import { decode } from '../kube/decode.ts';
import { type LabelSelector, labelSelector } from '../kube/object-meta.ts';
import { parseKubeYaml } from '../kube/yaml.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { Problem } from '../lib/problem.ts';
import type { Result } from '../lib/result.ts';
import type { InjectPolicy } from './decide.ts';
import type { ClusterFacts, NativeSidecarMode } from './native.ts';
import type { ProxyConfigResource } from './proxy-config.ts';
import type { RootCertificate } from './root-certificate.ts';
import { stockTemplates, type Template } from './template/index.ts';
import type { TemplateSettings } from './template-choice.ts';
import { type TemplateHost, templateFunctions, textTemplate } from './text-template.ts';
import { type InjectValues, readInjectValues } from './values.ts';

/** istiod's switches that change what is injected. */
export interface InjectSettings {
  /** `ENABLE_NATIVE_SIDECARS` */
  readonly nativeSidecars: NativeSidecarMode;
  /** `PLATFORM`: `openshift`, or empty. */
  readonly platform: string;
  /** `COMPLIANCE_POLICY`: empty, `fips-140-2`, `fips-140-3` or `pqc`. */
  readonly compliancePolicy: string;
  readonly rootCertificate: RootCertificate;
}

/** All that decides an injection besides the pod. A value: two injectors with the same one give the same pods. */
export interface InjectorConfig extends InjectPolicy, TemplateSettings {
  readonly injectedAnnotations: Readonly<Record<string, string>>;
  readonly values: InjectValues;
  readonly mesh: MeshConfig;
  readonly proxyConfigs: readonly ProxyConfigResource[];
  readonly clusterFacts: ClusterFacts;
  readonly settings: InjectSettings;
  /** `default` or a name; empty in `pilotless inject`. */
  readonly revision: string;
}

/** The texts that users give; an absent one means the built-in defaults. */
export interface InjectorTexts {
  /** MeshConfig, YAML. */
  readonly meshConfigText?: string;
  /** Helm values, YAML or JSON. */
  readonly valuesText?: string;
  /** Key `config` of ConfigMap `istio-sidecar-injector`, YAML. */
  readonly injectConfigText?: string;
}

export interface InjectorOptions extends InjectorTexts {
  readonly settings: InjectSettings;
  readonly host: TemplateHost;
  readonly revision?: string;
  readonly proxyConfigs?: readonly ProxyConfigResource[];
  readonly clusterFacts?: ClusterFacts;
}

const noFacts: ClusterFacts = { kubeletVersions: {}, namespaceAnnotations: {} };

/** Reads all parts; with an error among the problems there is no value, and whoever had a configuration keeps it. */
export function loadInjectorConfig(options: InjectorOptions): { readonly value?: InjectorConfig; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report = (object: string, path: string, message: string): void => {
    problems.push({ code: 'invalid-inject-config', severity: 'error', object, path, message });
  };
  const given = readObject(options.injectConfigText, (message) => report('injection configuration', '', message));
  const values = readObject(options.valuesText, (message) => report('values', '', message));
  const meshValue = readObject(options.meshConfigText, (message) => report('MeshConfig', '', message));
  const mesh = decodeMeshConfig(meshValue);
  problems.push(...mesh.problems);
  const templates = compileTemplates(given['templates'], options.host, (name, message) =>
    report('injection configuration', `templates.${name}`, message),
  );
  if (problems.some((problem) => problem.severity === 'error')) return { problems };
  const value: InjectorConfig = {
    policy: textOr(given['policy'], 'enabled'),
    neverInjectSelector: selectors(given['neverInjectSelector']),
    alwaysInjectSelector: selectors(given['alwaysInjectSelector']),
    defaultTemplates: texts(given['defaultTemplates']),
    aliases: aliases(given['aliases']),
    templates: new Map([...stockTemplates, ...templates]),
    injectedAnnotations: textMembers(given['injectedAnnotations']),
    values: readInjectValues(values),
    mesh: mesh.value,
    proxyConfigs: options.proxyConfigs ?? [],
    clusterFacts: options.clusterFacts ?? noFacts,
    settings: options.settings,
    revision: options.revision ?? 'default',
  };
  return { value, problems };
}

function readObject(text: string | undefined, report: (message: string) => void): JsonObject {
  if (text === undefined) return {};
  const parsed: Result<unknown> = parseKubeYaml(text);
  if (!parsed.ok) report(parsed.error);
  else if (isJsonObject(parsed.value)) return parsed.value;
  else if (parsed.value !== null && parsed.value !== undefined) report('is no map of keys; check the indentation');
  return {};
}

type Report = (name: string, message: string) => void;

function compileTemplates(value: JsonValue | undefined, host: TemplateHost, report: Report): ReadonlyMap<string, Template> {
  const functions = templateFunctions(host);
  const compiled = new Map<string, Template>();
  for (const [name, text] of Object.entries(isJsonObject(value) ? value : {})) {
    const template = typeof text === 'string' ? textTemplate(name, text, functions) : undefined;
    if (!template) report(name, 'is no text');
    else if (template.ok) compiled.set(name, template.value);
    else report(name, template.error);
  }
  return compiled;
}

function textOr(value: JsonValue | undefined, byDefault: string): string {
  return typeof value === 'string' ? value : byDefault;
}

function texts(value: JsonValue | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** One that cannot be read selects nothing, as in Istio. */
function selectors(value: JsonValue | undefined): readonly LabelSelector[] {
  const decoded = (isJsonArray(value) ? value : []).map((selector) => decode(selector, labelSelector));
  return decoded.flatMap((selector) => (selector.ok ? [selector.value] : []));
}

function aliases(value: JsonValue | undefined): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(isJsonObject(value) ? value : {});
  return Object.fromEntries(entries.map(([name, targets]) => [name, texts(targets)]));
}

function textMembers(value: JsonValue | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(isJsonObject(value) ? value : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

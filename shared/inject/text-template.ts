import { parseKubeYaml } from '../kube/yaml.ts';
import { isJsonObject } from '../lib/json.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { compileTemplate, type FunctionTable, istioFunctions, sidecarTemplateData, sprig } from './gotemplate/index.ts';
import type { PodOverlay, Template, TemplateInput } from './template/index.ts';

/** What template functions may ask of the process that they run in. */
export interface TemplateHost {
  /** For `now`, `ago` and their like. */
  readonly nowMs: () => number;
  /** For `env`. */
  readonly env: (name: string) => string | undefined;
}

/** The functions of all text templates of one configuration: sprig's, and Istio's over them. */
export function templateFunctions(host: TemplateHost): FunctionTable {
  return new Map([...sprig({ nowMs: host.nowMs }), ...istioFunctions({ env: host.env })]);
}

/** Compiles a template that a user wrote. The failure carries the template's name and the place. */
export function textTemplate(name: string, text: string, functions: FunctionTable): Result<Template> {
  const compiled = compileTemplate(name, text, functions);
  if (!compiled.ok) return fail(compiled.error.message);
  return ok((input) => {
    const rendered = compiled.template.execute(templateData(input));
    return rendered.ok ? readOverlay(rendered.output) : fail(rendered.error.message);
  });
}

function templateData(input: TemplateInput): ReturnType<typeof sidecarTemplateData> {
  const { owner, pod } = input;
  return sidecarTemplateData({
    typeMeta: { kind: owner.kind, apiVersion: owner.apiVersion },
    deploymentMeta: { name: owner.name, namespace: owner.namespace },
    objectMeta: pod.metadata ?? {},
    spec: pod.spec ?? {},
    proxyConfig: input.proxyConfig,
    meshConfig: input.mesh,
    values: input.values.raw,
    revision: input.revision,
    nativeSidecars: input.nativeSidecars,
    proxyImage: input.proxyImage,
    proxyInitImage: input.proxyInitImage,
    proxyUid: input.proxyIds.uid,
    proxyGid: input.proxyIds.gid,
    inboundTrafficPolicyMode: input.inboundTrafficPolicyMode,
    compliancePolicy: input.compliancePolicy,
  });
}

/** Text that renders to nothing is an overlay that changes nothing. */
function readOverlay(text: string): Result<PodOverlay> {
  const parsed = parseKubeYaml(text);
  if (!parsed.ok) return fail(`failed applying injection overlay: ${parsed.error}`);
  if (parsed.value === null) return ok({});
  if (!isJsonObject(parsed.value)) return fail('failed applying injection overlay: strategic merge: invalid JSON document');
  return ok(parsed.value as PodOverlay);
}

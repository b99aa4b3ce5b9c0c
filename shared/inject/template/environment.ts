import { defaultProxyConfig, type ProxyConfig, proxyConfig as proxyConfigSchema } from '../../config/mesh/proxy-config.ts';
import { goJson } from '../../kube/go-json.ts';
import { containerPort, type EnvVar } from '../../kube/pod.ts';
import { protoJsonText } from '../../lib/proto-json.ts';
import { applicationContainers, type TemplateInput } from './input.ts';
import { otelResourceAttributes } from './otel.ts';

/** Environment variables of the agent, in groups; each template lists them in its own order. @see https://istio.io/latest/docs/reference/commands/pilot-agent/#envvars */

export function variable(name: string, value: string): EnvVar {
  return { name, value };
}

export function fieldVariable(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** The limit of this container, in whole units. */
export function limitVariable(name: string, resource: 'limits.cpu' | 'limits.memory'): EnvVar {
  return { name, valueFrom: { resourceFieldRef: { resource, divisor: '1' } } };
}

/** How the agent authenticates, and whom it asks for certificates. */
export function certificateAuthority({ values }: TemplateInput): readonly EnvVar[] {
  const { pilotCertProvider, caAddress, istioNamespace } = values.global;
  const istiod = values.revision === '' ? 'istiod' : `istiod-${values.revision}`;
  return [variable('PILOT_CERT_PROVIDER', pilotCertProvider), variable('CA_ADDR', caAddress || `${istiod}.${istioNamespace}.svc:15012`)];
}

export const podIdentity: readonly EnvVar[] = [
  fieldVariable('POD_NAME', 'metadata.name'),
  fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
  fieldVariable('INSTANCE_IP', 'status.podIP'),
  fieldVariable('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
  fieldVariable('HOST_IP', 'status.hostIP'),
];

/** What differs from the defaults, on a line of its own. */
export function proxyConfigVariable({ proxyConfig }: TemplateInput): EnvVar {
  return variable('PROXY_CONFIG', `${proxyConfigText(proxyConfig)}\n`);
}

const proxyConfigTexts = new WeakMap<ProxyConfig, string>();

/** Most pods share the configuration of the mesh, and so its text. */
function proxyConfigText(config: ProxyConfig): string {
  const known = proxyConfigTexts.get(config);
  if (known !== undefined) return known;
  const text = protoJsonText(config, proxyConfigSchema, defaultProxyConfig);
  proxyConfigTexts.set(config, text);
  return text;
}

/** A JSON array with one port a line, commas in front: the layout that Istio's agents have always got. */
export function podPorts({ pod }: TemplateInput): EnvVar {
  const ports = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  const lines = ports.map((port, index) => `\n    ${index === 0 ? '' : ','}${goJson(port, containerPort)}`);
  return variable('ISTIO_META_POD_PORTS', `[${lines.join('')}\n]`);
}

export function appContainers(input: TemplateInput): EnvVar {
  const names = applicationContainers(input).map((container) => container.name);
  return variable('ISTIO_META_APP_CONTAINERS', names.join(','));
}

export function clusterId({ values }: TemplateInput): EnvVar {
  return variable('ISTIO_META_CLUSTER_ID', values.global.clusterName || 'Kubernetes');
}

export const nodeName: EnvVar = fieldVariable('ISTIO_META_NODE_NAME', 'spec.nodeName');

export function network({ values }: TemplateInput): readonly EnvVar[] {
  return values.global.network === '' ? [] : [variable('ISTIO_META_NETWORK', values.global.network)];
}

/** `workloadName` empty: the pod belongs to nothing that has a name. */
export function workload({ owner }: TemplateInput, workloadName: string): readonly EnvVar[] {
  const { apiVersion, kind, name, namespace } = owner;
  const path = `kubernetes://apis/${apiVersion}/namespaces/${namespace || 'default'}/${kind.toLowerCase()}s/${name}`;
  return [
    ...(workloadName === '' ? [] : [variable('ISTIO_META_WORKLOAD_NAME', workloadName)]),
    ...(apiVersion === '' || name === '' ? [] : [variable('ISTIO_META_OWNER', path)]),
  ];
}

export function meshIdentity({ mesh, values }: TemplateInput): readonly EnvVar[] {
  const trustDomain = mesh.trustDomain || values.global.trustDomain;
  const meshId = values.global.meshId || trustDomain;
  return [...(meshId ? [variable('ISTIO_META_MESH_ID', meshId)] : []), ...(trustDomain ? [variable('TRUST_DOMAIN', trustDomain)] : [])];
}

export function compliance({ compliancePolicy }: TemplateInput): readonly EnvVar[] {
  if (compliancePolicy === '') return [];
  const policy = variable('COMPLIANCE_POLICY', compliancePolicy);
  return compliancePolicy === 'fips-140-3' ? [policy, variable('GODEBUG', 'fips140=only')] : [policy];
}

/** OpenTelemetry's resource attributes, where a provider of the mesh asks for them. */
export function otelResource(input: TemplateInput): readonly EnvVar[] {
  const attributes = otelResourceAttributes(input.mesh, input.pod, input.owner.namespace);
  return attributes === '' ? [] : [variable('OTEL_RESOURCE_ATTRIBUTES', attributes)];
}

/** `proxyMetadata`, sorted by name. */
export function proxyMetadata({ proxyConfig }: TemplateInput): readonly EnvVar[] {
  const metadata = proxyConfig.proxyMetadata ?? {};
  return Object.keys(metadata)
    .sort()
    .map((name) => variable(name, metadata[name] ?? ''));
}

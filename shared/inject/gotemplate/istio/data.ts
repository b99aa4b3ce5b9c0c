import { type MeshConfig, meshConfig } from '../../../config/mesh/mesh-config.ts';
import { type ProxyConfig, proxyConfig } from '../../../config/mesh/proxy-config.ts';
import { type ObjectMeta, objectMeta, type PodSpec, podSpec } from '../../../kube/pod.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { goStruct } from '../kube-value.ts';
import { goMessage } from '../message-value.ts';
import { fromPlain, type GoStruct, int, record } from '../value.ts';

/** What an injection template is rendered with. */
export interface SidecarTemplateInput {
  /** The workload that the pod belongs to. */
  readonly typeMeta: { readonly kind: string; readonly apiVersion: string };
  readonly deploymentMeta: { readonly name: string; readonly namespace: string };
  /** Of the pod without an earlier injection. */
  readonly objectMeta: ObjectMeta;
  readonly spec: PodSpec;
  readonly proxyConfig: ProxyConfig;
  readonly meshConfig: MeshConfig;
  readonly values: JsonObject;
  readonly revision: string;
  readonly nativeSidecars: boolean;
  readonly proxyImage: string;
  readonly proxyInitImage: string;
  readonly proxyUid: number;
  readonly proxyGid: number;
  /** `localhost` or `passthrough`. */
  readonly inboundTrafficPolicyMode: string;
  readonly compliancePolicy: string;
}

/** The data object of injection templates. To be made anew for each rendering: a template can change what it sees of the values. */
export function sidecarTemplateData(input: SidecarTemplateInput): GoStruct {
  const { name, namespace } = input.deploymentMeta;
  return record(
    'inject.SidecarTemplateData',
    [
      ['TypeMeta', typeMetaValue(input.typeMeta)],
      ['DeploymentMeta', namespacedName(namespace, name)],
      ['ObjectMeta', goStruct(objectMeta, input.objectMeta)],
      ['Spec', goStruct(podSpec, input.spec)],
      ['ProxyConfig', goMessage(proxyConfig, input.proxyConfig)],
      ['MeshConfig', goMessage(meshConfig, input.meshConfig)],
      ['Values', fromPlain(input.values)],
      ['Revision', input.revision],
      ['NativeSidecars', input.nativeSidecars],
      ['ProxyImage', input.proxyImage],
      ['ProxyInitImage', input.proxyInitImage],
      ['ProxyUID', int(input.proxyUid, 'int64')],
      ['ProxyGID', int(input.proxyGid, 'int64')],
      ['InboundTrafficPolicyMode', input.inboundTrafficPolicyMode],
      ['CompliancePolicy', input.compliancePolicy],
    ],
    { pointer: true },
  );
}

function typeMetaValue({ kind, apiVersion }: SidecarTemplateInput['typeMeta']): GoStruct {
  return record(
    'v1.TypeMeta',
    [
      ['Kind', kind],
      ['APIVersion', apiVersion],
    ],
    { text: { of: 'pointer', render: () => `&TypeMeta{Kind:${kind},APIVersion:${apiVersion},}` } },
  );
}

function namespacedName(namespace: string, name: string): GoStruct {
  return record(
    'types.NamespacedName',
    [
      ['Namespace', namespace],
      ['Name', name],
    ],
    { text: { of: 'value', render: () => `${namespace}/${name}` } },
  );
}

/** core/v1 containers and what hangs below them. Checked against Kubernetes 1.34. */

import {
  bool,
  embedded,
  type Infer,
  int32,
  int64,
  intOrString,
  keep,
  list,
  map,
  named,
  nullable,
  pointer,
  quantity,
  string,
  struct,
  text,
} from './schema.ts';

/** Name of an object in the same namespace; embedded by most references. */
export const localObjectReferenceFields = { name: string } as const;
export const localObjectReference = struct('LocalObjectReference', localObjectReferenceFields);
const nameOf = embedded('LocalObjectReference', localObjectReferenceFields);

export const resourceList = map(quantity, 'ResourceList');

export const objectFieldSelector = struct('ObjectFieldSelector', { apiVersion: string, fieldPath: keep(string) });

export const resourceFieldSelector = struct('ResourceFieldSelector', {
  containerName: string,
  resource: keep(string),
  divisor: keep(quantity),
});

const keySelector = { ...nameOf, key: keep(string), optional: pointer(bool) } as const;
const envSource = { ...nameOf, optional: pointer(bool) } as const;

const envVarSource = struct('EnvVarSource', {
  fieldRef: objectFieldSelector,
  resourceFieldRef: resourceFieldSelector,
  configMapKeyRef: struct('ConfigMapKeySelector', keySelector),
  secretKeyRef: struct('SecretKeySelector', keySelector),
  fileKeyRef: struct('FileKeySelector', {
    volumeName: keep(string),
    path: keep(string),
    key: keep(string),
    optional: pointer(bool),
  }),
});

const envVar = struct('EnvVar', { name: keep(string), value: string, valueFrom: envVarSource });

const envFromSource = struct('EnvFromSource', {
  prefix: string,
  configMapRef: struct('ConfigMapEnvSource', envSource),
  secretRef: struct('SecretEnvSource', envSource),
});

export const containerPort = struct('ContainerPort', {
  name: string,
  hostPort: int32,
  containerPort: keep(int32),
  protocol: text('Protocol'),
  hostIP: string,
});

export const resourceRequirements = struct('ResourceRequirements', {
  limits: resourceList,
  requests: resourceList,
  claims: list(struct('ResourceClaim', { name: keep(string), request: string })),
});

const execAction = struct('ExecAction', { command: list(string) });

const httpGetAction = struct('HTTPGetAction', {
  path: string,
  port: keep(intOrString),
  host: string,
  scheme: text('URIScheme'),
  httpHeaders: list(struct('HTTPHeader', { name: keep(string), value: keep(string) })),
});

const tcpSocketAction = struct('TCPSocketAction', { port: keep(intOrString), host: string });

const grpcAction = struct('GRPCAction', { port: keep(int32), service: nullable(string) });

const handler = { exec: execAction, httpGet: httpGetAction, tcpSocket: tcpSocketAction } as const;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe */
export const probe = struct('Probe', {
  ...embedded('ProbeHandler', { ...handler, grpc: named(grpcAction, 'GRPC') }),
  initialDelaySeconds: int32,
  timeoutSeconds: int32,
  periodSeconds: int32,
  successThreshold: int32,
  failureThreshold: int32,
  terminationGracePeriodSeconds: pointer(int64),
});

export const lifecycleHandler = struct('LifecycleHandler', { ...handler, sleep: struct('SleepAction', { seconds: keep(int64) }) });

export const lifecycle = struct('Lifecycle', {
  postStart: lifecycleHandler,
  preStop: lifecycleHandler,
  stopSignal: pointer(text('Signal')),
});

export const seLinuxOptions = struct('SELinuxOptions', { user: string, role: string, type: string, level: string });

export const windowsOptions = struct('WindowsSecurityContextOptions', {
  gmsaCredentialSpecName: pointer(string),
  gmsaCredentialSpec: pointer(string),
  runAsUserName: pointer(string),
  hostProcess: pointer(bool),
});

export const seccompProfile = struct('SeccompProfile', { type: keep(text('SeccompProfileType')), localhostProfile: pointer(string) });

export const appArmorProfile = struct('AppArmorProfile', { type: keep(text('AppArmorProfileType')), localhostProfile: pointer(string) });

const securityContext = struct('SecurityContext', {
  capabilities: struct('Capabilities', { add: list(text('Capability')), drop: list(text('Capability')) }),
  privileged: pointer(bool),
  seLinuxOptions,
  windowsOptions,
  runAsUser: pointer(int64),
  runAsGroup: pointer(int64),
  runAsNonRoot: pointer(bool),
  readOnlyRootFilesystem: pointer(bool),
  allowPrivilegeEscalation: pointer(bool),
  procMount: pointer(text('ProcMountType')),
  seccompProfile,
  appArmorProfile,
});

const volumeMount = struct('VolumeMount', {
  name: keep(string),
  readOnly: bool,
  recursiveReadOnly: pointer(text('RecursiveReadOnlyMode')),
  mountPath: keep(string),
  subPath: string,
  mountPropagation: pointer(text('MountPropagationMode')),
  subPathExpr: string,
});

const containerRestartRule = struct('ContainerRestartRule', {
  action: text('ContainerRestartRuleAction'),
  exitCodes: struct('ContainerRestartRuleOnExitCodes', {
    operator: text('ContainerRestartRuleOnExitCodesOperator'),
    values: list(int32),
  }),
});

/** Ephemeral containers embed the same fields. */
export const containerFields = {
  name: keep(string),
  image: string,
  command: list(string),
  args: list(string),
  workingDir: string,
  ports: list(containerPort, { mergeKey: 'containerPort' }),
  envFrom: list(envFromSource),
  env: list(envVar, { mergeKey: 'name' }),
  resources: keep(resourceRequirements),
  resizePolicy: list(
    struct('ContainerResizePolicy', {
      resourceName: keep(text('ResourceName')),
      restartPolicy: keep(text('ResourceResizeRestartPolicy')),
    }),
  ),
  restartPolicy: pointer(text('ContainerRestartPolicy')),
  restartPolicyRules: list(containerRestartRule),
  volumeMounts: list(volumeMount, { mergeKey: 'mountPath' }),
  volumeDevices: list(struct('VolumeDevice', { name: keep(string), devicePath: keep(string) }), { mergeKey: 'devicePath' }),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle,
  terminationMessagePath: string,
  terminationMessagePolicy: text('TerminationMessagePolicy'),
  imagePullPolicy: text('PullPolicy'),
  securityContext,
  stdin: bool,
  stdinOnce: bool,
  tty: bool,
} as const;

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
export const container = struct('Container', containerFields);

export type Container = Infer<typeof container>;
export type EnvVar = Infer<typeof envVar>;
export type Lifecycle = Infer<typeof lifecycle>;
export type LifecycleHandler = Infer<typeof lifecycleHandler>;
export type Probe = Infer<typeof probe>;
export type ResourceRequirements = Infer<typeof resourceRequirements>;
export type SecurityContext = Infer<typeof securityContext>;
export type VolumeMount = Infer<typeof volumeMount>;

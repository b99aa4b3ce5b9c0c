import { describe, expect, it } from 'vitest';
import { defaultProxyConfig } from '../../../config/mesh/proxy-config.ts';
import { sidecarTemplateData } from '../index.ts';
import { allFunctions, renderer } from '../rendering.fixture.ts';

const container = (name: string, image: string, ports: readonly object[]) => ({ name, image, ports, resources: {} });

const data = (overrides: Partial<Parameters<typeof sidecarTemplateData>[0]> = {}) =>
  sidecarTemplateData({
    typeMeta: { kind: 'Deployment', apiVersion: 'apps/v1' },
    deploymentMeta: { name: 'app', namespace: 'prod' },
    objectMeta: { name: 'app-1', labels: { app: 'app', version: 'v1' }, annotations: { here: 'yes', empty: '', html: '<&>' } },
    spec: {
      serviceAccountName: 'sa',
      securityContext: { runAsUser: 0 },
      containers: [
        container('app', 'reg:5000/app:1.2@sha256:ff', [
          { containerPort: 80, name: 'http' },
          { containerPort: 53, protocol: 'UDP' },
        ]),
        container('istio-proxy', 'auto', [{ containerPort: 15090 }]),
      ],
      volumes: [{ name: 'data', emptyDir: { medium: 'Memory' } }],
    },
    proxyConfig: {
      ...defaultProxyConfig,
      concurrency: 3,
      proxyMetadata: { B: '2', A: '1' },
      drainDuration: '7.500s',
      tracing: { zipkin: { address: 'z:9411' } },
    },
    meshConfig: {
      proxyListenPort: 15001,
      extensionProviders: [{ name: 'o', opentelemetry: { serviceAttributeEnrichment: 'OTEL_SEMANTIC_CONVENTIONS' } }],
    },
    values: { n: 1234567, none: null, nested: { a: null, b: { c: null }, d: [null, 1] } },
    revision: 'default',
    nativeSidecars: true,
    proxyImage: 'hub/proxyv2:tag',
    proxyInitImage: 'hub/proxyv2:tag',
    proxyUid: 1337,
    proxyGid: 1338,
    inboundTrafficPolicyMode: 'passthrough',
    compliancePolicy: '',
    ...overrides,
  });

const { output, failure } = renderer(allFunctions, data);

describe('injection template data', () => {
  it.each([
    ['{{ .TypeMeta.Kind }} {{ .TypeMeta }} {{ .DeploymentMeta }}', 'Deployment &TypeMeta{Kind:Deployment,APIVersion:apps/v1,} prod/app'],
    ['{{ .ObjectMeta.Labels.app }}|{{ .ObjectMeta.Labels.missing }}|{{ index .ObjectMeta.Labels "missing" }}', 'app|<no value>|'],
    ['{{ .Spec.SecurityContext.RunAsUser }} {{ .Spec.SecurityContext.RunAsGroup }}', '0 <nil>'],
    [
      '{{ (index .Spec.Containers 0).SecurityContext }} {{ (index .Spec.Containers 0).Resources }}',
      'nil &ResourceRequirements{Limits:ResourceList{},Requests:ResourceList{},Claims:[]ResourceClaim{},}',
    ],
    [
      '{{ with index .Spec.Volumes 0 }}{{ .EmptyDir.Medium }} {{ .VolumeSource.EmptyDir.Medium }} {{ .HostPath }}{{ end }}',
      'Memory Memory nil',
    ],
    ['{{ (index .Spec.Containers 0).Ports }}', '[{http 0 80  } { 0 53 UDP }]'],
    [
      '{{ typeOf .Spec.Containers }} {{ typeOf .Spec.SecurityContext }} {{ typeOf .ProxyUID }}',
      '[]v1.Container *v1.PodSecurityContext int64',
    ],
    ['{{ .ObjectMeta.CreationTimestamp }} {{ .ObjectMeta.DeletionTimestamp }}', '0001-01-01 00:00:00 +0000 UTC <nil>'],
    ['{{ .ProxyConfig.Concurrency }} {{ .ProxyConfig.Concurrency.GetValue }} {{ .ProxyConfig.Concurrency.Value }}', 'value:3 3 3'],
    [
      '{{ .ProxyConfig.DrainDuration }} {{ .ProxyConfig.DrainDuration.Seconds }} {{ .ProxyConfig.GetDrainDuration.GetNanos }}',
      'seconds:7 nanos:500000000 7 500000000',
    ],
    [
      '{{ .ProxyConfig.GetTracing.GetZipkin.GetAddress }} {{ .ProxyConfig.Tracing.Tracer.Zipkin.Address }}|{{ .ProxyConfig.GetTracing.GetLightstep.GetAccessToken }}|',
      'z:9411 z:9411||',
    ],
    [
      '{{ .ProxyConfig.InterceptionMode }} {{ printf "%d" .ProxyConfig.InterceptionMode }} {{ .ProxyConfig.InterceptionMode.String }}',
      'REDIRECT 0 REDIRECT',
    ],
    ['{{ range $k, $v := .ProxyConfig.ProxyMetadata }}{{ $k }}={{ $v }} {{ end }}', 'A=1 B=2 '],
    ['{{ .Values.n }} {{ int .Values.n }} {{ .Values.none }}', '1.234567e+06 1234567 <no value>'],
    [
      '{{ if .NativeSidecars }}native{{ end }} {{ .ProxyImage }} {{ .ProxyGID }} {{ .InboundTrafficPolicyMode }}',
      'native hub/proxyv2:tag 1338 passthrough',
    ],
  ])('gives for %s what Go gives', (template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each([
    ['{{ .Spec.NoSuch }}', "can't evaluate field NoSuch in type v1.PodSpec"],
    ['{{ (index .Spec.Containers 0).SecurityContext.RunAsUser }}', 'nil pointer evaluating *v1.SecurityContext.RunAsUser'],
    ['{{ .ProxyConfig.HoldApplicationUntilProxyStarts.Value }}', 'nil pointer evaluating *wrapperspb.BoolValue.Value'],
    ['{{ .ProxyConfig.GetNoSuch }}', "can't evaluate field GetNoSuch in type *v1alpha1.ProxyConfig"],
    ['{{ .nope }}', "can't evaluate field nope in type *inject.SidecarTemplateData"],
    [
      '{{ eq .ProxyConfig.InterceptionMode "REDIRECT" }}',
      'incompatible types for comparison: v1alpha1.ProxyConfig_InboundInterceptionMode and string',
    ],
  ])('fails for %s as Go does', (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

describe("Istio's template functions", () => {
  it.each([
    [
      'annotation prints its default the Go way',
      '{{ annotation .ObjectMeta "here" 1 }}|{{ annotation .ObjectMeta "empty" 1 }}|{{ annotation .ObjectMeta "x" 1 }}|{{ annotation .ObjectMeta "x" nil }}',
      'yes||1|<nil>',
    ],
    ['isset sees empty values', '{{ isset .ObjectMeta.Annotations "empty" }} {{ isset .ObjectMeta.Annotations "x" }}', 'true false'],
    [
      'valueOrDefault keeps zero and false',
      '{{ valueOrDefault 0 1 }} {{ valueOrDefault false 1 }} {{ valueOrDefault "" 1 }} {{ valueOrDefault .Values.none 1 }}',
      '0 false 1 1',
    ],
    [
      'excludeInboundPort compares untrimmed and joins trimmed',
      '{{ excludeInboundPort 2 "1, 2" }}|{{ excludeInboundPort "" "1" }}|{{ excludeInboundPort 1 "1" }}',
      '1,2,2|1|1',
    ],
    [
      'includeInboundPorts leaves UDP out',
      '{{ includeInboundPorts .Spec.Containers }} {{ applicationPorts .Spec.Containers }}',
      '80,15090 80',
    ],
    ['interface lists pass as they are', '{{ kubevirtInterfaces "a,b" }} {{ excludeInterfaces "c" }}', 'a,b c'],
    ['toYaml sorts', '{{ toYaml (dict "b" (list 1) "a" "yes") }}', 'a: "yes"\nb:\n- 1\n'],
    [
      'toJSON escapes for HTML',
      '{{ toJSON .ObjectMeta.Annotations }} {{ toJSON nil }}',
      '{"empty":"","here":"yes","html":"\\u003c\\u0026\\u003e"} {}',
    ],
    ['toJsonMap merges, later wins', '{{ toJsonMap (strdict "a" "1" "b" "2") (strdict "a" "3") }}', '{"a":"3","b":"2"}'],
    ['fromJSON answers bad text with a text', '{{ (fromJSON `{"a":[1]}`).a }} {{ fromJSON "bad" }}', '[1] {}'],
    [
      'structToJSON uses Kubernetes names',
      '{{ structToJSON (index (index .Spec.Containers 0).Ports 0) }} {{ structToJSON nil }}',
      '{"name":"http","containerPort":80} {}',
    ],
    [
      'protoToJSON leaves out the defaults',
      '{{ protoToJSON .ProxyConfig }}',
      '{"drainDuration":"7.500s","concurrency":3,"tracing":{"zipkin":{"address":"z:9411"}},"proxyMetadata":{"A":"1","B":"2"}}',
    ],
    ['formatDuration is Go style', '{{ formatDuration .ProxyConfig.DrainDuration }}', '7.5s'],
    ['indent leaves the first line', '{{ indent 2 "a\\nb\\n" }}|{{ nindent 2 "a" }}', 'a\n  b\n  |\n  a'],
    ['directory keeps the slash', '{{ directory "/a/b" }}|{{ directory "b" }}', '/a/|'],
    ['contains and toLower', '{{ contains "b" "abc" }} {{ toLower "AbÉ" }}', 'true abé'],
    ['env reads what it is given', '{{ env "SET" "d" }} {{ env "UNSET" "d" }}', 'from env d'],
    [
      'omit takes and gives string maps',
      '{{ omit .ObjectMeta.Labels "app" }} {{ toJSON (omit .ObjectMeta.Labels "x") }}',
      'map[version:v1] {"app":"app","version":"v1"}',
    ],
    ['strdict pads an odd count', '{{ strdict "a" "b" "c" }}', 'map[a:b c:]'],
    ['mergeMaps of nothing is nil', '{{ mergeMaps (strdict "a" "1") (strdict "a" "2") }} {{ mergeMaps }}', 'map[a:2] <no value>'],
    [
      'omitNil drops what is empty because of it',
      '{{ omitNil .Values.nested }} {{ omitNil (dict "a" nil) }} {{ omitNil (dict "a" (list)) }}',
      'map[d:[1]] <no value> map[a:[]]',
    ],
  ])('%s', (_rule, template, expected) => {
    expect(output(template)).toBe(expected);
  });

  it.each([
    ['{{ toJSON .Values }}', 'wrong type for value; expected map[string]string; got map[string]interface {}'],
    ['{{ formatDuration .ProxyConfig }}', 'expected *durationpb.Duration'],
    ['{{ annotation .Spec "a" 1 }}', 'wrong type for value; expected v1.ObjectMeta; got v1.PodSpec'],
    ['{{ range fromJSON "bad" }}{{ end }}', "range can't iterate over {}"],
  ])('%s fails with a type error', (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

describe('otelResourceAttributes', () => {
  const call =
    '{{ otelResourceAttributes .MeshConfig .ObjectMeta.Annotations .ObjectMeta.Labels .DeploymentMeta.Namespace .Spec.Containers }}';
  const single = { containers: [container('app', 'reg:5000/app:1.2@sha256:ff', [])] };

  it.each([
    ['names no version for several containers', {}, 'service.namespace=prod,service.instance.id=prod.$(POD_NAME).app'],
    [
      'takes tag and digest of a single container',
      { spec: single },
      'service.namespace=prod,service.version=1.2@sha256:ff,service.instance.id=prod.$(POD_NAME).app',
    ],
    [
      'prefers the label',
      { spec: single, objectMeta: { labels: { 'app.kubernetes.io/version': 'v9' } } },
      'service.namespace=prod,service.version=v9,service.instance.id=prod.$(POD_NAME).app',
    ],
    [
      'prefers annotations',
      {
        objectMeta: {
          annotations: { 'resource.opentelemetry.io/service.namespace': 'n', 'resource.opentelemetry.io/service.instance.id': 'i' },
        },
      },
      'service.namespace=n,service.instance.id=i',
    ],
    ['has no instance without containers', { spec: {} }, 'service.namespace=prod'],
    ['is empty when no provider asks', { meshConfig: {} }, ''],
  ])('%s', (_rule, overrides, expected) => {
    expect(renderer(allFunctions, () => data(overrides)).output(call)).toBe(expected);
  });
});

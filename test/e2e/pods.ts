/** What a namespace says about injection. */
export const namespaces = {
  shop: { 'istio-injection': 'enabled' },
  plain: {},
  canary: { 'istio.io/rev': 'default' },
} as const;

/** A pod as someone writes it, without what an API server adds, and what shall become of it. */
export interface WrittenPod {
  readonly title: string;
  readonly namespace: keyof typeof namespaces;
  /** `not-asked`: the selectors do not choose it; `left-alone`: the injector looks at it and does nothing. */
  readonly outcome: 'injected' | 'left-alone' | 'not-asked' | 'refused';
  readonly pod: {
    readonly metadata: {
      readonly name: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly spec: { readonly containers: readonly object[]; readonly [field: string]: unknown };
  };
}

const app = { name: 'app', image: 'shop.example/app:1' };

export const writtenPods: readonly WrittenPod[] = [
  {
    title: 'a pod without labels, annotations and resources',
    namespace: 'shop',
    outcome: 'injected',
    pod: { metadata: { name: 'bare' }, spec: { containers: [app] } },
  },
  {
    title: 'a pod with its own labels, quantities and init containers',
    namespace: 'shop',
    outcome: 'injected',
    pod: {
      metadata: { name: 'labelled', labels: { app: 'web', version: 'v2', 'service.istio.io/canonical-name': 'front' } },
      spec: {
        initContainers: [{ name: 'setup', image: 'shop.example/setup:1', resources: { limits: { cpu: '1000m', memory: '0.5Gi' } } }],
        containers: [{ ...app, ports: [{ containerPort: 8080 }] }],
        volumes: [{ name: 'data', emptyDir: {} }],
      },
    },
  },
  {
    title: 'a pod with probes and a lifecycle handler',
    namespace: 'shop',
    outcome: 'injected',
    pod: {
      metadata: { name: 'probed' },
      spec: {
        containers: [
          {
            ...app,
            ports: [{ name: 'web', containerPort: 8080 }],
            livenessProbe: { httpGet: { path: '/live', port: 8080 }, periodSeconds: 3 },
            readinessProbe: { httpGet: { path: '/ready', port: 'web' } },
            startupProbe: { tcpSocket: { port: 8080 } },
            lifecycle: { preStop: { httpGet: { path: '/drain', port: 8080 } } },
          },
        ],
      },
    },
  },
  {
    title: 'a pod with its own proxy container',
    namespace: 'shop',
    outcome: 'injected',
    pod: {
      metadata: { name: 'own-proxy' },
      spec: { containers: [{ name: 'istio-proxy', image: 'auto', env: [{ name: 'MINE', value: '1' }] }, app] },
    },
  },
  {
    title: 'a pod that Prometheus scrapes',
    namespace: 'shop',
    outcome: 'injected',
    pod: {
      metadata: {
        name: 'scraped',
        annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090', 'prometheus.io/path': '/stats' },
      },
      spec: { containers: [app] },
    },
  },
  {
    title: 'a pod on the network of its node',
    namespace: 'shop',
    outcome: 'left-alone',
    pod: { metadata: { name: 'host-network' }, spec: { hostNetwork: true, containers: [app] } },
  },
  {
    title: 'a pod that opts out',
    namespace: 'shop',
    outcome: 'not-asked',
    pod: { metadata: { name: 'opted-out', labels: { 'sidecar.istio.io/inject': 'false' } }, spec: { containers: [app] } },
  },
  {
    title: 'a pod with a broken annotation',
    namespace: 'shop',
    outcome: 'refused',
    pod: {
      metadata: { name: 'broken', annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '80,many' } },
      spec: { containers: [app] },
    },
  },
  {
    title: 'a pod in a namespace without the label',
    namespace: 'plain',
    outcome: 'not-asked',
    pod: { metadata: { name: 'outside' }, spec: { containers: [app] } },
  },
  {
    title: 'a pod that opts in, in a namespace without the label',
    namespace: 'plain',
    outcome: 'injected',
    pod: { metadata: { name: 'opted-in', labels: { 'sidecar.istio.io/inject': 'true' } }, spec: { containers: [app] } },
  },
  {
    title: 'a pod that names the revision, in a namespace without the label',
    namespace: 'plain',
    outcome: 'injected',
    pod: { metadata: { name: 'of-revision', labels: { 'istio.io/rev': 'default' } }, spec: { containers: [app] } },
  },
  {
    title: 'a pod that names another revision, in a namespace without the label',
    namespace: 'plain',
    outcome: 'not-asked',
    pod: { metadata: { name: 'of-other-revision', labels: { 'istio.io/rev': 'next' } }, spec: { containers: [app] } },
  },
  {
    title: 'a pod in a namespace of the revision',
    namespace: 'canary',
    outcome: 'injected',
    pod: { metadata: { name: 'in-revision' }, spec: { containers: [app] } },
  },
];

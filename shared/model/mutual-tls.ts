/** Whether connections must, may or may not come by Istio's mutual TLS. */
export type MutualTlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** How a workload takes connections. */
export interface MutualTls {
  readonly mode: MutualTlsMode;
  /** By target port. */
  readonly ports: ReadonlyMap<number, MutualTlsMode>;
}

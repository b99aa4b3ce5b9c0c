/** What the objects of an installation depend on. */
export interface InstallSettings {
  /** Label `istio.io/rev` of the namespaces and pods that belong to it; `default` also takes those that are labelled `istio-injection=enabled`. */
  readonly revision: string;
  /** Base URLs of the functions, without path, query and final slash. */
  readonly injectUrl: string;
  readonly validateUrl: string;
  /** First part of every path (`/t/<token>`), if the functions ask for one. */
  readonly token?: string;
  /** Cluster and network of the pods, for `ISTIO_META_CLUSTER_ID` and `ISTIO_META_NETWORK`. */
  readonly cluster?: string;
  readonly network?: string;
  /** PEM; only for endpoints whose certificate no public authority signed. */
  readonly caPem?: string;
  /** What the API server does with a pod or an Istio object when nobody answers. */
  readonly failurePolicy: FailurePolicy;
}

export type FailurePolicy = 'Fail' | 'Ignore';

/** Objects of the default revision are named plainly, those of others after it. */
export function nameOf(base: string, { revision }: Pick<InstallSettings, 'revision'>): string {
  return revision === 'default' ? base : `${base}-${revision}`;
}

export interface ClientConfig {
  readonly url: string;
  /** Base64 of PEM. */
  readonly caBundle?: string;
}

/** How the API server reaches a function. Such a URL can hold neither user, query nor fragment: a path is all there is for a token. */
export function clientConfig(url: string, path: string, { token, caPem }: Pick<InstallSettings, 'token' | 'caPem'>): ClientConfig {
  const prefix = token === undefined ? '' : `/t/${token}`;
  return { url: `${url}${prefix}${path}`, ...(caPem !== undefined && { caBundle: Buffer.from(caPem).toString('base64') }) };
}

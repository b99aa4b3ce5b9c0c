/** Certificates, keys and authorities out of Kubernetes secrets. Texts are base64, as Kubernetes has them; nothing here may reach a log or a message. */

/** A certificate with its key. */
export interface Certificate {
  /** PEM of the certificate and those between it and its root. */
  readonly chain: string;
  readonly key: string;
  /** DER of an OCSP answer. */
  readonly staple?: string;
}

/** Roots that peers are checked against. */
export interface Authority {
  readonly roots: string;
  /** PEM of revoked certificates. */
  readonly revoked?: string;
}

/** What of a secret can be used for TLS. */
export interface TlsSecret {
  readonly certificate?: Certificate;
  readonly authority?: Authority;
}

/** Of one namespace, by name. */
export type TlsSecrets = ReadonlyMap<string, TlsSecret>;

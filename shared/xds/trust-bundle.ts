import { X509Certificate } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import { type ProxyConfig, ProxyConfigSchema } from '../gen/istio/proxy_config_pb.js';
import { compareText } from '../lib/compare-text.ts';
import type { Problem } from '../lib/problem.ts';
import type { Built, Scope } from '../model/index.ts';

/** The only trust bundle of a proxy has no name of its own. */
export const trustBundleName = '';

type CaCertificate = NonNullable<MeshConfig['caCertificates']>[number];

/**
 * Roots that the mesh trusts besides its own CA's (PCDS), sorted, each once. Agents that ask for it add them to what they check peers against.
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-CertificateData
 */
export function trustBundle({ config }: Pick<Scope, 'config'>): Built<ProxyConfig> {
  const read = (config.caCertificates ?? []).map(readCertificates);
  const pems = [...new Set(read.flatMap(({ value }) => value))].sort(compareText);
  return {
    value: pems.length === 0 ? [] : [create(ProxyConfigSchema, { caCertificatesPem: pems })],
    problems: read.flatMap(({ problems }) => problems),
  };
}

const certificates = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** An entry may hold several certificates; one that holds something else is left out whole. */
function readCertificates({ pem, spiffeBundleUrl }: CaCertificate, index: number): Built<string> {
  const at = `caCertificates[${index}]`;
  if (spiffeBundleUrl !== undefined) {
    return { value: [], problems: [problem(`${at}.spiffeBundleUrl`, 'is not fetched; give the certificates themselves as pem')] };
  }
  const found = pem?.match(certificates) ?? [];
  if (found.length === 0) return { value: [], problems: [problem(`${at}.pem`, 'holds no PEM certificate')] };
  const bad = found.findIndex((text) => !isAuthority(text));
  if (bad === -1) return { value: found.map((text) => `${text}\n`), problems: [] };
  return { value: [], problems: [problem(`${at}.pem`, `certificate ${bad + 1} of ${found.length} is not one of a CA`)] };
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

function problem(path: string, message: string): Problem {
  return { code: 'untrusted-certificate', severity: 'error', object: 'MeshConfig', path, message };
}

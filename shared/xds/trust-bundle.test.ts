import { beforeAll, describe, expect, it } from 'vitest';
import { madeUpCertificates } from '../../test/fixtures/certificates.ts';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import { trustBundle } from './trust-bundle.ts';

let roots: readonly [string, string];
let leaf: string;

beforeAll(async () => {
  ({ roots, leaf } = await madeUpCertificates());
});

function bundleOf(caCertificates: MeshConfig['caCertificates']) {
  const { value, problems } = trustBundle({ config: { ...(caCertificates && { caCertificates }) } });
  return { pems: value[0]?.caCertificatesPem, paths: problems.map(({ path }) => path) };
}

describe('the trust bundle', () => {
  it('has each root once, whatever the order of the settings', () => {
    const [a, b] = roots;
    const bundle = bundleOf([{ pem: `${a}\n${b}` }, { pem: a }]);

    expect(bundle).toEqual({ pems: [a, b].sort(), paths: [] });
    expect(bundleOf([{ pem: b }, { pem: a }])).toEqual(bundle);
  });

  it('is not there where the mesh has no further roots', () => {
    expect(bundleOf(undefined)).toEqual({ pems: undefined, paths: [] });
  });

  it('leaves out what is no certificate of a CA, with a problem that names the field', () => {
    const [a] = roots;
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    const bundle = bundleOf([{ pem: 'nothing' }, { pem: a }, { pem: leaf }, { pem: `${a}${broken}` }, { spiffeBundleUrl: 'https://x' }]);

    expect(bundle).toEqual({
      pems: [a],
      paths: ['caCertificates[0].pem', 'caCertificates[2].pem', 'caCertificates[3].pem', 'caCertificates[4].spiffeBundleUrl'],
    });
  });
});

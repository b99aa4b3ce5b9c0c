import { describe, expect, it } from 'vitest';
import { dumpGateway, gateway, gatewayNode, httpRule, secret, server } from '../../../test/fixtures/gateways.ts';
import { config } from '../../../test/fixtures/kubernetes-world.ts';
import type { JsonObject } from '../../lib/json.ts';

const tls = 'kubernetes.io/tls';
const pair = { 'tls.crt': 'the certificate', 'tls.key': 'the key' };
const base64 = (text: string) => ({ inlineBytes: Buffer.from(text).toString('base64') });
const shown = { certificateChain: base64('the certificate'), privateKey: base64('the key') };
type Objects = Parameters<typeof dumpGateway>[0];

function secretsFor(settings: JsonObject, objects: Objects) {
  const one = gateway('gw', [server(443, 'HTTPS', ['a.example.com'], { tls: settings })]);
  const { secrets, problems, listeners } = dumpGateway([one, httpRule('a', ['a.example.com'], 'web'), ...objects]);
  return { secrets, problems: problems.filter(({ code }) => code === 'missing-secret'), listeners };
}

describe('the secret of a server', () => {
  it.each<[string, string, Record<string, string>]>([
    ['of type kubernetes.io/tls', tls, pair],
    ['of generic names', 'Opaque', { cert: 'the certificate', key: 'the key' }],
    ['of both: the generic names go first', 'Opaque', { cert: 'the certificate', key: 'the key', 'tls.crt': 'no', 'tls.key': 'no' }],
  ])('%s is its certificate and key', (_, type, data) => {
    const { secrets, problems } = secretsFor({ mode: 'SIMPLE', credentialName: 'c' }, [secret('c', type, data)]);
    expect(secrets).toEqual([{ name: 'kubernetes://c', tlsCertificate: shown }]);
    expect(problems).toEqual([]);
  });

  it.each<[string, Objects]>([
    ['a secret of its own', [secret('c', tls, pair), secret('c-cacert', 'Opaque', { cacert: 'the roots' })]],
    ['the secret of the certificate', [secret('c', tls, { ...pair, 'ca.crt': 'the roots' })]],
  ])('has the authorities for clients in %s', (_, objects) => {
    const { secrets } = secretsFor({ mode: 'MUTUAL', credentialName: 'c' }, objects);
    expect(secrets).toEqual([
      { name: 'kubernetes://c', tlsCertificate: shown },
      { name: 'kubernetes://c-cacert', validationContext: { trustedCa: base64('the roots') } },
    ]);
  });

  it('may bring revoked certificates and an OCSP answer', () => {
    const data = { ...pair, 'tls.ocsp-staple': 'the answer', 'ca.crt': 'the roots', 'ca.crl': 'the list' };
    expect(secretsFor({ mode: 'MUTUAL', credentialName: 'c' }, [secret('c', tls, data)]).secrets).toMatchObject([
      { tlsCertificate: { ocspStaple: base64('the answer') } },
      { validationContext: { crl: base64('the list') } },
    ]);
  });
});

describe('a secret that is missing', () => {
  it.each<[string, Objects]>([
    ['altogether', []],
    ['in the namespace of the proxy', [secret('c', tls, pair, 'other')]],
    ['its key', [secret('c', tls, { 'tls.crt': 'the certificate' })]],
  ])('%s is a problem of the server, which listens all the same', (_, objects) => {
    const { secrets, problems, listeners } = secretsFor({ mode: 'SIMPLE', credentialName: 'c' }, objects);
    expect(secrets).toEqual([]);
    expect(problems).toMatchObject([{ object: 'Gateway shop/gw', path: 'spec.servers[0].tls.credentialName' }]);
    expect(listeners).toHaveLength(1);
  });

  it('is that of another namespace even where it is named with it', () => {
    const { secrets, problems } = secretsFor({ mode: 'SIMPLE', credentialName: 'kubernetes://other/c' }, [secret('c', tls, pair, 'other')]);
    expect(secrets).toEqual([]);
    expect(problems).toHaveLength(1);
  });
});

describe('a rule’s credential', () => {
  const rule = (settings: JsonObject, selector?: JsonObject) =>
    config('DestinationRule', 'web', {
      host: 'web',
      trafficPolicy: { tls: settings },
      ...(selector && { workloadSelector: { matchLabels: selector } }),
    });
  const objects = [secret('c', tls, { ...pair, 'ca.crt': 'the roots' })];
  const names = (found: ReturnType<typeof dumpGateway>) => found.secrets.map(({ name }) => name);

  it.each<[JsonObject, string[]]>([
    [{ mode: 'SIMPLE', credentialName: 'c' }, ['kubernetes://c-cacert']],
    [{ mode: 'MUTUAL', credentialName: 'c' }, ['kubernetes://c', 'kubernetes://c-cacert']],
    [{ mode: 'MUTUAL', credentialName: 'c', insecureSkipVerify: true }, ['kubernetes://c']],
  ])('%j is handed out to gateways as %j', (settings, expected) => {
    expect(names(dumpGateway([rule(settings), ...objects]))).toEqual(expected);
  });

  it.each<[JsonObject | undefined, string[]]>([
    [undefined, []],
    [{ app: 'web' }, ['kubernetes://c-cacert']],
    [{ app: 'api' }, []],
  ])('is handed out to sidecars that its selector %j picks', (selector, expected) => {
    const node = { ...gatewayNode(), id: 'sidecar~10.1.0.1~web-1.shop~shop.svc.cluster.local' };
    expect(names(dumpGateway([rule({ mode: 'SIMPLE', credentialName: 'c' }, selector), ...objects], node))).toEqual(expected);
  });
});

it('a member that is no base64 is a problem that does not tell what it holds', () => {
  const broken = secret('c', tls, pair);
  const data = { 'tls.crt': 'not base64!', 'tls.key': 'c2VjcmV0' };
  const { problems } = secretsFor({ mode: 'SIMPLE', credentialName: 'c' }, [{ ...broken, content: { ...broken.content, data } }]);
  const all = dumpGateway([{ ...broken, content: { ...broken.content, data } }]).problems;
  expect(all).toContainEqual(expect.objectContaining({ object: 'Secret shop/c', path: 'data[tls.crt]', message: 'is not base64' }));
  expect(JSON.stringify([...all, ...problems])).not.toContain('c2VjcmV0');
});

import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { validateObject } from '../validate-object.ts';
import { gatewayKind } from './gateway.ts';

const http = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] };
const https = { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*'] };
const server = (parts: JsonObject): readonly string[] => findingsOf(gatewayKind, { servers: [{ ...http, ...parts }] }).map(fromServer);
const tls = (parts: JsonObject): readonly string[] => findingsOf(gatewayKind, { servers: [{ ...https, tls: parts }] }).map(fromServer);

function fromServer(text: string): string {
  return text.replace('spec.servers[0].', '');
}

type Rows = readonly (readonly [what: string, part: JsonObject, findings: readonly string[]])[];

describe('a Gateway', () => {
  it('has a name without dots, unless istiod made it', () => {
    const named = (annotations: JsonObject) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'a.b', annotations },
      spec: { servers: [{ ...http, hosts: ['~/*'] }] },
    });

    expect(validateObject(named({})).errors).toMatchObject([
      { path: 'metadata.name', message: 'invalid gateway name: "a.b"' },
      { path: 'spec.servers[0].hosts[0]', message: 'invalid namespace value "~" in gateway' },
    ]);
    expect(validateObject(named({ 'internal.istio.io/gateway-semantics': 'gateway' })).errors).toEqual([]);
  });

  it('has servers whose ports have names of their own', () => {
    expect(findingsOf(gatewayKind, {})).toEqual(['spec.servers: gateway must have at least one server']);
    expect(findingsOf(gatewayKind, { servers: [http, http] })).toEqual([
      'spec.servers[1].port.name: port names in servers must be unique: duplicate name http',
    ]);
  });
});

describe('a server of a Gateway', () => {
  it.each<Rows[number]>([
    ['no hosts', { hosts: [] }, ['hosts: server config must contain at least one host']],
    ['an address', { hosts: ['10.0.0.1', 'ns/*.b', './a.b'] }, []],
    ['a short name', { hosts: ['web'] }, ['hosts[0]: short names (non FQDN) are not allowed']],
    ['part of a wildcard', { hosts: ['*a.b'] }, ['hosts[0]: partial wildcard "*a.b" not allowed']],
    [
      'nothing on both sides',
      { hosts: ['/'] },
      [
        'hosts[0]: config namespace and dnsName in host entry cannot be empty',
        'hosts[0]: invalid namespace value "" in gateway',
        'hosts[0]: short names (non FQDN) are not allowed',
        'hosts[0]: empty domain name not allowed',
      ],
    ],
  ])('is for hosts: %s', (_, part, findings) => {
    expect(server(part)).toEqual(findings);
  });

  it.each<Rows[number]>([
    ['none', { port: null }, ['port: port is required']],
    [
      'an unknown protocol',
      { port: { number: 1, protocol: 'kafka', name: 'k' } },
      ['port.protocol: invalid protocol "kafka", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP'],
    ],
    [
      'no number and no name',
      { port: { protocol: 'HTTP', targetPort: 5 } },
      [
        'port.number: port number 0 must be in the range 1..65535',
        'port.targetPort: targetPort has no impact on Gateways',
        'port.name: port name must be set: protocol:"HTTP" target_port:5',
      ],
    ],
    ['a socket of the file system', { port: { protocol: 'HTTP', name: 'n' }, bind: 'unix:///run/s' }, []],
    [
      'a socket with a number',
      { bind: 'unix://s/' },
      [
        'bind: s/ is not an absolute path to a file',
        'port.number: port number must be 0 for unix domain socket: number:80 protocol:"HTTP" name:"http"',
      ],
    ],
    ['a name for an address', { bind: 'web' }, ['bind: web is not a valid IP']],
  ])('listens on a port: %s', (_, part, findings) => {
    expect(server(part)).toEqual(findings);
  });

  it.each<Rows[number]>([
    ['of HTTPS alone', { ...https }, ['tls: server must have TLS settings for HTTPS/TLS protocols']],
    ['of HTTP, with a redirect', { tls: { httpsRedirect: true } }, []],
    [
      'of HTTP, with certificates',
      { tls: { privateKey: 'k' } },
      ['tls: server cannot have TLS settings for plain text HTTP ports', 'warning'],
    ],
    [
      'of TCP',
      { port: { number: 1, name: 't', protocol: 'TCP' }, tls: {} },
      ['tls: server cannot have TLS settings for non HTTPS/TLS ports'],
    ],
    [
      'of HTTPS, with a redirect',
      { ...https, tls: { mode: 'SIMPLE', credentialName: 'c', httpsRedirect: true } },
      ['warning: tls.httpsRedirect: tls.httpsRedirect should only be used with http servers'],
    ],
  ])('has TLS or not: %s', (_, part, findings) => {
    expect(server(part)).toEqual(findings.filter((finding) => finding !== 'warning'));
  });
});

describe('TLS of a server', () => {
  const pair = { serverCertificate: 'c', privateKey: 'k' };
  const oneSource =
    'tls: only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified';

  it.each<Rows[number]>([
    ['from secrets', { mode: 'MUTUAL', credentialNames: ['c'] }, []],
    ['from files', { mode: 'SIMPLE', ...pair }, []],
    [
      'from nowhere',
      { mode: 'SIMPLE' },
      ['tls.serverCertificate: SIMPLE TLS requires a server certificate', 'tls.privateKey: SIMPLE TLS requires a private key'],
    ],
    [
      'of clients, from nowhere',
      { mode: 'OPTIONAL_MUTUAL', tlsCertificates: [pair, { privateKey: 'k' }] },
      [
        'tls.caCertificates: MUTUAL TLS requires a client CA bundle',
        'tls.tlsCertificates[1].serverCertificate: MUTUAL TLS requires a server certificate',
      ],
    ],
    [
      'three of them',
      { mode: 'SIMPLE', tlsCertificates: [pair, pair, pair] },
      ['warning: tls.tlsCertificates: SIMPLE TLS can support up to 2 server certificates'],
    ],
    ['from two sources', { mode: 'SIMPLE', ...pair, credentialName: 'c' }, [oneSource]],
    ["the mesh's", { mode: 'ISTIO_MUTUAL' }, []],
    [
      "the mesh's and others",
      { mode: 'ISTIO_MUTUAL', privateKey: 'k', credentialNames: ['c'] },
      [
        'tls.privateKey: ISTIO_MUTUAL TLS cannot have associated private key',
        'tls.credentialNames: ISTIO_MUTUAL TLS cannot have associated credentialNames',
      ],
    ],
    [
      'where none is used',
      { mode: 'AUTO_PASSTHROUGH', tlsCertificates: [pair] },
      ['warning: tls: AUTO_PASSTHROUGH mode does not use certificates, they will be ignored'],
    ],
    ['revoked ones', { mode: 'SIMPLE', ...pair, caCrl: 'l' }, ['tls.caCrl: CRL is not supported with SIMPLE TLS']],
  ])('has certificates: %s', (_, part, findings) => {
    expect(tls(part)).toEqual(findings);
  });

  it('warns of old versions, and of ciphers that are unknown or named twice', () => {
    const base = { mode: 'SIMPLE', credentialName: 'c' };

    expect(tls({ ...base, minProtocolVersion: 'TLSV1_1' })).toEqual([
      'warning: tls.minProtocolVersion: TLS version below TLSV1_2 require setting compatible ciphers ' +
        'as by default they no longer include compatible ciphers.',
    ]);
    expect(tls({ ...base, cipherSuites: ['ALL', '-AES128-SHA', '', 'B', 'A', 'AES128-SHA', 'AES128-SHA', 'B'] })).toEqual([
      'warning: tls.cipherSuites: ignoring invalid cipher suites: [A B]',
      'warning: tls.cipherSuites: ignoring duplicate cipher suites: [AES128-SHA]',
    ]);
  });
});

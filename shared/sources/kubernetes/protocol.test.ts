import { describe, expect, it } from 'vitest';
import { portProtocol } from './protocol.ts';

describe('portProtocol', () => {
  it.each([
    [{ name: 'http' }, 'HTTP'],
    [{ name: 'HTTP-web' }, 'HTTP'],
    [{ name: 'http2-x' }, 'HTTP2'],
    [{ name: 'grpc' }, 'GRPC'],
    [{ name: 'grpc-web' }, 'GRPC-Web'],
    [{ name: 'grpc-web-x' }, 'GRPC-Web'],
    [{ name: 'tls-x' }, 'TLS'],
    [{ name: 'httpx' }, 'Auto'],
    [{}, 'Auto'],
    [{ name: 'http', protocol: 'UDP' }, 'UDP'],
    [{ name: 'tcp', appProtocol: 'http' }, 'HTTP'],
    [{ name: 'http', appProtocol: 'bogus' }, 'Auto'],
    [{ name: 'x', appProtocol: 'kubernetes.io/h2c' }, 'HTTP2'],
    [{ name: 'x', appProtocol: 'kubernetes.io/wss' }, 'HTTPS'],
    [{ name: 'db', port: 3306 }, 'TCP'],
    [{ name: 'http', port: 3306 }, 'HTTP'],
  ])('%j is %s', (port, expected) => {
    expect(portProtocol(port)).toBe(expected);
  });
});

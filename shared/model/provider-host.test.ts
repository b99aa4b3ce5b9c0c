import { describe, expect, it } from 'vitest';
import { providerHost } from './provider-host.ts';

const services = [
  { host: 'otel.example.com', namespace: 'a' },
  { host: 'zipkin.example.com', namespace: 'a' },
  { host: 'zipkin.example.com', namespace: 'b' },
];

describe('the service of a provider', () => {
  it.each([
    ['of a host that only one namespace has', 'otel.example.com', 'otel.example.com'],
    ['of the namespace that is named', 'b/zipkin.example.com', 'zipkin.example.com'],
    ['is unknown if the namespace lacks it', 'b/otel.example.com', undefined],
    ['is unknown if several namespaces have it', 'zipkin.example.com', undefined],
    ['is unknown if nobody has it', 'other.example.com', undefined],
    ['is unknown if none is named', '', undefined],
  ])('%s', (_, text, expected) => {
    expect(providerHost(services, text)).toBe(expected);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryValue } from '../../test/fixtures/arbitrary-message.ts';
import type { JsonObject } from '../lib/json.ts';
import { protoJsonText, readProtoMessage } from '../lib/proto-json.ts';
import { findKind } from './kinds.ts';
import { validateObject } from './validate-object.ts';

const kinds = [
  ['networking.istio.io', 'DestinationRule'],
  ['networking.istio.io', 'EnvoyFilter'],
  ['networking.istio.io', 'Gateway'],
  ['networking.istio.io', 'ProxyConfig'],
  ['networking.istio.io', 'ServiceEntry'],
  ['networking.istio.io', 'Sidecar'],
  ['networking.istio.io', 'VirtualService'],
  ['networking.istio.io', 'WorkloadEntry'],
  ['networking.istio.io', 'WorkloadGroup'],
  ['security.istio.io', 'AuthorizationPolicy'],
  ['security.istio.io', 'PeerAuthentication'],
  ['security.istio.io', 'RequestAuthentication'],
  ['telemetry.istio.io', 'Telemetry'],
  ['extensions.istio.io', 'WasmPlugin'],
  ['extensions.istio.io', 'TrafficExtension'],
] as const;

describe.each(kinds)('any %s object %s', (group, kind) => {
  const found = findKind(group, kind);
  if (found === undefined) throw new Error(`${kind} is not listed`);
  const { schema } = found;
  const object = (spec: unknown): JsonObject => ({
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name: 'n', namespace: 'ns' },
    spec: spec as JsonObject,
  });

  it('gets an answer, always the same, whose problems say where and what', () => {
    fc.assert(
      fc.property(arbitraryValue(schema, 'sometimes of another type'), (spec) => {
        const { errors, warnings, denial } = validateObject(object(spec));

        expect(denial === undefined).toBe(errors.length === 0);
        for (const { code, path, message } of [...errors, ...warnings]) expect([code, path, message]).not.toContain('');
        expect(validateObject(object(spec)).denial).toBe(denial);
      }),
    );
  });

  it('gets an answer whatever its members are', () => {
    const member = fc.constantFrom('apiVersion', 'kind', 'metadata', 'spec', 'status', 'other');
    fc.assert(
      fc.property(member, fc.jsonValue(), (name, value) => {
        const { errors, denial } = validateObject({ ...object({}), [name]: value as JsonObject });

        expect(denial === undefined).toBe(errors.length === 0);
      }),
    );
  });

  it('is the same message after it was printed and read again', () => {
    fc.assert(
      fc.property(arbitraryValue(schema, 'of the right types'), (spec) => {
        const read = readProtoMessage(spec, schema);
        const printed = read.ok ? protoJsonText(read.value, schema) : JSON.stringify(read);
        const again = readProtoMessage(JSON.parse(printed), schema);

        expect(read.ok).toBe(true);
        expect(again.ok ? protoJsonText(again.value, schema) : again).toBe(printed);
      }),
    );
  });
});

import { create, createRegistry, fromBinary, type JsonObject, toJson } from '@bufbuild/protobuf';
import { AnySchema, StructSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSchema } from '../gen/envoy/config/cluster/v3/cluster_pb.js';
import { MetadataSchema } from '../gen/envoy/config/core/v3/base_pb.js';
import { NameTableSchema } from '../gen/istio/nds_pb.js';
import { MetricConfigSchema } from '../gen/istio/stats_pb.js';
import { encode, messageFromJson, pack, typeUrlOf } from './protobuf.ts';

const registry = createRegistry(ClusterSchema, MetricConfigSchema, StructSchema);

/** The same JSON with the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe('encode', () => {
  it('gives the same bytes for a map in any order', () => {
    const one = create(MetricConfigSchema, { dimensions: { b: '1', a: '2' } });
    const other = create(MetricConfigSchema, { dimensions: { a: '2', b: '1' } });

    expect(encode(MetricConfigSchema, one)).toEqual(encode(MetricConfigSchema, other));
  });

  it('gives the same bytes for a Struct in any order, in maps of Structs too', () => {
    const one = create(MetadataSchema, { filterMetadata: { istio: { b: { y: 1, x: [{ q: 1, p: 2 }] }, a: 'text' }, 'envoy.lb': {} } });
    const other = create(MetadataSchema, { filterMetadata: reversed(one.filterMetadata) as Record<string, JsonObject> });

    expect(encode(MetadataSchema, other)).toEqual(encode(MetadataSchema, one));
  });

  it('gives the same bytes for a message inside of messages, lists and maps', () => {
    const table = { hosts: { ips: ['10.0.0.1'] }, another: { ips: ['10.0.0.2'] } };
    const one = create(NameTableSchema, { table });
    const other = create(NameTableSchema, { table: { another: table.another, hosts: table.hosts } });

    expect(encode(NameTableSchema, one)).toEqual(encode(NameTableSchema, other));
  });

  it('leaves the message as it was', () => {
    const message = create(MetricConfigSchema, { dimensions: { b: '1', a: '2' } });

    encode(MetricConfigSchema, message);

    expect(Object.keys(message.dimensions)).toEqual(['b', 'a']);
  });

  it('keeps the content', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (dimensions) => {
        const read = fromBinary(MetricConfigSchema, encode(MetricConfigSchema, create(MetricConfigSchema, { dimensions })));

        expect(new Map(Object.entries(read.dimensions))).toEqual(new Map(Object.entries(dimensions)));
      }),
    );
  });
});

describe('messageFromJson', () => {
  it('gives the same bytes for keys in any order, also of a message in an Any', () => {
    const json = {
      name: 'c',
      typedExtensionProtocolOptions: { z: { '@type': typeUrlOf(MetricConfigSchema), dimensions: { b: '1', a: '2', 10: '3', 9: '4' } } },
      metadata: { filterMetadata: { istio: { b: 1, a: 2 } } },
    };

    const bytes = encode(ClusterSchema, messageFromJson(ClusterSchema, json, registry));

    expect(encode(ClusterSchema, messageFromJson(ClusterSchema, reversed(json), registry))).toEqual(bytes);
    expect(toJson(ClusterSchema, fromBinary(ClusterSchema, bytes), { registry })).toEqual(json);
  });

  it('refuses a key that the message does not have', () => {
    expect(() => messageFromJson(MetricConfigSchema, { nmae: 'x' }, registry)).toThrow('nmae');
  });
});

describe('pack', () => {
  it('names the type and holds sorted bytes', () => {
    const message = create(MetricConfigSchema, { dimensions: { b: '1', a: '2' } });

    expect(pack(MetricConfigSchema, message)).toEqual(
      create(AnySchema, { typeUrl: 'type.googleapis.com/stats.MetricConfig', value: encode(MetricConfigSchema, message) }),
    );
  });
});

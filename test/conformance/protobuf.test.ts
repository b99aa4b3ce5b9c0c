import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DescMessage, fromBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { registry } from '../../shared/gen/registry.ts';
import { encode, messageFromJson } from '../../shared/lib/protobuf.ts';
import { difference } from './difference.ts';
import { hasRecordings, recordings, withoutRecordings } from './recordings.ts';

/** File of a scenario's output → type of its resources. */
const types: Readonly<Record<string, string>> = {
  'clusters.json': 'envoy.config.cluster.v3.Cluster',
  'endpoints.json': 'envoy.config.endpoint.v3.ClusterLoadAssignment',
  'listeners.json': 'envoy.config.listener.v3.Listener',
  'routes.json': 'envoy.config.route.v3.RouteConfiguration',
  'extensionconfigs.json': 'envoy.config.core.v3.TypedExtensionConfig',
  'nametable.json': 'istio.networking.nds.v1.NameTable',
  'secrets.json': 'envoy.extensions.transport_sockets.tls.v3.Secret',
};

const folders = ['xds', 'xds-grpc'].map((name) => join(recordings, name)).filter(hasRecordings);

interface Output {
  readonly id: string;
  readonly path: string;
  readonly type: string;
}

function outputsOf(folder: string): readonly Output[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
    const type = types[path.slice(path.lastIndexOf('/') + 1)];
    return type === undefined || !path.includes('/out/') ? [] : [{ id: path, path: join(folder, path), type }];
  });
}

function schemaOf(type: string): DescMessage {
  const schema = registry.getMessage(type);
  if (schema === undefined) throw new Error(`${type} is not generated`);
  return schema;
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

/** What is wrong with one recorded resource; undefined if it comes back as it was and its key order leaves no trace. */
function wrong(schema: DescMessage, resource: unknown): string | undefined {
  const bytes = encode(schema, messageFromJson(schema, resource, registry));
  const shuffled = encode(schema, messageFromJson(schema, reversed(resource), registry));
  if (Buffer.compare(bytes, shuffled) !== 0) return 'key order changes the bytes';
  return difference(resource, toJson(schema, fromBinary(schema, bytes), { registry }));
}

const outputs = folders.flatMap(outputsOf);

describe.skipIf(outputs.length === 0)(`generated messages (${outputs.length === 0 ? withoutRecordings : 'recorded'})`, () => {
  it.each(outputs)('read and write $id', ({ path, type }) => {
    const resources: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const schema = schemaOf(type);

    const findings = (resources as readonly unknown[]).map((resource) => wrong(schema, resource)).filter((found) => found !== undefined);

    expect(findings).toEqual([]);
  });
});

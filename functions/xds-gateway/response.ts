/**
 * Responses as bytes. The envelope is written by hand around the bytes of the snapshot, which are copied and never decoded: what is built once is
 * encoded once. Field numbers: https://github.com/envoyproxy/envoy/blob/main/api/envoy/service/discovery/v3/discovery.proto
 */

import type { Entry } from './stream/content.ts';
import type { Protocol, SendEffect } from './stream/state.ts';
import { lengthDelimited, lengthHeader } from './wire.ts';

const discoveryResponse = { versionInfo: 1, resources: 2, typeUrl: 4, nonce: 5 };
const deltaDiscoveryResponse = { systemVersionInfo: 1, resources: 2, typeUrl: 4, nonce: 5, removedResources: 6 };
const deltaResource = { version: 1, resource: 2, name: 3 };
const any = { typeUrl: 1, value: 2 };

/** DiscoveryResponse or DeltaDiscoveryResponse. */
export function encodeResponse(protocol: Protocol, effect: SendEffect): Buffer {
  return Buffer.concat(protocol === 'sotw' ? sotwResponse(effect) : deltaResponse(effect));
}

type Parts = readonly Uint8Array[];

function sotwResponse({ typeUrl, nonce, version, resources }: SendEffect): Parts {
  const field = discoveryResponse;
  return [
    ...text(field.versionInfo, version),
    ...[...resources.values()].flatMap((entry) => message(field.resources, anyOf(typeUrl, entry))),
    ...text(field.typeUrl, typeUrl),
    ...text(field.nonce, nonce),
  ];
}

function deltaResponse({ typeUrl, nonce, version, resources, removed }: SendEffect): Parts {
  const field = deltaDiscoveryResponse;
  return [
    ...text(field.systemVersionInfo, version),
    ...[...resources].flatMap(([name, entry]) => message(field.resources, deltaResourceOf(typeUrl, name, entry))),
    ...text(field.typeUrl, typeUrl),
    ...text(field.nonce, nonce),
    ...removed.flatMap((name) => text(field.removedResources, name)),
  ];
}

function deltaResourceOf(typeUrl: string, name: string, entry: Entry): Parts {
  const field = deltaResource;
  return [...text(field.version, entry.hash), ...message(field.resource, anyOf(typeUrl, entry)), ...text(field.name, name)];
}

function anyOf(typeUrl: string, { bytes }: Entry): Parts {
  return [...text(any.typeUrl, typeUrl), ...lengthDelimited(any.value, bytes)];
}

function text(field: number, value: string): Parts {
  return value === '' ? [] : lengthDelimited(field, Buffer.from(value));
}

/** A message field around parts that are not joined yet: the bytes of a resource are copied once, into the response. */
function message(field: number, parts: Parts): Parts {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [lengthHeader(field, length), ...parts];
}

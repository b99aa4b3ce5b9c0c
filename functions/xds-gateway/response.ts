/**
 * Responses as bytes. The envelope is written by hand around the bytes of the snapshot, which are copied and never decoded: what is built once is
 * encoded once. Field numbers: https://github.com/envoyproxy/envoy/blob/main/api/envoy/service/discovery/v3/discovery.proto
 */

import { type Entries, type Entry, partsOf } from './stream/content.ts';
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
  const header = (_name: string, entry: Entry): Uint8Array => sotwHeader(entry, () => anyHeader(field.resources, typeUrl, entry));
  return [
    ...text(field.versionInfo, version),
    ...partsOf(resources).flatMap((part) => sotwBlock(part, header)),
    ...text(field.typeUrl, typeUrl),
    ...text(field.nonce, nonce),
  ];
}

function deltaResponse({ typeUrl, nonce, version, resources, removed }: SendEffect): Parts {
  const field = deltaDiscoveryResponse;
  const header = (name: string, entry: Entry): Uint8Array => deltaHeader(entry, () => resourceHeader(typeUrl, name, entry));
  return [
    ...text(field.systemVersionInfo, version),
    ...partsOf(resources).flatMap((part) => deltaBlock(part, header)),
    ...text(field.typeUrl, typeUrl),
    ...text(field.nonce, nonce),
    ...removed.flatMap((name) => text(field.removedResources, name)),
  ];
}

type HeaderOf = (name: string, entry: Entry) => Uint8Array;

/** Resources of one message, as one piece from the second time on: thousands of small copies for each of a thousand streams take longer than a few big ones. */
const sotwBlock = joinedWhenSeenAgain();
const deltaBlock = joinedWhenSeenAgain();

function joinedWhenSeenAgain(): (resources: Entries, headerOf: HeaderOf) => Parts {
  const seen = new WeakMap<Entries, Parts | 'once'>();
  return (resources, headerOf) => {
    const known = seen.get(resources);
    if (known !== undefined && known !== 'once') return known;
    const pieces: Uint8Array[] = [];
    for (const [name, entry] of resources) pieces.push(headerOf(name, entry), entry.bytes);
    const parts = known === undefined ? pieces : [Buffer.concat(pieces)];
    seen.set(resources, known === undefined ? 'once' : parts);
    return parts;
  };
}

/** What stands before the bytes of a resource, made once for all streams: the bytes are last in all messages around them. */
const sotwHeader = oncePerEntry();
const deltaHeader = oncePerEntry();

function oncePerEntry(): (entry: Entry, make: () => Uint8Array) => Uint8Array {
  const headers = new WeakMap<Entry, Uint8Array>();
  return (entry, make) => {
    const header = headers.get(entry) ?? make();
    headers.set(entry, header);
    return header;
  };
}

function resourceHeader(typeUrl: string, name: string, entry: Entry): Uint8Array {
  const inner = anyHeader(deltaResource.resource, typeUrl, entry);
  const members = Buffer.concat([...text(deltaResource.version, entry.hash), ...text(deltaResource.name, name), inner]);
  return Buffer.concat([lengthHeader(deltaDiscoveryResponse.resources, members.length + entry.bytes.length), members]);
}

function anyHeader(field: number, typeUrl: string, { bytes }: Entry): Uint8Array {
  const members = Buffer.concat([...text(any.typeUrl, typeUrl), lengthHeader(any.value, bytes.length)]);
  return Buffer.concat([lengthHeader(field, members.length + bytes.length), members]);
}

function text(field: number, value: string): Parts {
  return value === '' ? [] : lengthDelimited(field, Buffer.from(value));
}

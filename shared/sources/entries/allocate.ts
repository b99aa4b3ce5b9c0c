/** Addresses for hosts of ServiceEntries that have none, so that proxies that answer DNS can tell such hosts apart on ports other than HTTP's. */

import { createHash } from 'node:crypto';
import { compareText } from '../../lib/compare-text.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, objectAt } from '../../lib/json.ts';
import { groupOf, type RawObject } from '../kubernetes/objects.ts';

/**
 * The objects, each ServiceEntry that leaves addresses to the control plane with one of either family for each host in its status, where Istio's own
 * control plane writes them. What stands there stays; a host keeps the address that it had; others get one that follows from their name, or the next
 * free one. Without an address left a host gets none.
 * @param last objects that this function gave before.
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/#address-auto-allocation
 */
export function allocateAddresses(objects: readonly RawObject[], last: readonly RawObject[]): readonly RawObject[] {
  const entries = objects.filter(isServiceEntry);
  const wanting = entries.flatMap(wantingHosts).sort((a, b) => compareText(a.key, b.key));
  if (wanting.length === 0) return objects;
  const taken = takenSlots(entries);
  const remembered = rememberedSlots(last);
  const slots = new Map<string, number>();
  const take = (key: string, slot: number | undefined): void => {
    if (slot === undefined || taken.has(slot) || slots.has(key)) return;
    taken.add(slot);
    slots.set(key, slot);
  };
  for (const { key } of wanting) take(key, remembered.get(key));
  for (const { key } of wanting) if (!slots.has(key)) take(key, freeSlot(key, taken));
  const hosts = Map.groupBy(wanting, ({ object }) => object);
  return objects.map((object) => withAddresses(object, hosts.get(object) ?? [], slots));
}

interface WantingHost {
  readonly object: RawObject;
  readonly host: string;
  /** `namespace/name/host` */
  readonly key: string;
}

const optOutLabel = 'networking.istio.io/enable-autoallocate-ip';

function isServiceEntry({ kind, apiVersion }: RawObject): boolean {
  return kind === 'ServiceEntry' && groupOf(apiVersion) === 'networking.istio.io';
}

/** Hosts to which an address would be of use: not where the caller's own address is kept, and not of wildcards, which stand for many. */
function wantingHosts(object: RawObject): readonly WantingHost[] {
  const { hosts, addresses, resolution = 'NONE' } = objectAt(object.content, 'spec');
  const labels = objectAt(objectAt(object.content, 'metadata'), 'labels');
  const isLeft = (isJsonArray(addresses) ? addresses : []).length === 0 && resolution !== 'NONE' && resolution !== 0;
  if (!isLeft || String(labels[optOutLabel] ?? '').toLowerCase() === 'false') return [];
  const given = new Set(statusOf(object).map(({ host }) => host));
  return [...new Set(textsOf(hosts))]
    .filter((host) => !host.startsWith('*') && !given.has(host))
    .map((host) => ({ object, host, key: keyOf(object, host) }));
}

function keyOf({ namespace, name }: RawObject, host: string): string {
  return `${namespace}/${name}/${host}`;
}

/** Istio's own ranges, 240.240.0.0/16 and 2001:2::/48: a slot is the last 16 bits of either. Neither network nor broadcast address is one. */
const [firstSlot, lastSlot] = [1, 0xffff - 1];

function addressesOf(slot: number): readonly string[] {
  return [`240.240.${slot >> 8}.${slot & 0xff}`, `2001:2::${slot.toString(16)}`];
}

const v4Form = /^240\.240\.(\d{1,3})\.(\d{1,3})(?:\/32)?$/;
const v6Form = /^2001:2::([0-9a-f]{1,4})(?:\/128)?$/i;

/** Undefined for an address outside of the ranges. */
function slotOf(address: string): number | undefined {
  const v4 = v4Form.exec(address);
  if (v4 !== null) return Number(v4[1]) * 256 + Number(v4[2]);
  const v6 = v6Form.exec(address);
  return v6 === null ? undefined : Number.parseInt(v6[1] ?? '', 16);
}

/** What users and other control planes gave. */
function takenSlots(entries: readonly RawObject[]): Set<number> {
  const given = entries.flatMap((object) => [
    ...statusOf(object).map(({ value }) => value),
    ...textsOf(objectAt(object.content, 'spec')['addresses']),
  ]);
  return new Set(given.flatMap((address) => slotOf(address) ?? []));
}

function rememberedSlots(last: readonly RawObject[]): ReadonlyMap<string, number> {
  const known = last.filter(isServiceEntry).flatMap((object) =>
    statusOf(object).flatMap(({ host, value }) => {
      const slot = slotOf(value);
      return slot === undefined ? [] : [[keyOf(object, host), slot] as const];
    }),
  );
  return new Map(known);
}

/** The first free one from where the name points to. */
function freeSlot(key: string, taken: ReadonlySet<number>): number | undefined {
  const count = lastSlot - firstSlot + 1;
  if (taken.size >= count) return undefined;
  const start = createHash('sha256').update(key).digest().readUInt32BE() % count;
  for (let step = 0; step < count; step += 1) {
    const slot = firstSlot + ((start + step) % count);
    if (!taken.has(slot)) return slot;
  }
  return undefined;
}

function withAddresses(object: RawObject, hosts: readonly WantingHost[], slots: ReadonlyMap<string, number>): RawObject {
  const added = hosts.flatMap(({ host, key }) => {
    const slot = slots.get(key);
    return slot === undefined ? [] : addressesOf(slot).map((value) => ({ host, value }));
  });
  if (added.length === 0) return object;
  const status = objectAt(object.content, 'status');
  const addresses = [...(isJsonArray(status['addresses']) ? status['addresses'] : []), ...added];
  return { ...object, content: { ...object.content, status: { ...status, addresses } } };
}

function statusOf({ content }: RawObject): readonly { readonly host: string; readonly value: string }[] {
  const { addresses } = objectAt(content, 'status');
  return (isJsonArray(addresses) ? addresses : [])
    .filter((item): item is JsonObject => isJsonObject(item))
    .map(({ host, value }) => ({ host: typeof host === 'string' ? host : '', value: typeof value === 'string' ? value : '' }));
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return (isJsonArray(value) ? value : []).filter((item) => typeof item === 'string');
}

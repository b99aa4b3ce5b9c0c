/**
 * What a name without a resource is answered with, so that Envoy does not wait for it: an assignment without endpoints, a route configuration without hosts.
 * Both have their name in field 1. Written by hand: it is the only message that the gateway makes.
 */

import { contentHash } from '../../../shared/lib/hash.ts';
import { lengthDelimited } from '../wire.ts';
import type { Entry } from './content.ts';
import { endpointType, routeType } from './types.ts';

const nameField = 1;
/** `validate_clusters { value: false }`: a false BoolValue is an empty message. */
const validateClustersField = 7;
const empty = new Uint8Array();

/** Undefined for types whose unknown names get no message. */
export function shell(typeUrl: string, name: string): Entry | undefined {
  if (typeUrl !== endpointType && typeUrl !== routeType) return undefined;
  const parts = lengthDelimited(nameField, Buffer.from(name));
  const bytes = Buffer.concat(typeUrl === routeType ? [...parts, ...lengthDelimited(validateClustersField, empty)] : parts);
  return { hash: contentHash(bytes), bytes, isShell: true };
}

/** Consistent hashing. */

import { error, type Findings, warning } from '../../lib/finding.ts';
import { bool, duration, type InferMessage, list, message, oneof, type ProtoScalar, string } from '../../lib/message.ts';

const hash = 'istio.networking.v1alpha3.LoadBalancerSettings.ConsistentHashLB';

/** Decimal text. */
const uint64: ProtoScalar<string> = { kind: 'uint64' };

const httpCookie = message(`${hash}.HTTPCookie`, {
  name: string,
  path: string,
  /** Without one the cookie is only read, never made; `0s` makes one for the session. */
  ttl: duration,
  attributes: list(message(`${hash}.HTTPCookie.Attribute`, { name: string, value: string })),
});

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-ConsistentHashLB */
export const consistentHash = message(hash, {
  ...oneof('HashKey', { httpHeaderName: string, httpCookie, useSourceIp: bool, httpQueryParameterName: string }),
  ...oneof('HashAlgorithm', {
    ringHash: message(`${hash}.RingHash`, { minimumRingSize: uint64 }),
    maglev: message(`${hash}.MagLev`, { tableSize: uint64 }),
  }),
  /** Deprecated: that of `ringHash`. */
  minimumRingSize: uint64,
});
export type ConsistentHash = InferMessage<typeof consistentHash>;

export function* checkConsistentHash(hash: ConsistentHash): Findings {
  if (hash.httpCookie) yield* checkCookie(hash.httpCookie);
  if (isAboveZero(hash.minimumRingSize)) {
    const message = "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead";
    yield warning('ring-size', 'minimumRingSize', message);
    if (hash.ringHash || hash.maglev) {
      yield error('ring-size', 'minimumRingSize', 'only one of MinimumRingSize or Maglev/Ringhash can be specified');
    }
  }
  if (hash.maglev) yield* checkTableSize(BigInt(hash.maglev.tableSize ?? 0));
}

function isAboveZero(size: string | undefined): boolean {
  return size !== undefined && BigInt(size) > 0n;
}

function* checkCookie({ name, attributes = [] }: NonNullable<ConsistentHash['httpCookie']>): Findings {
  if (!name) yield error('cookie-name', 'httpCookie.name', 'name required for HttpCookie');
  const names = new Set<string>();
  for (const [index, attribute] of attributes.entries()) {
    const path = `httpCookie.attributes[${index}].name`;
    const attributeName = attribute.name ?? '';
    if (attributeName === '') yield error('cookie-attribute', path, 'cookie attribute name cannot be empty');
    else if (names.has(attributeName)) yield error('cookie-attribute', path, `duplicate cookie attribute name: ${attributeName}`);
    names.add(attributeName);
  }
}

/** Envoy's own limit. */
const tableSizeLimit = 5_000_011n;

function* checkTableSize(size: bigint): Findings {
  const path = 'maglev.tableSize';
  if (size === 0n) yield error('maglev', path, 'tableSize must be set for maglev');
  if (size >= tableSizeLimit) yield error('maglev', path, 'tableSize must be less than 5000011 for maglev');
  if (!isPrime(size)) yield error('maglev', path, 'tableSize must be a prime number for maglev');
}

/** Istio compatibility: 1 counts as prime, as in Envoy. Sizes far above the limit are wrong anyway, and not divided for long. */
function isPrime(size: bigint): boolean {
  if (size > 0n && size < 4n) return true;
  if (size % 2n === 0n) return false;
  for (let factor = 3n; factor * factor <= size; factor += 2n) {
    if (size % factor === 0n) return false;
    if (factor > tableSizeLimit) return true;
  }
  return true;
}

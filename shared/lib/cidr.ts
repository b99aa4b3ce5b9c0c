/** Address ranges as users write them: `10.1.0.0/16`, `fd00::/8`, or one address. */

const bitsOf = { v4: 32, v6: 128 };

/**
 * The range with all bits after its prefix cleared, so that two ways to write one range become one text; undefined for a text that is none.
 * IPv6 addresses come out as hexadecimal digits, not as they are usually written.
 */
export function maskedCidr(text: string): string | undefined {
  const [address = '', length] = text.split('/');
  const family = address.includes(':') ? 'v6' : 'v4';
  const value = family === 'v6' ? valueOfIpv6(address) : valueOfIpv4(address);
  const bits = bitsOf[family];
  const prefix = length === undefined ? bits : Number(length);
  if (value === undefined || length === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > bits) return undefined;
  const cleared = BigInt(bits - prefix);
  return `${family} ${((value >> cleared) << cleared).toString(16)}/${prefix}`;
}

const decimal = /^\d{1,3}$/;
const hexadecimal = /^[0-9a-f]{1,4}$/i;

function valueOfIpv4(address: string): bigint | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => decimal.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function valueOfIpv6(address: string): bigint | undefined {
  const [head = '', tail, ...others] = address.split('::');
  if (others.length > 0) return undefined;
  const [left, right] = [groupsOf(head), groupsOf(tail ?? '')];
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...new Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => hexadecimal.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** An IPv4 address at the end stands for two groups. */
function groupsOf(text: string): readonly string[] {
  const groups = text === '' ? [] : text.split(':');
  const embedded = valueOfIpv4(groups.at(-1) ?? '');
  return embedded === undefined ? groups : [...groups.slice(0, -1), (embedded >> 16n).toString(16), (embedded & 0xffffn).toString(16)];
}

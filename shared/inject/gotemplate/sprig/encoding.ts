import { createHash } from 'node:crypto';
import { fn, type GoFunction } from '../function.ts';
import { decodeJson, encodeJson } from '../json.ts';
import type { Meter } from '../limits.ts';
import { GoFailure, type GoValue, LimitFailure } from '../value.ts';
import { slow } from './slow.ts';

/** sprig's JSON, Base64, Base32 and checksums. */
export const encodingFunctions: readonly (readonly [string, GoFunction])[] = [
  ['fromJson', fn(['string'], quietly(decodeJson, null))],
  ['mustFromJson', fn(['string'], (text) => decodeJson(text))],
  ['toJson', fn(['any'], quietly(plainJson, ''))],
  ['mustToJson', fn(['any'], plainJson)],
  ['toPrettyJson', fn(['any'], quietly(prettyJson, ''))],
  ['mustToPrettyJson', fn(['any'], prettyJson)],
  ['toRawJson', fn(['any'], rawJson)],
  ['mustToRawJson', fn(['any'], rawJson)],
  ['b64enc', fn(['string'], (text) => Buffer.from(text).toString('base64'))],
  ['b64dec', fn(['string'], decodeBase64)],
  ['b32enc', slow(encodeBase32)],
  ['b32dec', slow(decodeBase32)],
  ['sha1sum', fn(['string'], (text) => createHash('sha1').update(text).digest('hex'))],
  ['sha256sum', fn(['string'], (text) => createHash('sha256').update(text).digest('hex'))],
  ['sha512sum', fn(['string'], (text) => createHash('sha512').update(text).digest('hex'))],
  ['adler32sum', fn(['string'], (text) => String(adler32(Buffer.from(text))))],
];

/** Without `must` sprig drops the error. */
function quietly<T>(convert: (value: T, meter: Meter) => GoValue, otherwise: GoValue): (value: T, meter: Meter) => GoValue {
  return (value, meter) => {
    try {
      return convert(value, meter);
    } catch (caught) {
      if (caught instanceof GoFailure && !(caught instanceof LimitFailure)) return otherwise;
      throw caught;
    }
  };
}

function plainJson(value: GoValue, meter: Meter): string {
  return encodeJson(value, meter);
}

function prettyJson(value: GoValue, meter: Meter): string {
  return encodeJson(value, meter, { indent: '  ' });
}

function rawJson(value: GoValue, meter: Meter): string {
  return encodeJson(value, meter, { raw: true });
}

const lineEnds = /[\r\n]/g;
const base64Text = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const base64Prefix = /^(?:[A-Za-z\d+/]{4})*/;
/** What follows padding is wrong. */
const paddedGroup = /^(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)/;
const base64Char = /[^A-Za-z\d+/]/;

/** A text that is no Base64 gives the error's words as the answer, as in sprig. */
function decodeBase64(text: string): string {
  const plain = text.replace(lineEnds, '');
  if (base64Text.test(plain)) return Buffer.from(plain, 'base64').toString();
  const groups = base64Prefix.exec(plain)?.[0].length ?? 0;
  if (paddedGroup.test(plain.slice(groups))) return `illegal base64 data at input byte ${groups + 4}`;
  const wrong = plain.slice(groups).search(base64Char);
  return `illegal base64 data at input byte ${wrong === -1 ? groups : groups + wrong}`;
}

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function encodeBase32(text: string): string {
  const bits = Array.from(Buffer.from(text), (byte) => byte.toString(2).padStart(8, '0')).join('');
  let encoded = '';
  for (let at = 0; at < bits.length; at += 5) encoded += base32Alphabet.charAt(Number.parseInt(bits.slice(at, at + 5).padEnd(5, '0'), 2));
  return encoded.padEnd(Math.ceil(encoded.length / 8) * 8, '=');
}

const base32Text = /^(?:[A-Z2-7]{8})*(?:[A-Z2-7]{2}={6}|[A-Z2-7]{4}={4}|[A-Z2-7]{5}={3}|[A-Z2-7]{7}=)?$/;
const base32Prefix = /^(?:[A-Z2-7]{8})*/;
const base32Char = /[^A-Z2-7]/;

function decodeBase32(text: string): string {
  const plain = text.replace(lineEnds, '');
  if (!base32Text.test(plain)) {
    const groups = base32Prefix.exec(plain)?.[0].length ?? 0;
    const wrong = plain.slice(groups).search(base32Char);
    return `illegal base32 data at input byte ${wrong === -1 ? groups : groups + wrong}`;
  }
  const bits = Array.from(plain.replaceAll('=', ''), (char) => base32Alphabet.indexOf(char).toString(2).padStart(5, '0')).join('');
  const bytes = Array.from({ length: Math.floor(bits.length / 8) }, (_, index) => Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2));
  return Buffer.from(bytes).toString();
}

/** @see https://datatracker.ietf.org/doc/html/rfc1950 */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

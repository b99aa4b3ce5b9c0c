import { fn, type GoFunction } from '../function.ts';
import { GoFailure, type GoStruct, int, record } from '../value.ts';
import { parseVersion, type Version, versionText } from './version.ts';
import { parseRange } from './version-range.ts';

/** sprig's semantic versions. @see https://semver.org/ */
export const semverFunctions: readonly (readonly [string, GoFunction])[] = [
  ['semver', fn(['string'], (text) => versionValue(readVersion(text)))],
  ['semverCompare', fn(['string', 'string'], (range, text) => parseRange(range).holds(readVersion(text)))],
];

function readVersion(text: string): Version {
  const version = parseVersion(text);
  if (!version) throw new GoFailure('Invalid Semantic Version');
  return version;
}

function versionValue(version: Version): GoStruct {
  const parts = new Map([
    ['Major', int(version.major, 'uint64')],
    ['Minor', int(version.minor, 'uint64')],
    ['Patch', int(version.patch, 'uint64')],
  ] as const);
  const texts = new Map([
    ['Prerelease', version.prerelease],
    ['Metadata', version.metadata],
    ['Original', version.original],
  ]);
  return record('semver.Version', [], {
    pointer: true,
    method: (name) => {
      const value = parts.get(name as 'Major') ?? texts.get(name);
      return value === undefined ? undefined : { value };
    },
    text: { of: 'pointer', render: () => versionText(version) },
    json: () => JSON.stringify(versionText(version)),
  });
}

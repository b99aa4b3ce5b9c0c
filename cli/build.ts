import packageJson from '../package.json' with { type: 'json' };

/** What istiod calls build information. Sources run without a build, so nothing but the version is known. */
export const build = { version: packageJson.version, gitRevision: 'unknown', status: 'unknown' } as const;

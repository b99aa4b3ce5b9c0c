import { relative, resolve } from 'node:path';

/** What runs where, for the person who has just typed `npm start`. */
export interface BannerContent {
  readonly version: string;
  readonly webhookUrl: string;
  /** `127.0.0.1:15010`. */
  readonly xdsAddress: string;
  readonly monitoringUrl: string;
  readonly meshPath: string;
  /** `4 Service, 7 Pod`. */
  readonly meshContent: string;
  readonly authorityPath: string;
  readonly reviewPath: string;
  readonly manifestPath: string;
  readonly workingDirectory: string;
}

/** The table and four commands that work as they are printed. */
export function banner(content: BannerContent): string {
  const shown = (path: string) => shellWord(shortPath(content.workingDirectory, path));
  return `pilotless ${content.version} is ready

  webhooks    ${content.webhookUrl}   /inject  /validate
  xds         ${content.xdsAddress}   plaintext ADS, SotW and delta
  monitoring  ${content.monitoringUrl}    /healthz/ready  /metrics  /version  /debug/syncz
  mesh        ${shown(content.meshPath)}: ${content.meshContent}
  CA          ${shown(content.authorityPath)}

Try next:
  curl --cacert ${shown(content.authorityPath)} -H 'Content-Type: application/json' --data-binary @${shown(content.reviewPath)} ${content.webhookUrl}/inject
  npx pilotless inject -f ${shown(content.manifestPath)}
  npx pilotless try${xdsFlag(content.xdsAddress)}
  curl ${content.monitoringUrl}/metrics

Ctrl-C stops it.
`;
}

/** The flag that a command needs to find an xDS port that is not Istio's own. */
function xdsFlag(address: string): string {
  const port = address.slice(address.lastIndexOf(':') + 1);
  return port === '15010' ? '' : ` --xds-port ${port}`;
}

function shortPath(from: string, path: string): string {
  const short = relative(from, resolve(from, path));
  return short.startsWith('..') ? resolve(from, path) : short || '.';
}

function shellWord(text: string): string {
  return plainWord.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const plainWord = /^[\w./:@%+=-]+$/;

/**
 * What the webhook's URL path says about the cluster: environment variables of the proxy by name. `/inject/cluster/c1/net/n1` and the old form
 * `/inject/:ENV:cluster=c1:ENV:net=n1`.
 *
 * @see https://istio.io/latest/docs/setup/install/external-controlplane/ (`istiodRemote.injectionPath`)
 */
export function environmentFromPath(path: string): ReadonlyMap<string, string> {
  const parts = (path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  const rest = parts.slice(2).join('/');
  if (rest === '') return new Map();
  return rest.startsWith(oldSeparator) ? oldForm(rest) : keyValueForm(rest);
}

const oldSeparator = ':ENV:';

const variableOfKey: Readonly<Record<string, string>> = { cluster: 'ISTIO_META_CLUSTER_ID', net: 'ISTIO_META_NETWORK' };

function variable(key: string): string {
  return Object.hasOwn(variableOfKey, key) ? (variableOfKey[key] ?? key) : key.toUpperCase();
}

/** Keys and values alternate; a value spells a slash as `--slash--`. A last key without a value is left out. */
function keyValueForm(rest: string): ReadonlyMap<string, string> {
  const parts = rest.split('/');
  const environment = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const key = parts[index] ?? '';
    if (key !== '') environment.set(variable(key), (parts[index + 1] ?? '').replaceAll('--slash--', '/'));
  }
  return environment;
}

function oldForm(rest: string): ReadonlyMap<string, string> {
  const environment = new Map<string, string>();
  for (const pair of rest.split(oldSeparator)) {
    const equals = pair.indexOf('=');
    if (equals > 0) environment.set(variable(pair.slice(0, equals)), pair.slice(equals + 1));
  }
  return environment;
}

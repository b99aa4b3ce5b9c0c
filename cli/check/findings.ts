import { isJsonObject, objectAt } from '../../shared/lib/json.ts';
import type { Reply } from './ask.ts';

/** One sentence about an endpoint. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export interface Asked {
  readonly host: string;
  /** Of the review that was sent. */
  readonly uid: string;
  /** The first may have started the function, the second shows how fast it is. */
  readonly first: Reply;
  readonly second: Reply | undefined;
  readonly nowMs: number;
}

/** An API server waits this long for a webhook of ours. */
const timeoutMs = 5_000;
const slowMs = 1_000;
const skewMs = 300_000;
const dayMs = 86_400_000;
const soonDays = 14;

/** What is wrong, the most important first; nothing if an API server would be served. */
export function findings({ host, uid, first, second, nowMs }: Asked): readonly Finding[] {
  if (first.kind === 'failed') return [error(failure(host, first))];
  const answer = answerProblem(first.status, first.body, uid);
  return [
    ...(answer === undefined ? [] : [error(answer)]),
    ...timing(first.ms, second),
    ...clock(first.atMs, nowMs),
    ...certificate(first.certificateEndMs, nowMs),
  ];
}

function error(message: string): Finding {
  return { severity: 'error', message };
}

function warning(message: string): Finding {
  return { severity: 'warning', message };
}

const failures: Readonly<Record<string, string>> = {
  ENOTFOUND: 'DNS does not know the name; is the function URL deleted, or does this machine lack a resolver for private names',
  EAI_AGAIN: 'DNS does not answer; is there a way out of this network',
  ECONNREFUSED: 'the machine is there but nobody listens on the port',
  ECONNRESET: 'the connection was cut; is there a proxy or a firewall on the way',
  ETIMEDOUT: 'there is no answer; does a firewall or a security group drop the connection',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  CERT_HAS_EXPIRED: 'TLS: the certificate has expired; renew it, or check the clock of this machine',
  CERT_NOT_YET_VALID: 'TLS: the certificate is not valid yet; check the clock of this machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS: the certificate is for another name; call the endpoint by a name of its certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS: the certificate is signed by itself; API servers refuse it without a caBundle (install --ca-file)',
  SELF_SIGNED_CERT_IN_CHAIN:
    'TLS: a private authority signed the certificate; API servers refuse it without a caBundle (install --ca-file)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'TLS: the authority of the certificate is not known here; is the chain complete (or give install --ca-file)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'TLS: the authority of the certificate is not known here; is the chain complete (or give install --ca-file)',
  EPROTO: 'TLS: the other side does not speak it on this port',
};

function failure(host: string, { code, message }: Extract<Reply, { readonly kind: 'failed' }>): string {
  return `${host}: ${failures[code] ?? message}${code === '' ? '' : ` (${code})`}`;
}

const statuses: Readonly<Record<number, string>> = {
  307: 'the path is not clean, and API servers follow no redirection: give it without double slashes',
  403: 'AWS refuses the call (403): a public function URL needs two grants, lambda:InvokeFunctionUrl and, since October 2025, lambda:InvokeFunction with InvokedViaFunctionUrl; its AuthType has to be NONE',
  404: 'the path or its token is unknown (404): compare the token with the secret of the function (AWSCURRENT), the path with /inject and /validate',
  413: 'the request is too large for the endpoint (413)',
  429: 'the function is throttled (429): its reserved concurrency is used up',
  500: 'the function has a bug (500); its log tells more',
  502: 'the function failed before it could answer (502): does it start? Its log tells more',
  503: 'the function cannot read its tokens (503): does its role allow secretsmanager:GetSecretValue?',
  504: 'the function gave no answer in time (504): does it reach its bucket and its secret?',
};

/** Undefined if it is the answer of a webhook to the review. */
function answerProblem(status: number, body: string, uid: string): string | undefined {
  if (status !== 200) return statuses[status] ?? `the endpoint answers with status ${status}, which is no answer to a review`;
  const review = parsed(body);
  if (isJsonObject(review) && objectAt(review, 'response')['uid'] === uid) return undefined;
  return 'the endpoint answers, but not as a webhook: is the URL that of another program?';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function timing(firstMs: number, second: Reply | undefined): readonly Finding[] {
  if (second?.kind !== 'answered') return [];
  const [cold, warm] = [firstMs, second.ms].map(Math.round);
  if (second.ms >= timeoutMs) return [error(`an answer takes ${warm} ms, and API servers wait ${timeoutMs} ms`)];
  if (firstMs >= timeoutMs)
    return [warning(`the first answer took ${cold} ms, and API servers wait ${timeoutMs} ms: cold starts will refuse pods`)];
  return second.ms >= slowMs ? [warning(`an answer takes ${warm} ms, also when the function is warm: each pod waits as long`)] : [];
}

function clock(atMs: number | undefined, nowMs: number): readonly Finding[] {
  const skew = atMs === undefined ? 0 : nowMs - atMs;
  if (Math.abs(skew) < skewMs) return [];
  const [seconds, direction] = [Math.round(Math.abs(skew) / 1000), skew > 0 ? 'ahead of' : 'behind'];
  return [
    warning(`the clock of this machine is ${seconds} s ${direction} that of the endpoint: certificates and signatures will seem wrong`),
  ];
}

function certificate(endMs: number | undefined, nowMs: number): readonly Finding[] {
  const days = endMs === undefined ? Number.POSITIVE_INFINITY : (endMs - nowMs) / dayMs;
  return days < soonDays ? [warning(`the certificate ends in ${Math.max(Math.floor(days), 0)} days`)] : [];
}

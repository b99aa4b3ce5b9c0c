import { createHash, createHmac } from 'node:crypto';

/** Credentials of a role, as the AWS SDK finds them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly region: string;
  /** `lambda` for function URLs. */
  readonly service: string;
  readonly now: Date;
}

const algorithm = 'AWS4-HMAC-SHA256';
const punctuation = /[-:]|\.\d{3}/g;

/**
 * Headers that make a request one of the owner of the credentials, who may call a function URL with `AuthType: AWS_IAM`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signature(
  { method, url, body, region, service, now }: SignedRequest,
  credentials: Credentials,
): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const time = now.toISOString().replaceAll(punctuation, '');
  const day = time.slice(0, 'YYYYMMDD'.length);
  const sent = { host: url.host, 'x-amz-date': time, ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }) };
  const names = Object.keys(sent).join(';');
  const lines = Object.entries(sent).map(([name, value]) => `${name}:${value}`);
  const request = [method, url.pathname, url.search.slice(1), ...lines, '', names, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const signed = hmac(key, [algorithm, time, scope, sha256(request)].join('\n')).toString('hex');
  const { host: _host, ...headers } = sent;
  return { ...headers, authorization: `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signed}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { handler } from './handler.ts';

// Read when the handler is loaded; its log is not what is looked at here.
vi.hoisted(() => {
  process.env['PILOTLESS_LOG_LEVEL'] = 'error';
});

const review = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { uid: 'u-1', namespace: 'shop', object: { spec: { containers: [{ name: 'äpp', image: 'shop.example/app:1' }] } } },
});

interface Sent {
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly rawPath?: string;
  readonly rawQueryString?: string;
  readonly type?: string;
  readonly method?: string;
}

/** What a function URL hands over, payload format 2.0. */
function event({
  body,
  isBase64Encoded = false,
  rawPath = '/inject',
  rawQueryString = '',
  type,
  method = 'POST',
}: Sent): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { 'Content-Type': type ?? 'application/json', host: 'x.lambda-url.example' },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'x',
      domainName: 'x.lambda-url.example',
      domainPrefix: 'x',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'kube-apiserver' },
      requestId: 'r-1',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 0,
    },
    isBase64Encoded,
    ...(body !== undefined && { body }),
  };
}

const context = {} as Context;

async function sent(given: Sent) {
  const answer = await handler(event(given), context);
  const text = answer.isBase64Encoded ? Buffer.from(answer.body ?? '', 'base64').toString() : (answer.body ?? '');
  return { status: answer.statusCode, headers: answer.headers ?? {}, text };
}

const patchOf = (text: string): string => Buffer.from(JSON.parse(text).response.patch, 'base64').toString();

describe('the Lambda handler', () => {
  it.each([
    ['plain', { body: review }],
    ['in base64', { body: Buffer.from(review).toString('base64'), isBase64Encoded: true }],
  ])('answers a review that comes %s', async (_how, given) => {
    const { status, headers, text } = await sent(given);

    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8' });
    expect(JSON.parse(text)).toMatchObject({ kind: 'AdmissionReview', response: { uid: 'u-1', allowed: true, patchType: 'JSONPatch' } });
    expect(patchOf(text)).toContain('"istio-proxy"');
    expect(patchOf(text)).toContain('äpp');
  });

  it('reads the path, percent-decoded once', async () => {
    const { text } = await sent({ body: review, rawPath: '/inject/cluster/c%201/net/n1', rawQueryString: 'timeout=10s' });

    expect(patchOf(text)).toContain('{"name":"ISTIO_META_CLUSTER_ID","value":"c 1"}');
  });

  it('refuses a request without a body', async () => {
    const { status, text } = await sent({ method: 'GET' });

    expect([status, text]).toEqual([400, 'no body found\n']);
  });

  it('refuses another content type', async () => {
    const { status, text } = await sent({ body: review, type: 'text/plain' });

    expect([status, text]).toEqual([415, 'invalid Content-Type, want `application/json`\n']);
  });

  it('knows no other path', async () => {
    const { status, headers } = await sent({ body: review, rawPath: '/other' });

    expect(status).toBe(404);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  });

  it('sends a caller to the clean form of its path', async () => {
    const { status, headers } = await sent({ body: review, rawPath: '/inject//cluster/c1' });

    expect(status).toBe(307);
    expect(headers).toMatchObject({ location: '/inject/cluster/c1' });
  });
});

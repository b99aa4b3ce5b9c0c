import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { readValidateSettings } from './config.ts';
import { handler } from './handler.ts';

const review = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: { uid: 'u-1' } });

/** As a function URL sends it. */
function event(overrides: Partial<APIGatewayProxyEventV2>): APIGatewayProxyEventV2 {
  const http = { method: 'POST', path: '/validate', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'kube-apiserver-admission' };
  const requestContext = { http } as APIGatewayProxyEventV2['requestContext'];
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/validate',
    rawQueryString: 'timeout=10s',
    headers: { 'content-type': 'application/json' },
    requestContext,
    isBase64Encoded: false,
    ...overrides,
  };
}

const call = (overrides: Partial<APIGatewayProxyEventV2>) => handler(event(overrides), {} as Context);

describe('handler', () => {
  const bodies = [
    { name: 'a text', body: review, isBase64Encoded: false },
    { name: 'base64', body: Buffer.from(review).toString('base64'), isBase64Encoded: true },
  ];
  it.each(bodies)('answers a review sent as $name with all headers', async ({ body, isBase64Encoded }) => {
    const answer = await call({ body, isBase64Encoded });

    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ response: { uid: 'u-1', allowed: true } });
  });

  it('answers an event without a body', async () => {
    expect(await call({})).toMatchObject({ statusCode: 400, body: 'no body found\n' });
  });

  it('tells the location of a redirect', async () => {
    expect(await call({ rawPath: '/validate//x', body: review })).toMatchObject({
      statusCode: 307,
      headers: { location: '/validate/x?timeout=10s' },
    });
  });
});

describe('readValidateSettings', () => {
  it('refuses to start with a variable of ours that is wrong or unknown', () => {
    expect(() => readValidateSettings({ PILOTLESS_LOG_LEVEL: 'loud' })).toThrow(/PILOTLESS_LOG_LEVEL=loud is wrong: give debug or info/);
    expect(() => readValidateSettings({ PILOTLESS_LOGLEVEL: 'info' })).toThrow(/did you mean PILOTLESS_LOG_LEVEL/);
  });
});

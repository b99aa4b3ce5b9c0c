import { describe, expect, it } from 'vitest';
import { signature } from './sign.ts';

// Key, time and signatures of the published test suite of signature version 4.
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const request = {
  url: new URL('https://example.amazonaws.com/'),
  body: '',
  region: 'us-east-1',
  service: 'service',
  now: new Date('2015-08-30T12:36:00Z'),
};

describe('signature', () => {
  it.each([
    ['GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('signs a plain %s as AWS does', (method, expected) => {
    expect(signature({ ...request, method }, credentials)).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${expected}`,
    });
  });

  it('signs the token of a session with the rest', () => {
    const headers = signature({ ...request, method: 'POST' }, { ...credentials, sessionToken: 'session' });

    expect(headers).toMatchObject({
      'x-amz-security-token': 'session',
      authorization: expect.stringContaining('host;x-amz-date;x-amz-security-token'),
    });
  });

  it('covers path, query and body', () => {
    const texts = [
      request,
      { ...request, body: 'x' },
      { ...request, url: new URL('/a', request.url) },
      { ...request, url: new URL('/?a=b', request.url) },
    ];

    expect(new Set(texts.map((text) => signature({ ...text, method: 'POST' }, credentials)['authorization'])).size).toBe(texts.length);
  });
});

import { describe, expect, it } from 'vitest';
import { readReview, reviewAnswer, unreadableAnswer } from './admissionreview.ts';

const read = (body: unknown) => readReview(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const review = (request?: unknown, apiVersion = 'admission.k8s.io/v1') => ({ apiVersion, kind: 'AdmissionReview', request });

describe('readReview', () => {
  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as const)('reads %s', (version) => {
    const request = {
      uid: 'u',
      name: 'o',
      namespace: 'n',
      operation: 'UPDATE',
      dryRun: true,
      kind: { group: 'g', version: 'v', kind: 'K' },
      resource: { group: 'g', version: 'v', resource: 'r' },
      object: { a: 1 },
      oldObject: { a: 2 },
      unknown: 1,
    };

    expect(read(review(request, version))).toEqual({
      ok: true,
      value: {
        version,
        uid: 'u',
        name: 'o',
        namespace: 'n',
        operation: 'UPDATE',
        dryRun: true,
        kind: { group: 'g', version: 'v', kind: 'K' },
        resource: { group: 'g', version: 'v', resource: 'r' },
        object: { a: 1 },
        oldObject: { a: 2 },
      },
    });
  });

  it.each([{}, { uid: null, namespace: 7, operation: [], dryRun: 'true', kind: 1, resource: 'x', object: null }])(
    'takes what is absent, or of another type, for empty: %j',
    (request) => {
      expect(read(review(request))).toEqual({
        ok: true,
        value: {
          version: 'admission.k8s.io/v1',
          uid: '',
          name: '',
          namespace: '',
          operation: '',
          dryRun: false,
          kind: { group: '', version: '', kind: '' },
          resource: { group: '', version: '', resource: '' },
          object: undefined,
          oldObject: undefined,
        },
      });
    },
  );

  it('reads YAML', () => {
    const yaml = 'apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest: {uid: u, object: {yes: on}}\n';

    expect(read(yaml)).toMatchObject({ ok: true, value: { uid: 'u', object: { true: true } } });
  });

  it.each([undefined, null, 'text', []])('knows the version of a review whose request is %j', (request) => {
    expect(read(review(request))).toEqual({
      ok: false,
      unreadable: { message: 'the AdmissionReview has no request', version: 'admission.k8s.io/v1' },
    });
  });

  const message = (body: unknown) => {
    const answer = read(body);
    return !answer.ok && 'unreadable' in answer ? answer.unreadable.message : undefined;
  };

  it.each<readonly [unknown, string]>([
    ['', "Object 'Kind' is missing in ''"],
    ['null', "Object 'Kind' is missing in 'null'"],
    [{}, "Object 'Kind' is missing in '{}'"],
    [{ kind: '', apiVersion: 'v1' }, 'Object \'Kind\' is missing in \'{"kind":"","apiVersion":"v1"}\''],
    [{ kind: 'AdmissionReview' }, 'Object \'apiVersion\' is missing in an object of kind "AdmissionReview"'],
    [{ kind: 'Pod', apiVersion: 'v1' }, 'unsupported type :&TypeMeta{Kind:Pod,APIVersion:v1,}'],
    [
      { kind: 'Deployment', apiVersion: 'apps/v1' },
      'no kind "Deployment" is registered for version "apps/v1"; send an AdmissionReview of admission.k8s.io/v1 or admission.k8s.io/v1beta1',
    ],
    [
      review({}, 'admission.k8s.io/v2'),
      'no kind "AdmissionReview" is registered for version "admission.k8s.io/v2"; send an AdmissionReview of admission.k8s.io/v1 or admission.k8s.io/v1beta1',
    ],
    ['[]', "couldn't get version/kind; json parse error: cannot unmarshal array into an object with apiVersion and kind"],
    ['"text"', "couldn't get version/kind; json parse error: cannot unmarshal string into an object with apiVersion and kind"],
    ['7', "couldn't get version/kind; json parse error: cannot unmarshal number into an object with apiVersion and kind"],
    ['text', "couldn't get version/kind; json parse error: cannot unmarshal string into an object with apiVersion and kind"],
  ])('says what is wrong with %j', (body, expected) => {
    expect(message(body)).toBe(expected);
  });

  it.each(['{"kind":', '  {', 'a: [', '\t- a'])('says that %j cannot be parsed', (body) => {
    expect(message(body)).toMatch(/^couldn't get version\/kind; json parse error: ./);
  });

  it('quotes no more than the beginning of a body', () => {
    const long = JSON.stringify({ a: 'x'.repeat(1000) });

    expect(message(long)).toBe(`Object 'Kind' is missing in '${long.slice(0, 200)}…'`);
  });

  it('has no version for what is no review', () => {
    expect(read('{}')).toEqual({ ok: false, unreadable: { message: expect.any(String) } });
  });
});

const request = { version: 'admission.k8s.io/v1', uid: 'u' } as const;

describe('reviewAnswer', () => {
  it.each<readonly [string, Parameters<typeof reviewAnswer>[1], string]>([
    ['allows', { allowed: true }, '{"uid":"u","allowed":true}'],
    [
      'refuses with a message alone',
      { allowed: false, message: 'no' },
      '{"uid":"u","allowed":false,"status":{"metadata":{},"message":"no"}}',
    ],
    ['has no patch without operations', { allowed: true, patch: [] }, '{"uid":"u","allowed":true}'],
    ['has no warnings without any', { allowed: true, warnings: [] }, '{"uid":"u","allowed":true}'],
    ['warns', { allowed: true, warnings: ['w'] }, '{"uid":"u","allowed":true,"warnings":["w"]}'],
    [
      'escapes as Go does',
      { allowed: false, message: '<&>' },
      '{"uid":"u","allowed":false,"status":{"metadata":{},"message":"\\u003c\\u0026\\u003e"}}',
    ],
  ])('%s', (_rule, decision, response) => {
    expect(reviewAnswer(request, decision)).toBe(`{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":${response}}`);
  });

  it('carries a patch in base64', () => {
    const operations = [{ op: 'add', path: '/a', value: 'ä<' }];

    const { response } = JSON.parse(reviewAnswer(request, { allowed: true, patch: operations }));

    expect(response).toMatchObject({ uid: 'u', allowed: true, patchType: 'JSONPatch' });
    expect(JSON.parse(Buffer.from(response.patch, 'base64').toString())).toEqual(operations);
    expect(Buffer.from(response.patch, 'base64').toString()).toContain('ä\\u003c');
  });
});

describe('unreadableAnswer', () => {
  it('has no type without a version', () => {
    expect(unreadableAnswer({ message: 'm' })).toBe('{"response":{"uid":"","allowed":false,"status":{"metadata":{},"message":"m"}}}');
  });

  it('has the type of the version', () => {
    expect(JSON.parse(unreadableAnswer({ message: 'm', version: 'admission.k8s.io/v1beta1' }))).toEqual({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1beta1',
      response: { uid: '', allowed: false, status: { metadata: {}, message: 'm' } },
    });
  });
});

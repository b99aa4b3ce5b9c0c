import { describe, expect, it } from 'vitest';
import { annotated, pod, templateInput, values } from '../../../test/fixtures/inject.ts';
import { datadogEnvironment, hasBrokenDatadogEnvironment, lightstepMount, lightstepVolume } from './tracing.ts';

const tracer = (name: string) => values({ global: { proxy: { tracer: name } } });
const datadog = (text: string) => templateInput({ pod: annotated({ 'apm.datadoghq.com/env': text }), values: tracer('datadog') });

describe('the environment of Datadog', () => {
  it('is that of the annotation, sorted and printed as Go prints it', () => {
    const given = datadog('{"DD_B":"x","DD_A":7,"C":null,"D":{"a":[1,true]},"constructor":"c"}');

    expect(datadogEnvironment(given)).toEqual([
      { name: 'C', value: '<nil>' },
      { name: 'D', value: 'map[a:[1 true]]' },
      { name: 'DD_A', value: '7' },
      { name: 'DD_B', value: 'x' },
      { name: 'constructor', value: 'c' },
    ]);
    expect(hasBrokenDatadogEnvironment(given)).toBe(false);
  });

  it.each(['', '{', '[]', '7', 'null'])('is broken if the annotation is %j', (text) => {
    expect(hasBrokenDatadogEnvironment(datadog(text))).toBe(true);
    expect(datadogEnvironment(datadog(text))).toEqual([]);
  });

  it('is empty for another tracer, or without the annotation', () => {
    const other = templateInput({ pod: annotated({ 'apm.datadoghq.com/env': '{' }) });
    const without = templateInput({ pod: pod(), values: tracer('datadog') });

    for (const given of [other, without]) {
      expect(datadogEnvironment(given)).toEqual([]);
      expect(hasBrokenDatadogEnvironment(given)).toBe(false);
    }
  });
});

describe('the certificates of Lightstep', () => {
  const lightstep = (caCertificates?: string) =>
    templateInput({
      values: tracer('lightstep'),
      proxyConfig: { tracing: { tlsSettings: { ...(caCertificates !== undefined && { caCertificates }) } } },
    });

  it.each([
    ['/etc/lightstep/cacert.pem', '/etc/lightstep/'],
    ['cacert.pem', ''],
    [undefined, ''],
  ])('are mounted where %s is: %s', (file, mountPath) => {
    expect(lightstepMount(lightstep(file))).toEqual([{ name: 'lightstep-certs', mountPath, readOnly: true }]);
    expect(lightstepVolume(lightstep(file))).toEqual([
      { name: 'lightstep-certs', secret: { optional: true, secretName: 'lightstep.cacert' } },
    ]);
  });

  it.each([
    ['for another tracer', templateInput({ proxyConfig: { tracing: { tlsSettings: {} } } })],
    ['without TLS settings', templateInput({ values: tracer('lightstep'), proxyConfig: { tracing: {} } })],
    ['without tracing', templateInput({ values: tracer('lightstep'), proxyConfig: {} })],
  ])('are not there %s', (_rule, given) => {
    expect([...lightstepMount(given), ...lightstepVolume(given)]).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { annotated, labelled, pod, templateInput, values } from '../../../test/fixtures/inject.ts';
import { checkInput } from './raw-text.ts';

const errorOf = (given: Parameters<typeof templateInput>[0]) => checkInput(templateInput(given))?.error;
const brokenTexts = ['"', '\\', '\n', '\r', 'a"b'];

describe('checkInput', () => {
  it('has nothing to say of an ordinary pod', () => {
    expect(errorOf({})).toBeUndefined();
    expect(errorOf({ pod: {} })).toBeUndefined();
  });

  it.each(['traffic.sidecar.istio.io/includeOutboundPorts', 'sidecar.istio.io/bootstrapOverride'])(
    'refuses what breaks quotes in %s',
    (name) => {
      for (const text of brokenTexts) {
        expect(errorOf({ pod: annotated({ [name]: text }) })).toBe(
          `failed applying injection overlay: strategic merge: invalid JSON document: annotation '${name}' has a quote, a backslash or a line break; remove it`,
        );
      }
      expect(errorOf({ pod: annotated({ [name]: "it's <fine>" }) })).toBeUndefined();
    },
  );

  it('refuses what breaks single quotes in the networks, where JSON is welcome', () => {
    const networks = (text: string) => errorOf({ pod: annotated({ 'k8s.v1.cni.cncf.io/networks': text }) });

    expect(networks("it's")).toContain("annotation 'k8s.v1.cni.cncf.io/networks' has a quote");
    expect(networks('a\nb')).toContain('has a quote');
    expect(networks('[{"name":"a\\b"}]')).toBeUndefined();
  });

  it.each(brokenTexts)('refuses the workload label %j', (text) => {
    expect(errorOf({ pod: labelled({ 'service.istio.io/workload-name': text }) })).toContain("label 'service.istio.io/workload-name' has");
  });

  it.each(brokenTexts)('refuses the proxyMetadata %j, by its key and without the value', (text) => {
    const error = errorOf({ proxyConfig: { proxyMetadata: { GOOD: 'x', BAD: `secret${text}` } } });

    expect(error).toContain("annotation 'proxy.istio.io/config' (proxyMetadata BAD) has");
    expect(error).not.toContain('secret');
  });

  it.each(['sidecar.istio.io/userVolume', 'sidecar.istio.io/userVolumeMount'])('refuses a %s that is no JSON object', (name) => {
    for (const text of ['', '{', '[]', '"x"', 'null']) {
      expect(errorOf({ pod: annotated({ [name]: text }) })).toBe(`annotation '${name}' is no JSON object; write {"name": …}`);
    }
    expect(errorOf({ pod: annotated({ [name]: '{}' }) })).toBeUndefined();
  });

  it('refuses a broken Datadog environment, if Datadog is the tracer', () => {
    const given = { pod: annotated({ 'apm.datadoghq.com/env': '[' }) };

    expect(errorOf({ ...given, values: values({ global: { proxy: { tracer: 'datadog' } } }) })).toContain(
      "annotation 'apm.datadoghq.com/env'",
    );
    expect(errorOf({ ...given, pod: pod() })).toBeUndefined();
    expect(errorOf(given)).toBeUndefined();
  });
});

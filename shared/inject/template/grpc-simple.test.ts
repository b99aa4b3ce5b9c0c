import { describe, expect, it } from 'vitest';
import { container, pod, templateInput } from '../../../test/fixtures/inject.ts';
import { grpcSimple } from './grpc-simple.ts';
import type { TemplateInput } from './input.ts';

function rendered(partial: Partial<TemplateInput> = {}) {
  const result = grpcSimple(templateInput(partial));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe('grpc-simple', () => {
  it('writes the bootstrap file before the application starts', () => {
    const init = rendered().spec?.initContainers?.[0];

    expect(init?.name).toBe('grpc-bootstrap-init');
    expect(init?.command?.slice(0, 2)).toEqual(['sh', '-c']);
    expect(init?.command?.[2]).toContain('> /var/lib/grpc/data/bootstrap.json');
    expect(init?.env).toContainEqual({ name: 'ISTIO_NAMESPACE', value: 'istio-system\n' });
  });

  it('writes JSON, once the shell has filled it in', () => {
    const script = rendered().spec?.initContainers?.[0]?.command?.[2] ?? '';

    const text = script.slice(script.indexOf("echo '") + 6, script.indexOf("' > ")).replaceAll(/'\$\{(\w+)\}'/g, '$1');
    expect(JSON.parse(text)).toMatchObject({ xds_servers: [{ server_uri: 'SERVER_URI' }], node: { id: 'NODE_ID' } });
  });

  it('tells every container where it is', () => {
    const given = pod({ spec: { containers: [container(), {}] } });

    const { containers = [], volumes } = rendered({ pod: given }).spec ?? {};

    expect(containers.map(({ name }) => name)).toEqual(['app', undefined]);
    for (const { env, volumeMounts } of containers) {
      expect(env?.[0]).toEqual({ name: 'GRPC_XDS_BOOTSTRAP', value: '/var/lib/grpc/data/bootstrap.json' });
      expect(volumeMounts?.[0]?.name).toBe(volumes?.[0]?.name);
    }
  });

  it('adds nothing to containers that are not there, and leaves probes as they are', () => {
    expect(rendered({ pod: {} }).spec?.containers).toEqual([]);
    expect(rendered().metadata?.annotations).toEqual({ 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' });
  });
});

import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../test/fixtures/listeners.ts';
import { HttpConnectionManager_TracingSchema } from '../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { type TracedWorkload, tracing } from './tracing.ts';

const web: TracedWorkload = { canonicalName: 'web', canonicalRevision: 'v1', cluster: 'east', meshId: 'mesh', namespace: 'shop' };

function traced(settings: Parameters<typeof tracing>[0], workload = web) {
  return jsonOf(HttpConnectionManager_TracingSchema, create(HttpConnectionManager_TracingSchema, tracing(settings, workload, 1)));
}

function literals(settings: Parameters<typeof tracing>[0], workload = web) {
  const tags: { tag: string; literal?: { value: string } }[] = traced(settings, workload).customTags;
  return Object.fromEntries(tags.flatMap(({ tag, literal }) => (literal ? [[tag, literal.value]] : [])));
}

describe('tracing', () => {
  it.each([
    [undefined, 1],
    [{}, 1],
    [{ sampling: 0 }, 1],
    [{ sampling: 12.5 }, 12.5],
    [{ sampling: 250 }, 100],
  ])('samples %j as %d percent', (settings, percent) => {
    expect(traced(settings).randomSampling).toEqual({ value: percent });
  });

  it('tags spans with the workload, and with nothing where something is not known', () => {
    expect(literals({}, { ...web, meshId: '' })).toEqual({
      'istio.canonical_revision': 'v1',
      'istio.canonical_service': 'web',
      'istio.cluster_id': 'east',
      'istio.namespace': 'shop',
    });
  });

  it('leaves those tags out where they are turned off', () => {
    expect(literals({ enableIstioTags: false })).toEqual({});
  });

  it('tags spans with the verdicts of dry runs', () => {
    expect(traced({ enableIstioTags: false }).customTags[0]).toEqual({
      tag: 'istio.authorization.dry_run.allow_policy.name',
      metadata: {
        kind: { request: {} },
        metadataKey: { key: 'envoy.filters.http.rbac', path: [{ key: 'istio_dry_run_allow_shadow_effective_policy_id' }] },
      },
    });
  });

  it('adds the user’s tags, all in the order of their names', () => {
    const customTags = {
      z: { literal: { value: 'v' } },
      a: { environment: { name: 'E', defaultValue: 'd' } },
      h: { header: { name: 'x-h' } },
    };
    const { customTags: tags } = traced({ customTags, maxPathTagLength: 99, enableIstioTags: false });

    expect(tags.map(({ tag }: { tag: string }) => tag)).toEqual([...tags.map(({ tag }: { tag: string }) => tag)].sort());
    expect(tags[0]).toEqual({ tag: 'a', environment: { name: 'E', defaultValue: 'd' } });
    expect(tags.at(-2)).toMatchObject({ tag: 'istio.authorization.dry_run.deny_policy.result' });
    expect(tags.at(-1)).toEqual({ tag: 'z', literal: { value: 'v' } });
    expect(tags).toContainEqual({ tag: 'h', requestHeader: { name: 'x-h' } });
  });

  it('cuts the path tag', () => {
    expect(traced({ maxPathTagLength: 99 }).maxPathTagLength).toBe(99);
    expect(traced({}).maxPathTagLength).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { annotated, pod, templateInput, values } from '../../../test/fixtures/inject.ts';
import type { JsonObject } from '../../lib/json.ts';
import { cniAnnotations } from './cni.ts';

const traffic = 'traffic.sidecar.istio.io';
const networks = 'k8s.v1.cni.cncf.io/networks';

const written = (annotations: Readonly<Record<string, string>> = {}, proxy: JsonObject = {}, provider = 'default') =>
  cniAnnotations(
    templateInput({ pod: annotated(annotations), values: values({ pilot: { cni: { enabled: true, provider } }, global: { proxy } }) }),
  );

describe('cniAnnotations', () => {
  it('are none without a CNI plugin', () => {
    expect(cniAnnotations(templateInput())).toEqual({});
  });

  it('say what the mesh and values want', () => {
    expect(written()).toEqual({
      'sidecar.istio.io/interceptionMode': 'REDIRECT',
      [`${traffic}/includeOutboundIPRanges`]: '*',
      [`${traffic}/includeInboundPorts`]: '*',
      [`${traffic}/excludeInboundPorts`]: '15020',
    });
  });

  it('say what the pod wants', () => {
    const own = {
      'sidecar.istio.io/interceptionMode': 'TPROXY',
      [`${traffic}/includeOutboundIPRanges`]: '10.0.0.0/8',
      [`${traffic}/excludeOutboundIPRanges`]: '10.1.0.0/16',
      [`${traffic}/includeInboundPorts`]: '80',
      [`${traffic}/includeOutboundPorts`]: '1',
      [`${traffic}/excludeOutboundPorts`]: '2',
      [`${traffic}/excludeInterfaces`]: 'eth1',
      [`${traffic}/kubevirtInterfaces`]: 'net1',
      'istio.io/reroute-virtual-interfaces': 'net2',
    };

    expect(written(own)).toEqual({ ...own, [`${traffic}/excludeInboundPorts`]: '15020' });
  });

  it('leave out lists that are empty, but for outbound ports that the pod sets to nothing', () => {
    const own = { [`${traffic}/includeInboundPorts`]: '', [`${traffic}/includeOutboundPorts`]: '' };

    expect(written(own)).toEqual({
      'sidecar.istio.io/interceptionMode': 'REDIRECT',
      [`${traffic}/includeOutboundIPRanges`]: '*',
      [`${traffic}/excludeInboundPorts`]: '15020',
      [`${traffic}/includeOutboundPorts`]: '',
    });
  });

  it('say what values want of outbound ports', () => {
    expect(written({}, { includeOutboundPorts: '1', excludeOutboundPorts: '2', excludeIPRanges: '10.0.0.0/8' })).toMatchObject({
      [`${traffic}/includeOutboundPorts`]: '1',
      [`${traffic}/excludeOutboundPorts`]: '2',
      [`${traffic}/excludeOutboundIPRanges`]: '10.0.0.0/8',
    });
  });

  it('attach the network of the plugin under multus only', () => {
    expect(written({ [networks]: 'own' }, {}, 'multus')[networks]).toBe('own, default/istio-cni');
    expect(written({}, {}, 'multus')[networks]).toBe('default/istio-cni');
    expect(written({ [networks]: 'own' })).not.toHaveProperty(networks);
    expect(cniAnnotations(templateInput({ pod: pod() }))).toEqual({});
  });
});

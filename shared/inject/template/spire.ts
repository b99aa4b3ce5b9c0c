import { ok, type Result } from '../../lib/result.ts';
import { proxyContainer } from '../annotation-names.ts';
import type { PodOverlay } from './input.ts';
import { workloadSocketMount } from './volumes.ts';

/** Laid over `sidecar` or `gateway`: certificates come from SPIRE through its CSI driver. @see https://istio.io/latest/docs/ops/integrations/spire/ */
export function spire(): Result<PodOverlay> {
  return ok({
    spec: {
      containers: [{ name: proxyContainer, volumeMounts: [{ ...workloadSocketMount, readOnly: true }] }],
      volumes: [{ name: 'workload-socket', csi: { driver: 'csi.spiffe.io', readOnly: true } }],
    },
  });
}

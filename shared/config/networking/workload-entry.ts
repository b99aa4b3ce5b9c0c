import { type InferMessage, map, message, string, uint32 } from '../../lib/message.ts';

/** @see https://istio.io/latest/docs/reference/config/networking/workload-entry/#WorkloadEntry */
export const workloadEntry = message('istio.networking.v1alpha3.WorkloadEntry', {
  address: string,
  ports: map(uint32),
  labels: map(string),
  network: string,
  locality: string,
  weight: uint32,
  serviceAccount: string,
});
export type WorkloadEntry = InferMessage<typeof workloadEntry>;

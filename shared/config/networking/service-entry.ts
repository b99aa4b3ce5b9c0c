import { enumeration, type InferMessage, list, message, string, uint32 } from '../../lib/message.ts';
import { workloadEntry } from './workload-entry.ts';
import { workloadSelector } from './workload-selector.ts';

const networking = 'istio.networking.v1alpha3';

const servicePort = message(`${networking}.ServicePort`, { number: uint32, protocol: string, name: string, targetPort: uint32 });

/** @see https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry */
export const serviceEntry = message(`${networking}.ServiceEntry`, {
  hosts: list(string),
  addresses: list(string),
  ports: list(servicePort),
  location: enumeration(`${networking}.ServiceEntry.Location`, ['MESH_EXTERNAL', 'MESH_INTERNAL']),
  resolution: enumeration(`${networking}.ServiceEntry.Resolution`, ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']),
  endpoints: list(workloadEntry),
  workloadSelector,
  exportTo: list(string),
  subjectAltNames: list(string),
});
export type ServiceEntry = InferMessage<typeof serviceEntry>;

/** What the control plane writes back: addresses that it chose for hosts. */
export const serviceEntryStatus = message(`${networking}.ServiceEntryStatus`, {
  addresses: list(message(`${networking}.ServiceEntryAddress`, { value: string, host: string })),
});
export type ServiceEntryStatus = InferMessage<typeof serviceEntryStatus>;

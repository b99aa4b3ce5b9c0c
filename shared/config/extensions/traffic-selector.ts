import { at, error, type Findings } from '../../lib/finding.ts';
import { enumeration, type InferMessage, list, type MessageSchema, message, uint32 } from '../../lib/message.ts';

const workloadMode = enumeration('istio.type.v1beta1.WorkloadMode', ['UNDEFINED', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER']);
const portSelector = message('istio.type.v1beta1.PortSelector', { number: uint32 });

/** Traffic that an extension is for. */
export interface TrafficSelector {
  readonly mode?: InferMessage<typeof workloadMode>;
  /** Empty: all ports. */
  readonly ports?: readonly InferMessage<typeof portSelector>[];
}

/** The message has one name for each kind that uses it. */
export function trafficSelector(name: string): MessageSchema<TrafficSelector> {
  return message(name, { mode: workloadMode, ports: list(portSelector) });
}

/** Only the first problem is told. Paths from the message that has the selectors. */
export function* checkTrafficSelectors(selectors: readonly TrafficSelector[] = []): Findings {
  for (const [index, { ports = [] }] of selectors.entries()) {
    for (const [portIndex, { number = 0 }] of ports.entries()) {
      if (number >= 1 && number <= 65_535) continue;
      const message = `spec.Match[${index}].Ports[${portIndex}] is out of range: ${number}`;
      yield* at(`match[${index}]`, [error('port-range', `ports[${portIndex}].number`, message)]);
      return;
    }
  }
}

import {
  bool,
  boolValue,
  double,
  enumeration,
  type InferMessage,
  int64Value,
  list,
  map,
  message,
  oneof,
  string,
  uint32,
} from '../../lib/message.ts';
import { clientTlsSettings } from './connection.ts';

const name = 'istio.mesh.v1alpha1.Tracing';

/** Header formats of OpenCensus, old and kept for old configurations. */
export function traceContext(enumName: string) {
  return enumeration(enumName, ['UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3']);
}

const customTag = message(`${name}.CustomTag`, {
  ...oneof('Type', {
    literal: message(`${name}.Literal`, { value: string }),
    environment: message(`${name}.Environment`, { name: string, defaultValue: string }),
    header: message(`${name}.RequestHeader`, { name: string, defaultValue: string }),
    formatter: message(`${name}.Formatter`, { value: string }),
  }),
});

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#Tracing */
export const tracing = message(name, {
  ...oneof('Tracer', {
    zipkin: message(`${name}.Zipkin`, { address: string }),
    lightstep: message(`${name}.Lightstep`, { address: string, accessToken: string }),
    datadog: message(`${name}.Datadog`, { address: string }),
    stackdriver: message(`${name}.Stackdriver`, {
      debug: bool,
      maxNumberOfAttributes: int64Value,
      maxNumberOfAnnotations: int64Value,
      maxNumberOfMessageEvents: int64Value,
    }),
    openCensusAgent: message(`${name}.OpenCensusAgent`, {
      address: string,
      context: list(traceContext(`${name}.OpenCensusAgent.TraceContext`)),
    }),
  }),
  customTags: map(customTag),
  maxPathTagLength: uint32,
  sampling: double,
  tlsSettings: clientTlsSettings,
  enableIstioTags: boolValue,
});
export type Tracing = InferMessage<typeof tracing>;

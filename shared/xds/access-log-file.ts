import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { ExtensionProvider } from '../config/mesh/extension-provider.ts';
import type { MeshConfig } from '../config/mesh/mesh-config.ts';
import { SubstitutionFormatStringSchema } from '../gen/envoy/config/core/v3/substitution_format_string_pb.js';
import { FileAccessLogSchema } from '../gen/envoy/extensions/access_loggers/file/v3/file_pb.js';
import type { JsonObject } from '../lib/json.ts';
import { pack } from '../lib/protobuf.ts';
import { formatters } from './access-log-formatter.ts';
import type { Logger } from './access-log-grpc.ts';

/** Istio's own format of a line. @see https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format */
export const defaultText =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
  '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% ' +
  '%DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" ' +
  '"%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% ' +
  '%DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n';

/** The same facts as members of a JSON object. */
const defaultLabels: Readonly<Record<string, string>> = {
  authority: '%REQ(:AUTHORITY)%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  downstream_local_address: '%DOWNSTREAM_LOCAL_ADDRESS%',
  downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
  duration: '%DURATION%',
  method: '%REQ(:METHOD)%',
  path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  protocol: '%PROTOCOL%',
  request_id: '%REQ(X-REQUEST-ID)%',
  requested_server_name: '%REQUESTED_SERVER_NAME%',
  response_code: '%RESPONSE_CODE%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
  response_flags: '%RESPONSE_FLAGS%',
  route_name: '%ROUTE_NAME%',
  start_time: '%START_TIME%',
  upstream_cluster: '%UPSTREAM_CLUSTER_RAW%',
  upstream_host: '%UPSTREAM_HOST%',
  upstream_local_address: '%UPSTREAM_LOCAL_ADDRESS%',
  upstream_service_time: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  upstream_transport_failure_reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  user_agent: '%REQ(USER-AGENT)%',
  x_forwarded_for: '%REQ(X-FORWARDED-FOR)%',
};

type LogFormat = MessageInitShape<typeof SubstitutionFormatStringSchema>['format'];
type FileProvider = NonNullable<ExtensionProvider['envoyFileAccessLog']>;

const standardOutput = '/dev/stdout';

/** Writes to a file of the proxy, in the provider's format. */
export function providerFile({ path = '', logFormat, omitEmptyValues = false }: FileProvider): Logger {
  const format = logFormat?.labels === undefined ? textFormat(logFormat?.text) : jsonFormat(logFormat.labels);
  return fileLogger(path, format, omitEmptyValues);
}

/** Writes to a file of the proxy, in the mesh's format. */
export function meshFile(path: string, { accessLogEncoding, accessLogFormat = '' }: MeshConfig): Logger {
  return fileLogger(path, accessLogEncoding === 'JSON' ? jsonFormat(parsedLabels(accessLogFormat)) : textFormat(accessLogFormat), false);
}

function fileLogger(file: string, format: LogFormat, omitEmptyValues: boolean): Logger {
  const logFormat = create(SubstitutionFormatStringSchema, {
    format: format ?? { case: undefined },
    omitEmptyValues,
    formatters: formatters(JSON.stringify(format)),
    ...(format?.case === 'jsonFormat' && { jsonFormatOptions: {} }),
  });
  const path = file === '' ? standardOutput : file;
  const settings = create(FileAccessLogSchema, { path, accessLogFormat: { case: 'logFormat', value: logFormat } });
  return { name: 'envoy.access_loggers.file', settings: pack(FileAccessLogSchema, settings) };
}

/** Lines end where they should even if the format forgot it. */
function textFormat(text = ''): LogFormat {
  const line = text === '' ? defaultText : text.endsWith('\n') ? text : `${text}\n`;
  return { case: 'textFormatSource', value: { specifier: { case: 'inlineString', value: line } } };
}

function jsonFormat(labels: JsonObject | undefined): LogFormat {
  const isEmpty = labels === undefined || Object.keys(labels).length === 0;
  return { case: 'jsonFormat', value: (isEmpty ? defaultLabels : labels) as JsonFormat };
}

type JsonFormat = Extract<LogFormat, { case: 'jsonFormat' }>['value'];

/** A format that is no JSON object counts as none. */
function parsedLabels(text: string): JsonObject | undefined {
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** In the order of their numbers. @see https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const names = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** Number of a status such as `UNAVAILABLE`; undefined for a name that gRPC does not have. */
export function grpcStatusCode(name: string): number | undefined {
  const code = names.indexOf(name);
  return code === -1 ? undefined : code;
}

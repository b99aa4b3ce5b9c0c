import { each, error, errorIf, type Findings } from '../../lib/finding.ts';
import { probeHeaderNameProblem } from '../../lib/header-name.ts';
import type { InferMessage } from '../../lib/message.ts';
import { portProblem } from '../../lib/port.ts';
import { readinessProbe } from '../mesh/connection.ts';

export { readinessProbe };
export type ReadinessProbe = InferMessage<typeof readinessProbe>;

const counts = ['periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold'] as const;

/** How often the workload is asked whether it is ready, and how. */
export function* checkProbe(probe: ReadinessProbe): Findings {
  for (const field of counts) if ((probe[field] ?? 0) < 0) yield error('probe-negative', field, `${field} must be non-negative`);
  yield* checkMethod(probe);
}

function* checkMethod({ httpGet, tcpSocket, exec, grpc }: ReadinessProbe): Findings {
  if (httpGet) yield* checkHttpGet(httpGet);
  else if (tcpSocket) yield* errorIf('port', 'tcpSocket.port', portProblem(tcpSocket.port ?? 0));
  else if (exec)
    yield* errorIf('probe-command', 'exec.command', (exec.command ?? []).length === 0 ? 'exec.command is required' : undefined);
  else {
    // Istio compatibility: it names the type of its own code, and has none for gRPC.
    const method = grpc ? '*v1alpha3.ReadinessProbe_Grpc' : '<nil>';
    yield error('probe-method', grpc ? 'grpc' : '', `unknown health check method ${method}`);
  }
}

function* checkHttpGet({ port = 0, scheme = '', httpHeaders }: NonNullable<ReadinessProbe['httpGet']>): Findings {
  yield* errorIf('port', 'httpGet.port', portProblem(port));
  if (scheme !== '' && scheme !== 'HTTP' && scheme !== 'HTTPS') {
    yield error('probe-scheme', 'httpGet.scheme', 'httpGet.scheme must be one of "HTTPS", "HTTP"');
  }
  yield* each('httpGet.httpHeaders', httpHeaders, ({ name = '' }) => errorIf('header-name', 'name', probeHeaderNameProblem(name)));
}

// The container's health check: exits with 0 if the gateway beside it says that it is ready. Reads the same variable as the gateway.
import { processEnvironment, readMonitoringPort } from './config.ts';

const port = readMonitoringPort(processEnvironment());
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/healthz/ready`, { signal: AbortSignal.timeout(2_000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}

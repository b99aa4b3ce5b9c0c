// Child process of the TLS bench: one app over HTTPS; tells its port, and its CPU time when asked.
import { webcrypto } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createDevelopmentAuthority, issueServingCertificate } from '../../shared/ca/development.ts';
import { appNames, apps } from './apps.ts';

export interface ServerMessage {
  readonly port: number;
  /** CPU that this process has used so far. */
  readonly cpuUs: number;
}

const name = appNames.find((known) => known === process.argv[2]) ?? 'echo';
const context = { now: new Date(), crypto: webcrypto };
const serving = await issueServingCertificate(await createDevelopmentAuthority(context), ['127.0.0.1'], context);
const server = createServer({ key: serving.privateKeyPem, cert: serving.certificatePem }, apps[name]());
server.listen(0, '127.0.0.1', tell);
process.on('message', tell);

function tell(): void {
  const { user, system } = process.cpuUsage();
  const message: ServerMessage = { port: (server.address() as AddressInfo).port, cpuUs: user + system };
  process.send?.(message);
}

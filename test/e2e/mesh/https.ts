import { Agent, request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { poll } from '../apiserver/poll.ts';

/** A request over TLS. */
export interface SecureCall {
  readonly port: number;
  /** Host that is asked for, and server name. */
  readonly host: string;
  readonly roots: string;
  readonly client?: { readonly certificatePem: string; readonly privateKeyPem: string };
}

export interface SecureAnswer {
  /** 0 where there was no answer at all. */
  readonly status: number;
  readonly body: string;
  /** Serial number of the certificate that the server showed; empty where it resumed a session, which shows none. */
  readonly serial: string;
}

/** One request, on a connection of its own unless an agent keeps one. Never fails: no answer is status 0. */
export async function sendSecure({ port, host, roots, client }: SecureCall, agent?: Agent): Promise<SecureAnswer> {
  const { promise, resolve } = Promise.withResolvers<SecureAnswer>();
  const noAnswer = ({ message }: Error) => resolve({ status: 0, body: message, serial: '' });
  const key = client && { cert: client.certificatePem, key: client.privateKeyPem };
  const options = { host: '127.0.0.1', port, servername: host, headers: { host }, ca: roots, agent: agent ?? false, ...key };
  const sent = request(options, (response) => {
    const serial = response.socket instanceof TLSSocket ? (response.socket.getPeerCertificate().serialNumber ?? '') : '';
    let body = '';
    response.on('data', (chunk) => (body += String(chunk)));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body, serial }));
    response.on('error', noAnswer);
  });
  sent.on('error', noAnswer);
  sent.end();
  return promise;
}

/** Sends until an answer is as it is wanted, and gives it. */
export function sendSecureUntil(call: SecureCall, what: string, isWanted: (answer: SecureAnswer) => boolean): Promise<SecureAnswer> {
  return poll(
    async () => {
      const answer = await sendSecure(call);
      return isWanted(answer) ? answer : undefined;
    },
    { what },
  );
}

/** Requests that begin at a steady rate while something else happens, every other one on a connection that is kept. */
export async function sendSecureDuring(
  call: SecureCall,
  perSecond: number,
  work: () => Promise<unknown>,
): Promise<readonly SecureAnswer[]> {
  const kept = new Agent({ keepAlive: true, maxSockets: 8 });
  const answers: Promise<SecureAnswer>[] = [];
  const startedMs = performance.now();
  const state = { isOver: false };
  const load = (async () => {
    while (!state.isOver) {
      const due = ((performance.now() - startedMs) / 1000) * perSecond;
      while (answers.length < due) answers.push(sendSecure(call, answers.length % 2 === 0 ? kept : undefined));
      await wait(2);
    }
  })();
  try {
    await work();
  } finally {
    state.isOver = true;
    await load;
  }
  const all = await Promise.all(answers);
  kept.destroy();
  return all;
}

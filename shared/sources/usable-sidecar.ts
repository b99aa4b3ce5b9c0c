/** What of a Sidecar resource cannot work, and would make Envoy refuse the rest. */

import { isIP } from 'node:net';
import type { Sidecar, SidecarEgressListener, SidecarIngressListener, SidecarPort } from '../config/networking/sidecar.ts';
import type { Problem } from '../lib/problem.ts';
import { type ConfigObject, objectName } from '../model/index.ts';

interface Finding {
  /** Below the listener. */
  readonly field: string;
  readonly message: string;
}

/**
 * The Sidecar without the listeners that cannot work, each with a problem. An empty list of egress listeners is as good as none. A host that is not
 * of the right form matches nothing; the rest of its listener works.
 */
export function usableSidecar(object: ConfigObject<Sidecar>): {
  readonly value: ConfigObject<Sidecar>;
  readonly problems: readonly Problem[];
} {
  const { egress = [], ingress = [], ...spec } = object.spec;
  const judgedEgress = egress.map((listener) => ({ listener, findings: egressFindings(listener) }));
  const judgedIngress = ingress.map((listener) => ({ listener, findings: ingressFindings(listener) }));
  const usable = {
    ...spec,
    ...(egress.length > 0 && { egress: withoutBroken(judgedEgress) }),
    ...(ingress.length > 0 && { ingress: withoutBroken(judgedIngress) }),
  };
  return {
    value: { ...object, spec: usable },
    problems: [
      ...problems(object, 'egress', judgedEgress),
      ...egress.flatMap((listener, index) => hostProblems(object, listener, `spec.egress[${index}]`)),
      ...problems(object, 'ingress', judgedIngress),
    ],
  };
}

interface Judged<Listener> {
  readonly listener: Listener;
  readonly findings: readonly Finding[];
}

function withoutBroken<Listener>(judged: readonly Judged<Listener>[]): readonly Listener[] {
  return judged.filter(({ findings }) => findings.length === 0).map(({ listener }) => listener);
}

function problems(object: ConfigObject<Sidecar>, list: string, judged: readonly Judged<unknown>[]): readonly Problem[] {
  return judged.flatMap(({ findings }, index) =>
    findings.map(({ field, message }) => ({
      code: 'broken-listener',
      severity: 'error' as const,
      object: objectName(object),
      path: `spec.${list}[${index}].${field}`,
      message: `${message}; the listener is left out`,
    })),
  );
}

function hostProblems(object: ConfigObject<Sidecar>, { hosts = [] }: SidecarEgressListener, path: string): readonly Problem[] {
  return hosts.flatMap((host, index) =>
    hostForm.test(host)
      ? []
      : [
          {
            code: 'broken-host',
            severity: 'warning' as const,
            object: objectName(object),
            path: `${path}.hosts[${index}]`,
            message: `${JSON.stringify(host)} is not of the form NAMESPACE/HOST; it is ignored`,
          },
        ],
  );
}

function egressFindings({ port, bind = '' }: SidecarEgressListener): readonly Finding[] {
  return [...(port === undefined ? [] : portFindings(port, isSocketFile(bind))), ...bindFindings(bind)];
}

function ingressFindings({ port = {}, bind = '', defaultEndpoint = '' }: SidecarIngressListener): readonly Finding[] {
  const message = `${JSON.stringify(defaultEndpoint)} is neither 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT nor unix:///PATH`;
  return [
    ...portFindings(port, false),
    ...bindFindings(bind),
    ...(defaultEndpoint === '' || isEndpoint(defaultEndpoint) ? [] : [{ field: 'defaultEndpoint', message }]),
  ];
}

const hostForm = /^[^/]+\/[^/]+$/;
const socketFile = /^unix:\/\/\/./;
const endpointForm = /^(?:127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d{1,5})$/;

function isSocketFile(bind: string): boolean {
  return socketFile.test(bind);
}

function isEndpoint(text: string): boolean {
  return isSocketFile(text) || isPort(Number(endpointForm.exec(text)?.[1] ?? 0));
}

function isPort(number: number): boolean {
  return number >= 1 && number <= 65_535;
}

/** A socket file has no port: 0. */
function portFindings({ number = 0 }: SidecarPort, isSocket: boolean): readonly Finding[] {
  if (isPort(number) || (isSocket && number === 0)) return [];
  return [{ field: 'port.number', message: `${number} is no port: take one from 1 to 65535` }];
}

function bindFindings(bind: string): readonly Finding[] {
  if (bind === '' || isIP(bind) !== 0 || isSocketFile(bind)) return [];
  return [{ field: 'bind', message: `${JSON.stringify(bind)} is neither an address nor unix:///PATH` }];
}

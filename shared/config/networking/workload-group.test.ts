import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/fixtures/findings.ts';
import type { JsonObject } from '../../lib/json.ts';
import { workloadEntryKind } from './workload-entry.ts';
import { workloadGroupKind } from './workload-group.ts';

type Rows = readonly (readonly [what: string, part: JsonObject, findings: readonly string[]])[];

describe('a WorkloadEntry', () => {
  it.each<Rows[number]>([
    ['a name', { address: 'vm.example.com' }, []],
    ['a bad name', { address: 'a b' }, ['spec.address: endpoint address "a b" is not a valid FQDN or an IP address']],
    ['none', { ports: { a: 0 } }, ['spec.address: address is required']],
    ['none in a network', { network: 'n' }, ['warning: spec.address: address is unset with network "n"']],
    ['an abstract socket', { address: 'unix://@s', ports: { http: 80 } }, ['spec.ports: unix endpoint unix://@s must not include ports']],
    ['no socket', { address: 'unix://' }, ['spec.address: unix address must not be empty']],
    [
      'a port',
      { address: '10.0.0.1', ports: { 'a b': 0 } },
      ['spec.ports[a b]: invalid port name: a b', 'spec.ports[a b]: port number 0 must be in the range 1..65535'],
    ],
    ['a label', { address: '10.0.0.1', labels: { 'A.b/c': 'd', '/c': '' } }, ['spec.labels[/c]: invalid tag key: "/c"']],
  ])('has an address: %s', (_, spec, findings) => {
    expect(findingsOf(workloadEntryKind, spec)).toEqual(findings);
  });
});

describe('a WorkloadGroup', () => {
  const check = (spec: JsonObject): readonly string[] => findingsOf(workloadGroupKind, { template: {}, ...spec });

  it('has a template, which is not looked at, and good labels', () => {
    expect(findingsOf(workloadGroupKind, { probe: {} })).toEqual(['spec.template: template is required']);
    expect(check({ metadata: { labels: { '.': '~' } }, probe: {} })).toEqual([
      'spec.metadata.labels: invalid labels: 2 errors occurred:\n\t* invalid tag key: "."\n\t* invalid tag value: "~"\n\n',
    ]);
  });

  it.each<Rows[number]>([
    ['nothing', { periodSeconds: -1 }, ['.periodSeconds: periodSeconds must be non-negative', ': unknown health check method <nil>']],
    ['gRPC', { grpc: { port: 80 } }, ['.grpc: unknown health check method *v1alpha3.ReadinessProbe_Grpc']],
    ['TCP', { tcpSocket: {} }, ['.tcpSocket.port: port number 0 must be in the range 1..65535']],
    ['a command', { exec: {} }, ['.exec.command: exec.command is required']],
    [
      'HTTP',
      { httpGet: { scheme: 'http', httpHeaders: [{ name: 'a_b' }] } },
      [
        '.httpGet.port: port number 0 must be in the range 1..65535',
        '.httpGet.scheme: httpGet.scheme must be one of "HTTPS", "HTTP"',
        '.httpGet.httpHeaders[0].name: header name a_b is not a valid header name',
      ],
    ],
  ])('is ready by %s', (_, probe, findings) => {
    expect(check({ probe })).toEqual(findings.map((finding) => `spec.probe${finding}`));
  });
});

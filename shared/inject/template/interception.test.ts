import { describe, expect, it } from 'vitest';
import { annotated, templateInput, values } from '../../../test/fixtures/inject.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { TemplateInput } from './input.ts';
import { excludedInboundPorts, interception, interceptionMode, isTproxy } from './interception.ts';

const traffic = 'traffic.sidecar.istio.io';
const mode = 'sidecar.istio.io/interceptionMode';
const input = (annotations: Readonly<Record<string, string>> = {}, given: JsonObject = {}, partial: Partial<TemplateInput> = {}) =>
  templateInput({ pod: annotated(annotations), values: values(given), ...partial });
const cni = { pilot: { cni: { enabled: true } } };
const init = (...given: Parameters<typeof input>) => interception(input(...given))[0];
/** What follows a flag. */
const flag = (name: string, ...given: Parameters<typeof input>) => {
  const args = init(...given)?.args ?? [];
  return args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
};

describe('interceptionMode', () => {
  it('is that of the annotation, of the mesh, or REDIRECT', () => {
    expect(interceptionMode(input({ [mode]: 'NONE' }, {}, { proxyConfig: { interceptionMode: 'TPROXY' } }))).toBe('NONE');
    expect(interceptionMode(input({}, {}, { proxyConfig: { interceptionMode: 'TPROXY' } }))).toBe('TPROXY');
    expect(interceptionMode(input({}, {}, { proxyConfig: {} }))).toBe('REDIRECT');
  });

  it('is TPROXY or not', () => {
    expect([isTproxy(input({ [mode]: 'TPROXY' })), isTproxy(input())]).toEqual([true, false]);
  });
});

describe('interception', () => {
  it('is nothing for NONE', () => {
    expect(interception(input({ [mode]: 'NONE' }))).toEqual([]);
  });

  it('redirects as root', () => {
    expect(init()).toMatchObject({
      name: 'istio-init',
      image: 'hub.example/init:1',
      args: [
        ...['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT', '-i', '*', '-x', '', '-b', '*'],
        ...['-d', '15090,15021,15020', '--log_output_level=default:info'],
      ],
      securityContext: {
        runAsUser: 0,
        runAsGroup: 0,
        runAsNonRoot: false,
        readOnlyRootFilesystem: false,
        privileged: false,
        capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
      },
    });
    expect(init()).not.toHaveProperty('env');
  });

  it('only checks, as the user of the proxy, where a CNI plugin redirects', () => {
    const given = init({}, cni, { proxyIds: { uid: 5, gid: 6 } });

    expect(given?.name).toBe('istio-validation');
    expect(given?.args?.slice(-2)).toEqual(['--run-validation', '--skip-rule-apply']);
    expect(given?.securityContext).toMatchObject({ runAsUser: 5, runAsGroup: 6, runAsNonRoot: true, capabilities: { drop: ['ALL'] } });
  });

  it('knows the proxy by user 1337 under TPROXY', () => {
    const partial = { proxyIds: { uid: 5, gid: 6 } };

    expect(flag('-u', {}, {}, partial)).toBe('5');
    expect(flag('-u', { [mode]: 'TPROXY' }, {}, partial)).toBe('1337');
    expect(init({ [mode]: 'TPROXY' }, cni, partial)?.securityContext).toMatchObject({ runAsUser: 1337, runAsGroup: 1337 });
  });

  it('takes the ports of the mesh', () => {
    const mesh = { proxyListenPort: 1, proxyInboundListenPort: 2 };

    expect([flag('-p', {}, {}, { mesh }), flag('-z', {}, {}, { mesh })]).toEqual(['1', '2']);
    expect([flag('-p', {}, {}, { mesh: {} }), flag('-z', {}, {}, { mesh: {} })]).toEqual(['15001', '15006']);
  });

  it.each([
    ['-i', `${traffic}/includeOutboundIPRanges`, 'includeIPRanges'],
    ['-x', `${traffic}/excludeOutboundIPRanges`, 'excludeIPRanges'],
    ['-b', `${traffic}/includeInboundPorts`, 'includeInboundPorts'],
    ['-q', `${traffic}/includeOutboundPorts`, 'includeOutboundPorts'],
    ['-o', `${traffic}/excludeOutboundPorts`, 'excludeOutboundPorts'],
  ])('passes as %s the annotation %s, else values', (name, annotation, key) => {
    const given = { global: { proxy: { [key]: 'values' } } };

    expect(flag(name, {}, given)).toBe('values');
    expect(flag(name, { [annotation]: 'own' }, given)).toBe('own');
    expect(flag(name, { [annotation]: '' }, given)).toBe('');
  });

  it.each(['-q', '-o', '-k', '-c'])('leaves %s out where nobody says anything', (name) => {
    expect(init()?.args).not.toContain(name);
  });

  it('passes interfaces, and prefers the newer annotation', () => {
    const kubevirt = { [`${traffic}/kubevirtInterfaces`]: 'old' };

    expect(flag('-k', kubevirt)).toBe('old');
    expect(flag('-k', { ...kubevirt, 'istio.io/reroute-virtual-interfaces': 'new' })).toBe('new');
    expect(flag('-c', { [`${traffic}/excludeInterfaces`]: 'eth1' })).toBe('eth1');
  });

  it('passes switches of values at the end', () => {
    const given = { global: { logAsJson: true, nativeNftables: true, proxy_init: { forceApplyIptables: true } } };

    expect(init({}, given)?.args?.slice(-3)).toEqual(['--log_as_json', '--force-apply', '--native-nftables']);
    expect(init({}, { ...given, ...cni })?.args).not.toContain('--force-apply');
  });

  it('has the metadata of the proxy, a pull policy and a seccomp profile where there are some', () => {
    const given = { global: { imagePullPolicy: 'Always', proxy: { privileged: true, seccompProfile: { type: 'RuntimeDefault' } } } };

    expect(init({}, given, { proxyConfig: { proxyMetadata: { B: '2', A: '1' } } })).toMatchObject({
      imagePullPolicy: 'Always',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      securityContext: { privileged: true, allowPrivilegeEscalation: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
  });

  it('excludes only its own ports where the agent has none', () => {
    expect(flag('-d', { 'status.sidecar.istio.io/port': '0' })).toBe('15090,15021');
  });
});

describe('excludedInboundPorts', () => {
  const excluded = (list: string | undefined, port: string) =>
    excludedInboundPorts(
      input({ 'status.sidecar.istio.io/port': port, ...(list !== undefined && { [`${traffic}/excludeInboundPorts`]: list }) }),
    );

  it.each([
    [undefined, '15020', '15020'],
    ['', '15020', '15020'],
    ['80', '15020', '80,15020'],
    [' 80 , ,443,', ' 15020 ', '80,443,15020'],
    ['80,15020', '15020', '80,15020'],
    ['80, 15020', '15020', '80,15020,15020'],
    [' 80 ', '0', ' 80 '],
    ['80', '', '80'],
  ])('of %j and the agent port %j are %j', (list, port, ports) => {
    expect(excluded(list, port)).toBe(ports);
  });
});

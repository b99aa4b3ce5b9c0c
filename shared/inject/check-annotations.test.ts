import { describe, expect, it } from 'vitest';
import { annotation } from './annotation-names.ts';
import { checkAnnotations } from './check-annotations.ts';

const check = (name: string, value: string) => checkAnnotations({ [name]: value });

const readiness = [
  annotation.readinessInitialDelaySeconds,
  annotation.readinessPeriodSeconds,
  annotation.readinessFailureThreshold,
] as const;
const interfaces = [annotation.excludeInterfaces, annotation.kubevirtInterfaces, annotation.rerouteVirtualInterfaces] as const;
const ports = [annotation.includeInboundPorts, annotation.excludeInboundPorts, annotation.excludeOutboundPorts] as const;
const ranges = [annotation.includeOutboundIpRanges, annotation.excludeOutboundIpRanges] as const;
const amounts = [annotation.proxyCpu, annotation.proxyMemory, annotation.proxyCpuLimit, annotation.proxyMemoryLimit] as const;

/** Every name with every text. */
const pairs = (names: readonly string[], texts: readonly string[]) => names.flatMap((name) => texts.map((text) => [name, text] as const));

describe('checkAnnotations', () => {
  it('has nothing to say without annotations', () => {
    expect(checkAnnotations({})).toBeUndefined();
  });

  it('does not look at annotations that it does not know', () => {
    const unknown = JSON.parse('{"example.com/x":"\\u0000","__proto__":"x","constructor":"x"}');

    expect(checkAnnotations(unknown)).toBeUndefined();
  });

  it.each(pairs([annotation.includeOutboundPorts, annotation.proxyImage, annotation.logLevel], ['', 'nonsense']))(
    'leaves %s unchecked: %j',
    (name, value) => {
      expect(check(name, value)).toBeUndefined();
    },
  );

  const good: readonly (readonly [string, string])[] = [
    ...pairs([annotation.interceptionMode], ['REDIRECT', 'TPROXY', 'NONE']),
    ...pairs([annotation.statusPort], ['0', '15020', '65535', ' 15020 ', '00080']),
    ...pairs(readiness, ['0', '1', '4294967295']),
    ...pairs(ranges, ['', '10.0.0.0/8', '0.0.0.0/0,255.255.255.255/32', '::/0', 'fd00::/8,2001:db8::1/128', '::ffff:10.0.0.1/96']),
    [annotation.includeOutboundIpRanges, '*'],
    ...pairs(ports, ['', ' ', '80', '80,443', ' 80 , 443 ', '0', '65535']),
    [annotation.includeInboundPorts, '*'],
    ...pairs(interfaces, ['', 'eth0', 'eth0,net1', ' eth0 , net1 ', 'a', 'a2345678901234_', 'br-lan.5']),
    ...pairs([annotation.prometheusMerge], ['true', 'F', '0']),
    ...pairs(amounts, ['1', '100m', '1.5', '128Mi', '2e3', '0', '-1']),
    ...pairs([annotation.proxyConfig], ['', '{}', 'concurrency: 2', '{"concurrency": 2}', 'unknownField: 1']),
  ];
  it.each(good)('takes %s %j', (name, value) => {
    expect(check(name, value)).toBeUndefined();
  });

  const bad: readonly (readonly [string, string])[] = [
    ...pairs([annotation.interceptionMode], ['', 'redirect', 'REDIRECT ', 'constructor']),
    ...pairs([annotation.statusPort], ['', 'x', '-1', '+1', '65536', '1.5', '0x50', '8 0']),
    ...pairs(readiness, ['', ' 1', '-1', '1.5', '4294967296', '1e3']),
    ...pairs(ranges, ['10.0.0.1', ' 10.0.0.0/8', '10.0.0.0/8,', '10.0.0.0/33', '10.0.0.0/08', '10.0.0/8', '010.0.0.0/8', '256.0.0.0/8']),
    ...pairs(ranges, ['::/129', ':::/8', 'fd00::', 'fe80::1%eth0/64', '10.0.0.0/', '/8', '10.0.0.0/+8', 'fd00::/1000', 'localhost/8']),
    [annotation.excludeOutboundIpRanges, '*'],
    ...pairs(ports, ['80,', ',', 'http', '80,,443', '65536', '*,80', '80 443', '-80']),
    ...pairs([annotation.excludeInboundPorts, annotation.excludeOutboundPorts], ['*']),
    ...pairs(interfaces, ['a23456789012345_', '1eth', 'eth0,', ' ', 'eth 0', 'ethü', '-a', 'a:b']),
    ...pairs([annotation.prometheusMerge], ['', 'yes', 'TrUe']),
    ...pairs(amounts, ['', 'x', '1 ', '1.2.3', '100mm', '1\n', '1\u0000', '1\u0085']),
    ...pairs([annotation.proxyConfig], ['text', '[]', 'a: [', 'concurrency: many', 'drainDuration: 1.5s', 'statusPort: 99999']),
  ];
  it.each(bad)('refuses %s %j', (name, value) => {
    expect(check(name, value)).toMatch(`\t* invalid value '${value}' for annotation '${name}': `);
  });

  const messages: readonly (readonly [string, string, string])[] = [
    [annotation.interceptionMode, 'x', 'interceptionMode invalid, use REDIRECT,TPROXY,NONE: x'],
    [
      annotation.statusPort,
      ' x ',
      'excludeInboundPorts invalid: failed parsing port \'x\': strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [annotation.readinessPeriodSeconds, '4294967296', 'strconv.ParseUint: parsing "4294967296": value out of range'],
    [
      annotation.includeInboundPorts,
      '80,x',
      "includeInboundPorts invalid: failed parsing port 'x': failed parsing port 'x': strconv.ParseUint: parsing \"x\": invalid syntax",
    ],
    [
      annotation.includeOutboundIpRanges,
      '10.0.0.1',
      "includeIPRanges invalid: failed parsing cidr '10.0.0.1': netip.ParsePrefix(\"10.0.0.1\"): no '/'",
    ],
    [annotation.excludeInterfaces, 'eth0, ', 'empty interface name'],
    [annotation.excludeInterfaces, 'a23456789012345_', 'interface name "a23456789012345_" too long (max 15 chars)'],
    [annotation.excludeInterfaces, '0eth', 'interface name "0eth" contains invalid characters'],
    [annotation.prometheusMerge, 'yes', 'strconv.ParseBool: parsing "yes": invalid syntax'],
    [annotation.proxyCpu, '1\u0007', 'value contains control characters'],
    [annotation.proxyMemory, 'lots', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ];
  it.each(messages)('says of %s %j: %s', (name, value, detail) => {
    expect(check(name, value)).toBe(`1 error occurred:\n\t* invalid value '${value}' for annotation '${name}': ${detail}\n\n`);
  });

  it('needs no more time for long texts than for short ones', () => {
    const long = '0'.repeat(250_000);
    const start = performance.now();

    expect(check(annotation.proxyCpu, `1${long}1`)).toBeDefined();
    expect(check(annotation.proxyCpu, `1${long}x`)).toBeDefined();
    expect(check(annotation.includeInboundPorts, `${long}x`)).toBeDefined();
    expect(check(annotation.includeOutboundIpRanges, `${long}:x/1`)).toBeDefined();

    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('lists all problems, in an order of its own', () => {
    const message = checkAnnotations({
      [annotation.proxyCpu]: 'x',
      [annotation.interceptionMode]: 'y',
      [annotation.prometheusMerge]: 'true',
    });

    const lines = message?.split('\n') ?? [];
    expect(lines[0]).toBe('2 errors occurred:');
    expect(lines[1]).toContain(annotation.interceptionMode);
    expect(lines[2]).toContain(annotation.proxyCpu);
    expect(lines.slice(3)).toEqual(['', '']);
  });
});

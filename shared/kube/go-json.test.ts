import { describe, expect, it } from 'vitest';
import { escapeHtmlInJson, goJson, goJsonText } from './go-json.ts';
import { container, lifecycle, pod, podSpec, probe, volume } from './pod.ts';
import { bytes, int32, keep, list, map, opaque, quantity, string, struct, time } from './schema.ts';

describe('goJson', () => {
  it.each([
    ['prints what has no omitempty', {}, pod, '{"metadata":{},"spec":{"containers":null},"status":{}}'],
    ['prints a container with its resources', { name: 'c' }, container, '{"name":"c","resources":{}}'],
    ['follows declaration order', { image: 'i', name: 'c' }, container, '{"name":"c","image":"i","resources":{}}'],
    ['leaves out zero values', { name: '', image: '', args: [], tty: false }, container, '{"name":"","resources":{}}'],
    [
      'keeps a set zero behind a pointer',
      { hostUsers: false, priority: 0, containers: [] },
      podSpec,
      '{"containers":[],"priority":0,"hostUsers":false}',
    ],
    ['prints the missing service of a gRPC probe', { grpc: { port: 5 } }, probe, '{"grpc":{"port":5,"service":null}}'],
    ['keeps an empty struct behind a pointer', { name: 'v', emptyDir: {} }, volume, '{"name":"v","emptyDir":{}}'],
    ['prints a port that must be there', { preStop: { httpGet: {} } }, lifecycle, '{"preStop":{"httpGet":{"port":0}}}'],
    [
      'sorts maps and escapes HTML',
      { metadata: { labels: { b: '<&>', a: '\u2028' } } },
      struct('X', { metadata: opaque }),
      '{"metadata":{"labels":{"a":"\\u2028","b":"\\u003c\\u0026\\u003e"}}}',
    ],
  ])('%s', (_rule, value, schema, text) => {
    expect(goJson(value, schema)).toBe(text);
  });

  it('prints the zero value of every kind that is kept', () => {
    const all = struct('All', {
      s: keep(string),
      n: keep(int32),
      q: keep(quantity),
      t: keep(time),
      b: keep(bytes),
      l: keep(list(string)),
      m: keep(map(string)),
    });

    expect(goJson({}, all)).toBe('{"s":"","n":0,"q":"0","t":null,"b":null,"l":null,"m":null}');
  });

  it('reads own members only', () => {
    expect(goJson(Object.create({ name: 'inherited' }), container)).toBe('{"name":"","resources":{}}');
  });
});

describe('goJsonText', () => {
  it('sorts the members of maps by code point, at every depth', () => {
    expect(goJsonText({ b: [{ z: 1, a: null }], a: undefined, '10': 1, '9': 2, '\u{1f600}': 1, '\uffff': 2 })).toBe(
      '{"10":1,"9":2,"b":[{"a":null,"z":1}],"\uffff":2,"\u{1f600}":1}',
    );
  });

  it('keeps the given order where asked', () => {
    expect(goJsonText({ b: 1, a: { d: '<', c: 2 } }, 'as given')).toBe('{"b":1,"a":{"d":"\\u003c","c":2}}');
  });

  it('escapes finished JSON', () => {
    expect(escapeHtmlInJson('{"a":"<b>&\u2029é"}')).toBe('{"a":"\\u003cb\\u003e\\u0026\\u2029é"}');
  });
});

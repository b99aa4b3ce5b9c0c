import { describe, expect, it } from 'vitest';
import { container, pod } from '../../test/fixtures/inject.ts';
import { layOver } from './lay-over.ts';

describe('layOver', () => {
  it('joins what has the same name', () => {
    const laid = layOver(pod(), {
      metadata: { labels: { a: '1' } },
      spec: { containers: [{ name: 'app', env: [{ name: 'A', value: '1' }] }] },
    });

    expect(laid).toEqual({
      ok: true,
      value: pod({ metadata: { labels: { a: '1' } }, spec: { containers: [container({ env: [{ name: 'A', value: '1' }] })] } }),
    });
  });

  it('makes quantities canonical and drops what a pod does not know', () => {
    const laid = layOver(
      {},
      { nonsense: 1, spec: { containers: [{ name: 'a', resources: { limits: { cpu: '2000m', memory: '1024Mi' } } }] } },
    );

    expect(laid).toEqual({
      ok: true,
      value: { spec: { containers: [{ name: 'a', resources: { limits: { cpu: '2', memory: '1Gi' } } }] } },
    });
  });

  it('drops zero values and nulls', () => {
    const laid = layOver({}, { spec: { hostNetwork: false, volumes: [{ name: 'v', emptyDir: null }], initContainers: [] } });

    expect(laid).toEqual({ ok: true, value: { spec: { volumes: [{ name: 'v' }] } } });
  });

  it.each([null, undefined])('lays nothing for %j', (overlay) => {
    expect(layOver(pod(), overlay)).toEqual({ ok: true, value: pod() });
  });

  it('refuses an item without its merge key', () => {
    const laid = layOver(pod(), { spec: { containers: [{ image: 'x' }] } });

    expect(laid).toEqual({ ok: false, error: 'strategic merge: map: map[image:x] does not contain declared merge key: name' });
  });

  it('refuses what is no object', () => {
    expect(layOver(pod(), 'text')).toEqual({ ok: false, error: 'strategic merge: invalid JSON document' });
  });

  it('refuses a wrong type', () => {
    const laid = layOver({}, { spec: { containers: [{ name: 'a', args: [true] }] } });

    expect(laid).toMatchObject({ ok: false, error: expect.stringContaining('cannot unmarshal bool') });
  });
});

import { describe, expect, it } from 'vitest';
import { newGateway } from '../../test/fixtures/gateway.ts';
import { ManualClock, ProxyClient } from '../../test/fixtures/proxy-client.ts';
import { snapshotOf, typeUrls } from '../../test/fixtures/snapshots.ts';
import { Outbox, type Place } from './outbox.ts';

const halfFull = 32 << 20;

/** Places of an outbox, and which of them were called back. */
function outboxWith(count: number) {
  const clock = new ManualClock();
  const outbox = new Outbox(clock);
  const called: number[] = [];
  const places = Array.from({ length: count }, (_, index): Place => outbox.join(() => void called.push(index)));
  const [first, second, third, fourth] = places as [Place, Place, Place, Place];
  return { clock, called, first, second, third, fourth };
}

describe('an outbox', () => {
  it('refuses a stream whose last response is on its way, and calls it when that has left', () => {
    const { called, first } = outboxWith(1);
    const left = first.take(1);

    expect(first.ask()).toBe(false);
    left();

    expect(called).toEqual([0]);
    expect(first.ask()).toBe(true);
  });

  it('refuses everybody when it is full, and calls them in their order as far as there is room', () => {
    const { called, first, second, third, fourth } = outboxWith(4);
    const left = first.take(halfFull);
    second.take(halfFull);
    expect([fourth.ask(), third.ask()]).toEqual([false, false]);

    left();

    expect(called).toEqual([3, 2]);
  });

  it('is not held up for ever by a stream that takes nothing', () => {
    const { called, clock, first, second } = outboxWith(2);
    first.take(2 * halfFull);
    expect([first.ask(), second.ask()]).toEqual([false, false]);

    clock.advance(5_000);

    expect(called).toEqual([1]);
  });

  it('calls nobody who left', () => {
    const { called, first, second } = outboxWith(2);
    const left = first.take(2 * halfFull);
    second.ask();
    second.leave();

    left();

    expect(called).toEqual([]);
  });
});

describe('a proxy that takes responses slowly', () => {
  const { cds, lds } = typeUrls;

  it('gets the latest state when its last response has left, and nothing of what was between', () => {
    const { gateway } = newGateway();
    const client = new ProxyClient(gateway, 'sotw');
    client.isSlow = true;
    gateway.serve(snapshotOf({ lds: { l: '1' } }));
    client.sotw({ typeUrl: lds }, {});
    client.sotwResponses();

    client.sotw({ typeUrl: lds, responseNonce: '1' });
    gateway.serve(snapshotOf({ lds: { l: '2' } }));
    gateway.serve(snapshotOf({ lds: { l: '3' } }));
    expect(client.bytes).toEqual([]);
    client.unsent.shift()?.();

    expect(client.sotwResponses().map(({ resources }) => resources.map(({ value }) => Buffer.from(value).toString()))).toEqual([['l=3']]);
  });

  it('loses no question that it asks meanwhile', () => {
    const { gateway } = newGateway();
    const client = new ProxyClient(gateway, 'sotw');
    client.isSlow = true;
    gateway.serve(snapshotOf({ cds: { c: '1' }, lds: { l: '1' } }));
    client.sotw({ typeUrl: cds }, {});
    client.sotw({ typeUrl: cds, responseNonce: '1' });
    client.sotw({ typeUrl: lds });
    expect(client.bytes).toHaveLength(1);

    client.unsent.shift()?.();

    expect(client.sotwResponses().map(({ typeUrl }) => typeUrl)).toEqual([cds, lds]);
  });
});

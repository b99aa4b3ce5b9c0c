import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { Backend } from './backend.ts';
import type { Envoy } from './envoy.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { freePort, TestMesh } from './mesh.ts';
import { destinationRule, serviceObjects, virtualService } from './objects.ts';
import { type Call, send, sendMany, sendUntil } from './requests.ts';

const versions = ['v1', 'v2'];
const toWeb = { route: [{ destination: { host: 'web' } }] };
const noRetries = { attempts: 0 };

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('policies at work in a real Envoy', { timeout: 60_000 }, () => {
  let backends: readonly Backend[] = [];
  let mesh: TestMesh;
  let envoy: Envoy;
  let call: Call;

  beforeAll(async () => {
    const port = await freePort();
    backends = await Promise.all(versions.map((version, index) => new Backend(version, `127.0.2.${index + 1}`).listen()));
    mesh = await TestMesh.create({ web: serviceObjects({ name: 'web', port, instances: backends }) });
    envoy = await mesh.client('delta');
    await envoy.live();
    call = { port, host: 'web' };
  }, 180_000);

  beforeEach(() => {
    for (const backend of backends) backend.reset();
  });

  afterAll(async () => {
    await mesh.close();
    for (const backend of backends) backend.close();
  });

  const requests = (): number => backends.reduce((sum, backend) => sum + backend.requests, 0);
  const behave = (behaviour: Partial<Backend['behaviour']>): void => {
    for (const backend of backends) backend.behave(behaviour);
  };
  const route = (http: JsonObject): Promise<void> => mesh.write('traffic', [virtualService('web', [{ ...toWeb, ...http }])]);
  /** Of the cluster of all endpoints of `web`. */
  const clusterStat = (name: string): Promise<number> => envoy.stat(`^cluster\\.outbound\\|\\d+\\|\\|web\\..*\\.${name}$`);

  it('aborts requests before they reach anybody', async () => {
    await route({ fault: { abort: { httpStatus: 418, percentage: { value: 100 } } } });
    await sendUntil(call, 'requests are aborted', ({ status }) => status === 418);
    for (const backend of backends) backend.reset();

    const answers = await sendMany(call, 20);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([418]));
    expect(requests()).toBe(0);
  });

  it('delays requests', async () => {
    await route({ fault: { delay: { fixedDelay: '0.3s', percentage: { value: 100 } } } });
    await sendUntil(call, 'requests are delayed', ({ status, tookMs }) => status === 200 && tookMs >= 290);

    const answers = await sendMany(call, 8);

    // Envoy's timers count whole milliseconds of its own clock.
    for (const { status, tookMs } of answers) expect([status, tookMs >= 290]).toEqual([200, true]);
  });

  it('ends a request after its timeout', async () => {
    behave({ delayMs: 2_000 });

    await route({ timeout: '0.2s', retries: noRetries });
    const answer = await sendUntil(call, 'requests time out', ({ status }) => status === 504);

    expect(answer.body).toContain('timeout');
  });

  it('tries again as often as it is told', async () => {
    behave({ status: 503 });
    await route({ retries: { attempts: 4, retryOn: '5xx' } });

    await poll(
      async () => {
        const before = requests();
        const { status } = await send(call);
        return status === 503 && requests() - before === 5 ? true : undefined;
      },
      { what: 'a request is tried five times' },
    );

    expect(await clusterStat('upstream_rq_retry')).toBeGreaterThanOrEqual(4);
  });

  it('refuses what goes beyond the connection pool', async () => {
    const connectionPool = { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1 } };
    await mesh.write('traffic', [
      virtualService('web', [{ ...toWeb, retries: noRetries }]),
      destinationRule('web', [], { connectionPool }),
    ]);
    behave({ delayMs: 100 });

    const refused = await poll(
      async () => {
        const answers = await Promise.all(Array.from({ length: 20 }, () => send(call)));
        const overflow = answers.filter(({ status }) => status === 503);
        return overflow.length > 0 ? overflow : undefined;
      },
      { what: 'requests overflow' },
    );

    expect(refused[0]?.body).toContain('overflow');
    expect(await clusterStat('upstream_rq_pending_overflow')).toBeGreaterThan(0);
  });

  it('ejects an endpoint that fails, and asks only the others', async () => {
    const outlierDetection = { consecutive5xxErrors: 3, interval: '0.5s', baseEjectionTime: '300s', maxEjectionPercent: 100 };
    await mesh.write('traffic', [
      virtualService('web', [{ ...toWeb, retries: noRetries }]),
      destinationRule('web', [], { outlierDetection }),
    ]);
    const [bad] = backends;
    bad?.behave({ status: 500 });

    await poll(
      async () => {
        await sendMany(call, 10);
        return (await clusterStat('outlier_detection\\.ejections_active')) === 1 ? true : undefined;
      },
      { what: 'an endpoint is ejected' },
    );
    const answers = await sendMany(call, 50);

    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 v2']));
  });

  it('never has a resource refused, and is sent nothing but bytes of snapshots', async () => {
    expect(await mesh.metric('pilot_total_xds_rejects')).toBe(0);
    expect(await mesh.metric('pilotless_gateway_encoded_total')).toBe(0);
  });
});

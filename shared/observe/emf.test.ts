import { describe, expect, it } from 'vitest';
import { emfMetrics } from './emf.ts';

const nowMs = 1_700_000_000_000;

describe('emfMetrics', () => {
  it('puts counters and durations into the line of the request, under the names and labels of the table', () => {
    const { metrics, drain } = emfMetrics();
    metrics.count('sidecar_injection_requests_total');
    metrics.count('sidecar_injection_requests_total');
    metrics.observe('sidecar_injection_time_seconds', 0.002);
    metrics.count('pilotless_injection_decisions_total', { decision: 'injected', reason: 'enabled' });

    expect(drain({ message: 'pod injected' }, nowMs)).toEqual([
      {
        message: 'pod injected',
        sidecar_injection_requests_total: 2,
        sidecar_injection_time_seconds: 0.002,
        pilotless_injection_decisions_total: 1,
        decision: 'injected',
        reason: 'enabled',
        _aws: {
          Timestamp: nowMs,
          CloudWatchMetrics: [
            { Namespace: 'pilotless', Dimensions: [[]], Metrics: [{ Name: 'sidecar_injection_requests_total', Unit: 'Count' }] },
            { Namespace: 'pilotless', Dimensions: [[]], Metrics: [{ Name: 'sidecar_injection_time_seconds', Unit: 'Seconds' }] },
            {
              Namespace: 'pilotless',
              Dimensions: [['decision', 'reason']],
              Metrics: [{ Name: 'pilotless_injection_decisions_total', Unit: 'Count' }],
            },
          ],
        },
      },
    ]);
  });

  it('takes another line for another value of a label, and for a member that the line has', () => {
    const { metrics, drain } = emfMetrics();
    metrics.set('pilotless_config_problems', 1, { severity: 'error' });
    metrics.set('pilotless_config_problems', 2, { severity: 'warning' });

    const lines = drain({ severity: 'info' }, nowMs);

    expect(lines.map((line) => [line['severity'], line['pilotless_config_problems']])).toEqual([
      ['info', undefined],
      ['error', 1],
      ['warning', 2],
    ]);
    expect(lines.map((line) => '_aws' in line)).toEqual([false, true, true]);
  });

  it('counts from the start again after each line, and adds nothing where nothing was counted', () => {
    const { metrics, drain } = emfMetrics();
    metrics.count('sidecar_injection_skip_total');
    drain({}, nowMs);

    expect(drain({ message: 'x' }, nowMs)).toEqual([{ message: 'x' }]);
  });
});

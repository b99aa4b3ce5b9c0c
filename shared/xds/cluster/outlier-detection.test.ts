import { create, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import type { OutlierDetection } from '../../config/networking/destination-rule-outlier-detection.ts';
import { OutlierDetectionSchema } from '../../gen/envoy/config/cluster/v3/outlier_detection_pb.js';
import { outlierDetection } from './outlier-detection.ts';

describe('outlierDetection', () => {
  it.each<[string, OutlierDetection, object]>([
    ['without settings never looks at success rates', {}, {}],
    ['counts errors of the service', { consecutive5xxErrors: 7 }, { consecutive5xx: 7, enforcingConsecutive5xx: 100 }],
    ['turns a check off by 0', { consecutiveGatewayErrors: 0 }, { consecutiveGatewayFailure: 0, enforcingConsecutiveGatewayFailure: 0 }],
    [
      'takes times and shares',
      { interval: '5s', baseEjectionTime: '3m', maxEjectionPercent: 50 },
      { interval: '5s', baseEjectionTime: '180s', maxEjectionPercent: 50 },
    ],
    [
      'counts errors of the connection apart',
      { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 6 },
      {
        splitExternalLocalOriginErrors: true,
        enforcingLocalOriginSuccessRate: 0,
        consecutiveLocalOriginFailure: 6,
        enforcingConsecutiveLocalOriginFailure: 100,
      },
    ],
    ['ignores the number that an old field gives', { consecutiveErrors: 2 }, {}],
  ])('%s', (_, rule, expected) => {
    const message = create(OutlierDetectionSchema, outlierDetection(rule));

    expect(toJson(OutlierDetectionSchema, message)).toEqual({ enforcingSuccessRate: 0, ...expected });
  });
});

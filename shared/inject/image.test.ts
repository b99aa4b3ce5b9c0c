import { describe, expect, it } from 'vitest';
import { imageOf } from './image.ts';

describe('imageOf', () => {
  const cases = [
    { rule: 'leaves the tag alone without a type', tag: '1.30', type: '', image: 'hub/proxyv2:1.30' },
    { rule: 'leaves a suffix alone without a type', tag: '1.30-debug', type: '', image: 'hub/proxyv2:1.30-debug' },
    { rule: 'adds the type', tag: '1.30', type: 'distroless', image: 'hub/proxyv2:1.30-distroless' },
    { rule: 'adds a type of the user', tag: '1.30', type: 'alpine', image: 'hub/proxyv2:1.30-alpine' },
    { rule: 'replaces distroless', tag: '1.30-distroless', type: 'debug', image: 'hub/proxyv2:1.30-debug' },
    { rule: 'replaces debug', tag: '1.30-debug', type: 'distroless', image: 'hub/proxyv2:1.30-distroless' },
    { rule: 'keeps the wanted suffix once', tag: '1.30-debug', type: 'debug', image: 'hub/proxyv2:1.30-debug' },
    { rule: 'takes one suffix away, distroless first', tag: '1-debug-distroless', type: 'default', image: 'hub/proxyv2:1-debug' },
    { rule: 'takes the suffix away for default', tag: '1.30-debug', type: 'default', image: 'hub/proxyv2:1.30' },
    { rule: 'has nothing to take away for default', tag: '1.30', type: 'default', image: 'hub/proxyv2:1.30' },
    { rule: 'keeps a suffix that is no known type', tag: '1.30-alpine', type: 'debug', image: 'hub/proxyv2:1.30-alpine-debug' },
    { rule: 'keeps a tag that is only a type', tag: 'debug', type: 'default', image: 'hub/proxyv2:debug' },
  ];
  it.each(cases)('$rule', ({ tag, type, image }) => {
    expect(imageOf({ hub: 'hub', name: 'proxyv2', tag }, type)).toBe(image);
  });
});

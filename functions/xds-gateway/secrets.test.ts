import { expect, it } from 'vitest';
import { newGateway } from '../../test/fixtures/gateway.ts';
import { ProxyClient } from '../../test/fixtures/proxy-client.ts';
import { snapshotOf, typeUrls } from '../../test/fixtures/snapshots.ts';

const name = 'kubernetes://cert';

it.each<[boolean, string[]]>([
  [true, [typeUrls.sds]],
  [false, []],
])('secrets go to proxies that may have them (%s), and to nobody else', (servesSecrets, answered) => {
  const { gateway } = newGateway({ servesSecrets });
  gateway.serve(snapshotOf({ cds: { web: '1' }, eds: { web: '1' }, sds: { [name]: 'a key' } }));
  const client = new ProxyClient(gateway, 'sotw');

  client.sotw({ typeUrl: typeUrls.sds, resourceNames: [name] }, {});

  expect(client.sotwResponses().map(({ typeUrl }) => typeUrl)).toEqual(answered);
});

import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/lib/json.ts';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy } from './envoy-binary.ts';
import { virtualService } from './objects.ts';
import { type Row, RowMesh } from './row-mesh.ts';

const accessLogFile = join(tmpdir(), `pilotless-access-${randomUUID()}.log`);
const mesh = new RowMesh({ subnet: '127.0.10', versions: ['v1'], meshConfig: { accessLogFile } });

/** The line of a request, which Envoy writes some time after the answer. Asks again until one is of the form, for a mesh whose settings just changed. */
function logged(row: Row, form: RegExp): Promise<string> {
  return poll(
    async () => {
      const path = `/${randomUUID()}`;
      await row.send({ path, headers: { 'user-agent': 'test' } });
      const line = await poll(async () => (await readFile(accessLogFile, 'utf8')).split('\n').find((text) => text.includes(path)), {
        what: `a line of ${path}`,
      });
      return form.test(line) ? line : undefined;
    },
    { what: `a line like ${form}` },
  );
}

describe.skipIf(isLeftOut('envoy', canHaveEnvoy()))('the access log', { timeout: 60_000 }, () => {
  beforeAll(() => mesh.start(), 180_000);
  afterAll(async () => {
    await mesh.stop();
    await rm(accessLogFile, { force: true });
  });

  it(
    'has a line of Istio’s own text format for a request',
    mesh.row(
      () => [],
      async (row) => {
        const [v1] = row.backends;
        const line = await logged(row, /^\[/);
        const cluster = `outbound\\|${row.port}\\|\\|${row.host}\\.shop\\.svc\\.cluster\\.local`;
        const endpoint = `${v1?.address.replaceAll('.', '\\.')}:${v1?.port}`;
        expect(line).toMatch(
          new RegExp(
            `^\\[20\\d\\d-.*Z\\] "GET /[-0-9a-f]{36} HTTP/1\\.1" 200 - via_upstream - "-" 0 2 \\d+ \\d+ "-" "test" "[-0-9a-f]{36}" "${row.host}" "${endpoint}" ${cluster} 127\\.0\\.0\\.1:\\d+ 127\\.0\\.0\\.1:${row.port} 127\\.0\\.0\\.1:\\d+ - default$`,
          ),
        );
      },
    ),
  );

  it(
    'tells why a request had no upstream',
    mesh.row(
      ({ host }) => [
        virtualService(host, [{ fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }, route: [{ destination: { host } }] }]),
      ],
      async (row) => {
        expect(await logged(row, /^\[/)).toMatch(/ 418 FI fault_filter_abort - "-" 0 18 \d+ - "-" /);
      },
    ),
  );

  it(
    'has JSON with accessLogEncoding JSON',
    mesh.row(
      () => [],
      async (row) => {
        await row.mesh.configure({ accessLogFile, accessLogEncoding: 'JSON' });
        const line: JsonObject = JSON.parse(await logged(row, /^\{/));
        expect(line).toMatchObject({
          method: 'GET',
          protocol: 'HTTP/1.1',
          response_code: 200,
          authority: row.host,
          user_agent: 'test',
          upstream_cluster: expect.stringContaining(`|${row.host}.shop.`),
        });
      },
    ),
  );

  it(
    'has lines of accessLogFormat',
    mesh.row(
      () => [],
      async (row) => {
        await row.mesh.configure({ accessLogFile, accessLogFormat: 'mine %REQ(:PATH)% %RESPONSE_CODE%' });
        expect(await logged(row, /^mine /)).toMatch(/^mine \/[-0-9a-f]{36} 200$/);
      },
    ),
  );
});

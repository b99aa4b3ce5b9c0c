import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../cli/try/bootstrap.ts';
import { type Daemon, startDaemon } from '../apiserver/daemon.ts';
import { poll } from '../apiserver/poll.ts';
import { isLeftOut } from '../optional.ts';
import { canHaveEnvoy, envoyBinary } from './envoy-binary.ts';
import { TestMesh } from './mesh.ts';
import { canRedirect, PodNetwork, proxyUid } from './network.ts';
import { namespace, podName, serviceObjects } from './objects.ts';

const run = promisify(execFile);
const appPort = 8080;
const clusterIp = '10.96.0.10';
const clientHost = 11;
const serverHost = 12;

interface Pod {
  readonly service: string;
  readonly version: string;
  readonly ip: string;
  readonly inside: readonly string[];
}

const isOut = [isLeftOut('envoy', canHaveEnvoy()), isLeftOut('network namespaces', canRedirect())].includes(true);

describe.skipIf(isOut)('two pods with redirected connections', () => {
  let network: PodNetwork;
  let mesh: TestMesh;
  let client: Pod;
  const daemons: Daemon[] = [];

  beforeAll(async () => {
    network = await PodNetwork.create(process.pid % 10_000);
    const instance = (host: number) => ({ version: 'v1', address: network.addressOf(host), port: appPort, hasSidecar: true });
    mesh = await TestMesh.create(
      {
        server: serviceObjects({ name: 'server', port: 80, clusterIp, instances: [instance(serverHost)] }),
        client: serviceObjects({ name: 'client', port: 80, clusterIp: '10.96.0.11', instances: [instance(clientHost)] }),
      },
      { bind: network.gateway },
    );
    client = await startPod('client', clientHost);
    const server = await startPod('server', serverHost);
    const app = fileURLToPath(new URL('pod-app.ts', import.meta.url));
    daemons.push(daemon([...server.inside, process.execPath, app, String(appPort)], 'app.log'));
  });

  afterAll(async () => {
    await Promise.all(daemons.map((process) => process.stop()));
    await mesh.close();
    await network.remove();
  });

  /** A pod's network with an Envoy in it that runs as Istio's does: as a user of its own, whose connections are not redirected. */
  async function startPod(service: string, host: number): Promise<Pod> {
    const pod = { service, version: 'v1', ip: network.addressOf(host), inside: await network.addPod(host) };
    const folder = join(mesh.directory, service);
    await mkdir(folder);
    const sdsPath = join(folder, 'sds.sock');
    await mesh.certificates.serve(sdsPath, { namespace, serviceAccount: service });
    const identity = {
      pod: podName(service, 'v1'),
      namespace,
      serviceAccount: service,
      ip: pod.ip,
      labels: { app: service, version: 'v1' },
    };
    const xds = { address: network.gateway, port: mesh.xdsPort };
    const config = bootstrap({ protocol: 'delta', ...identity, interception: 'REDIRECT', xds, sdsPath, adminPort: 15000 });
    await writeFile(join(folder, 'envoy.json'), JSON.stringify(config));
    await copyFile(await envoyBinary(), join(folder, 'envoy'));
    for (const path of [mesh.directory, folder]) await chmod(path, 0o755);
    await chown(sdsPath, proxyUid, proxyUid);
    const asProxy = ['setpriv', '--reuid', String(proxyUid), '--regid', String(proxyUid), '--clear-groups'];
    const envoy = [join(folder, 'envoy'), '-c', join(folder, 'envoy.json'), '--concurrency', '1', '--disable-hot-restart', '-l', 'warning'];
    daemons.push(daemon([...pod.inside, ...asProxy, ...envoy], `${service}.log`));
    return pod;
  }

  function daemon([command = '', ...args]: readonly string[], log: string): Daemon {
    return startDaemon({ command, args, logPath: join(mesh.directory, log), directory: mesh.directory });
  }

  /** What the client's application gets from an address, plain HTTP as it knows it. */
  async function call(url: string): Promise<{ readonly status: string; readonly body: string }> {
    const [command = '', ...args] = client.inside;
    const script = `fetch(process.argv[1]).then(async (a) => process.stdout.write(a.status + ' ' + await a.text()))`;
    const { stdout } = await run(command, [...args, process.execPath, '-e', script, url]);
    const space = stdout.indexOf(' ');
    return { status: stdout.slice(0, space), body: stdout.slice(space + 1) };
  }

  it('reach each other by the address of the service, through both sidecars with mutual TLS', async () => {
    const answer = await poll(
      async () => {
        const { status, body } = await call(`http://${clusterIp}/hello`);
        return status === '200' ? JSON.parse(body) : undefined;
      },
      { what: 'the server answers', ...(daemons[0] && { signal: daemons[0].over }) },
    );

    expect(answer.path).toBe('/hello');
    expect(answer.caller).toContain('By=spiffe://cluster.local/ns/shop/sa/server;');
    expect(answer.caller).toContain('URI=spiffe://cluster.local/ns/shop/sa/client');
  });

  it('reach the server’s pod also without mutual TLS, as the mesh is permissive', async () => {
    const { stdout } = await run('curl', ['-s', `http://${network.addressOf(serverHost)}:${appPort}/plain`]);

    expect(JSON.parse(stdout)).toEqual({ path: '/plain' });
  });

  it('have an Envoy each that the control plane shows as synced', async () => {
    const states = JSON.parse(await mesh.monitoring('/debug/syncz'));

    expect(states).toMatchObject([{ proxy: 'client-v1.shop' }, { proxy: 'server-v1.shop' }]);
    for (const { listener_sent: sent, listener_acked: acked } of states) expect(acked).toBe(sent);
    expect(await mesh.metric('pilotless_gateway_encoded_total')).toBe(0);
  });
});

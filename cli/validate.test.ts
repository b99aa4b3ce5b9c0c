import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from '../test/fixtures/command-line.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotless-validate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Without the folder, which is another one in every run. */
const validate = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await commandLine('validate', ...args);
  return { exitCode, stdout: stdout.replaceAll(`${folder}/`, ''), stderr: stderr.replaceAll(`${folder}/`, '') };
};

const entry = (name: string, address: string): string => `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: ${name}, namespace: shop}
spec:
  address: ${address}
  ports:
    http: 80
`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n';

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: workloadentries.networking.istio.io}
spec:
  group: networking.istio.io
  names: {kind: WorkloadEntry, plural: workloadentries}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              address: {type: string, maxLength: 12}
              ports: {type: object, additionalProperties: {type: integer, maximum: 79}}
`;

describe('pilotless validate', () => {
  it('says what it looked at where all is well', async () => {
    const path = write('good.yaml', `${entry('a', '10.0.0.1')}---\n${service}`);

    expect(await validate('-f', path)).toMatchObject({
      exitCode: 0,
      stdout: '1 object checked, 0 errors, 0 warnings, 1 object of other kinds passed over\n',
    });
  });

  it('names file, line, object, field and reason of all that is wrong in a folder, in order', async () => {
    write('b.yaml', `${entry('a', '10.0.0.1')}---\n${entry('b', 'a_b')}`);
    write(
      'a/list.json',
      '{"apiVersion": "v1", "kind": "List",\n"items": [\n{"apiVersion": "networking.istio.io/v1", "kind": "WorkloadEntry"}]}',
    );
    write('c.yaml', 'a: [\n---\njust text\n');

    expect(await validate('-f', folder)).toMatchObject({
      exitCode: 1,
      stdout: [
        'a/list.json:3: error: WorkloadEntry: spec.address: address is required',
        'b.yaml:13: error: WorkloadEntry shop/b: spec.address: endpoint address "a_b" is not a valid FQDN or an IP address',
        'c.yaml:1: error: the document that begins here: error converting YAML to JSON: yaml: line 1: unexpected end of the stream within a flow collection',
        'c.yaml:3: error: is no Kubernetes object: an object has apiVersion, kind and metadata',
        '3 objects checked, 4 errors, 0 warnings',
        '',
      ].join('\n'),
    });
  });

  it('accepts what it only warns of', async () => {
    const path = write(
      'warning.yaml',
      'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: a}\nspec: {network: net}\n',
    );

    expect(await validate('-f', path)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('warning.yaml:4: warning: WorkloadEntry a:'),
    });
  });

  it('refuses kinds that Istio does not have, but leaves those of its installer alone', async () => {
    const path = write(
      'kinds.yaml',
      'apiVersion: networking.istio.io/v1\nkind: Gatewayy\n---\napiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n',
    );

    expect(await validate('-f', path)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^kinds\.yaml:2: error: Gatewayy: kind: unrecognized type .*\n1 object checked, 1 error, /),
    });
  });

  it('applies the schema of definitions before its own rules, and says nothing twice', async () => {
    const path = write('a.yaml', entry('a', 'unix:///long/way'));
    const crds = write('crds.yaml', definition);

    expect(await validate('-f', path, '--crds', crds)).toEqual({
      exitCode: 1,
      stderr: '',
      stdout: [
        'a.yaml:5: error: WorkloadEntry shop/a: spec.address: Invalid value: may not be longer than 12 chars',
        'a.yaml:6: error: WorkloadEntry shop/a: spec.ports: unix endpoint unix:///long/way must not include ports',
        'a.yaml:7: error: WorkloadEntry shop/a: spec.ports.http: Invalid value: should be less than or equal to 79',
        '1 object checked, 3 errors, 0 warnings',
        '',
      ].join('\n'),
    });
  });

  it('says in one line that no schema was checked', async () => {
    const { stderr } = await validate('-f', write('a.yaml', entry('a', '10.0.0.1')));

    expect(stderr).toMatch(/^pilotless: the schema of Istio's CRDs is not checked: .*--crds.*\n$/);
  });

  it('checks the settings of a mesh in their ConfigMap', async () => {
    const mesh = 'trustDomain: a_b\n    trustDomains: [x]\n    defaultConfig: {proxyAdminPort: 70000}\n';
    const networks = 'networks: {net: {gateways: [{address: 1.2.3.4}]}}\n';
    const path = write(
      'istio.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata:\n  mesh: |-\n    ${mesh}  meshNetworks: '${networks.trim()}'\n`,
    );

    expect(await validate('-f', path)).toMatchObject({
      exitCode: 1,
      stdout: [
        'istio.yaml:5: error: ConfigMap istio: data.mesh.defaultConfig: invalid proxy admin port: port number 70000 must be in the range 1..65535',
        'istio.yaml:5: error: ConfigMap istio: data.mesh.trustDomain: trustDomain: trust domain name "a_b" invalid',
        'istio.yaml:5: warning: ConfigMap istio: data.mesh: unknown field "trustDomains" in istio.mesh.v1alpha1.MeshConfig',
        'istio.yaml:9: error: ConfigMap istio: data.meshNetworks.networks.net.gateways[0].port: invalid network net: port number 0 must be in the range 1..65535',
        '1 object checked, 3 errors, 1 warning',
        '',
      ].join('\n'),
    });
  });

  it('prints problems as JSON', async () => {
    const { stdout } = await validate('-o', 'json', '-f', write('a.yaml', entry('a', 'a_b')));

    expect(JSON.parse(stdout)).toEqual([
      {
        file: 'a.yaml',
        line: 5,
        severity: 'error',
        code: expect.any(String),
        object: 'WorkloadEntry shop/a',
        path: 'spec.address',
        message: 'endpoint address "a_b" is not a valid FQDN or an IP address',
      },
    ]);
  });

  it.each([
    ['no file', [], '--filename'],
    ['a file that is not there', ['-f', '/no/such.yaml'], '/no/such.yaml does not exist'],
    ['another format', ['-f', '-', '-o', 'xml'], 'Allowed choices are text, json'],
  ])('fails with %s', async (_what, args, message) => {
    expect(await validate(...args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  });

  it('wants definitions where it is promised some', async () => {
    const path = write('a.yaml', service);

    expect(await validate('-f', path, '--crds', path)).toMatchObject({
      exitCode: 2,
      stderr: 'pilotless: a.yaml holds no CustomResourceDefinition; give those of Istio with --crds\n',
    });
  });
});

import { isJsonObject, type JsonObject } from '../../../shared/lib/json.ts';
import { Backend } from './backend.ts';
import type { Envoy, NodeOverlay } from './envoy.ts';
import { freePort, TestMesh } from './mesh.ts';
import { type Instance, podObjects, serviceOfPods } from './objects.ts';
import { type Answer, type Call, send, sendMany } from './requests.ts';

/** What the rows of one file share. */
export interface RowMeshOptions {
  /** First three numbers of the backends’ addresses on loopback; each file has its own. */
  readonly subnet: string;
  /** A backend each. */
  readonly versions: readonly string[];
  /** More about the pod of a version. */
  readonly pods?: Readonly<Record<string, Partial<Instance>>>;
  readonly objects?: readonly JsonObject[];
  readonly meshConfig?: JsonObject;
  /** What the client’s Envoy says of itself besides. */
  readonly node?: NodeOverlay;
}

/** A row of the table of features: a host of its own in the mesh of the file, which all backends serve. */
export class Row {
  readonly host: string;
  /** Of the service, where the client’s Envoy listens; `otherPort` leads to the same backends. */
  readonly port: number;
  readonly otherPort: number;
  /** Nobody’s but the row’s: a listener for TCP has its port alone. */
  readonly ownPort: number;
  readonly envoy: Envoy;
  readonly mesh: TestMesh;
  readonly backends: readonly Backend[];

  constructor(values: RowNames & Pick<Row, 'envoy' | 'mesh' | 'backends'>) {
    this.host = values.host;
    this.port = values.port;
    this.otherPort = values.otherPort;
    this.ownPort = values.ownPort;
    this.envoy = values.envoy;
    this.mesh = values.mesh;
    this.backends = values.backends;
  }

  send(call: Partial<Call> = {}): Promise<Answer> {
    return send(this.#call(call));
  }

  sendMany(count: number, call: Partial<Call> = {}): Promise<readonly Answer[]> {
    return sendMany(this.#call(call), count);
  }

  /** The version that answered, or status and body of another answer. */
  async version(call: Partial<Call> = {}): Promise<string> {
    const { status, body } = await this.send(call);
    return status === 200 ? body : `${status} ${body}`;
  }

  backend(version: string): Backend {
    const found = this.backends.find((backend) => backend.version === version);
    if (found === undefined) throw new Error(`no backend ${version}`);
    return found;
  }

  /** How many requests the backends got since the row began. */
  get requests(): number {
    return this.backends.reduce((sum, { requests }) => sum + requests, 0);
  }

  /** How many requests each backend got since the row began. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.backends.map(({ version, requests }) => [version, requests]));
  }

  /** Sum of the statistics of the row’s cluster whose name matches. */
  clusterStat(name: string, port = this.port): Promise<number> {
    return this.envoy.stat(`^cluster\\.outbound\\|${port}\\|\\|${this.host}\\..*\\.${name}$`);
  }

  #call(call: Partial<Call>): Call {
    return { port: this.port, host: this.host, ...call };
  }
}

type RowNames = Pick<Row, 'host' | 'port' | 'otherPort' | 'ownPort'>;

/** What a row’s objects may name. */
export interface RowPlace extends RowNames {
  readonly instances: readonly Instance[];
  /** Its Service in the place of the usual one, with more fields in its `spec`. */
  service(spec: JsonObject, instances?: readonly Instance[]): readonly JsonObject[];
}

/**
 * One control plane and one client’s Envoy for all rows of a file: what a row needs is known before the first one runs, so that nothing is started
 * or waited for in between. Rows see each other’s backends, which start afresh for each.
 */
export class RowMesh {
  readonly #options: RowMeshOptions;
  readonly #definitions: ((place: RowPlace) => readonly JsonObject[])[] = [];
  readonly #ports = { port: 0, otherPort: 0 };
  readonly #ownPorts: number[] = [];
  #backends: readonly Backend[] = [];
  #mesh: TestMesh | undefined;
  #envoy: Envoy | undefined;

  constructor(options: RowMeshOptions) {
    this.#options = options;
  }

  /** A test with objects of its own beside the Service of its host. */
  row(objects: (place: RowPlace) => readonly JsonObject[], check: (row: Row) => Promise<void>): () => Promise<void> {
    const index = this.#definitions.push(objects) - 1;
    return () => {
      for (const backend of this.#backends) backend.reset();
      const [mesh, envoy] = [this.#mesh, this.#envoy];
      if (mesh === undefined || envoy === undefined) throw new Error('the mesh is not started');
      return check(new Row({ ...this.#namesOf(index), envoy, mesh, backends: this.#backends }));
    };
  }

  async start(): Promise<void> {
    const { subnet, versions, pods = {}, objects = [], meshConfig = {}, node } = this.#options;
    this.#ports.port = await freePort();
    this.#ports.otherPort = await freePort();
    for (const _ of this.#definitions) this.#ownPorts.push(await freePort());
    this.#backends = await Promise.all(versions.map((version, index) => new Backend(version, `${subnet}.${index + 1}`).listen()));
    const instances = this.#backends.map(({ version, address, port }) => ({ version, address, port, ...pods[version] }));
    const shared = [...podObjects('web', instances), ...objects];
    this.#mesh = await TestMesh.create({ shared, rows: this.#rowObjects(instances) }, { meshConfig });
    this.#envoy = await this.#mesh.client('delta', { node });
    await this.#envoy.live();
  }

  async stop(): Promise<void> {
    await this.#mesh?.close();
    for (const backend of this.#backends) backend.close();
  }

  /** Resources that Envoy refused, and resources that were encoded for a stream: none of both, whatever the rows were. */
  async faults(): Promise<readonly number[]> {
    const names = ['pilot_total_xds_rejects', 'pilotless_gateway_encoded_total'];
    return Promise.all(names.map((name) => this.#mesh?.metric(name) ?? Number.NaN));
  }

  #rowObjects(instances: readonly Instance[]): readonly JsonObject[] {
    return this.#definitions.flatMap((define, index) => {
      const place = rowPlace(this.#namesOf(index), instances);
      const own = define(place);
      const hasService = own.some(({ kind, metadata }) => kind === 'Service' && isJsonObject(metadata) && metadata['name'] === place.host);
      return [...(hasService ? [] : place.service({})), ...own];
    });
  }

  #namesOf(index: number): RowNames {
    return { host: `row-${index + 1}`, ...this.#ports, ownPort: this.#ownPorts[index] ?? 0 };
  }
}

function rowPlace(names: RowNames, all: readonly Instance[]): RowPlace {
  const { host: name, port, otherPort } = names;
  const ports = { http: port, 'http-other': otherPort };
  const service = (spec: JsonObject, instances = all) => serviceOfPods({ name, app: 'web', ports, instances, spec });
  return { ...names, instances: all, service };
}

import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { ContentHash } from '../../shared/lib/hash.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { type Origin, originText } from '../../shared/snapshot/origins.ts';
import type { ClassKey } from '../../shared/snapshot/projection.ts';
import type { ServingSnapshot } from '../../shared/snapshot/snapshot.ts';
import type { Clock } from './clock.ts';
import { Connected, countPush } from './metrics.ts';
import { classOf } from './node.ts';
import { Outbox } from './outbox.ts';
import { type DebugRequest, Session, type SessionListener, type Transport } from './session.ts';
import { Targets, withoutSecrets } from './stream/content.ts';
import type { Nack, SendEffect } from './stream/state.ts';

export interface GatewayOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Asks for a snapshot that has a class for the node; the snapshot itself comes by {@link Gateway.serve}. */
  readonly requestClass: (node: JsonObject) => Promise<void>;
  /** The objects that made a resource of the served snapshot. */
  readonly originsOf: (hash: ContentHash) => Promise<readonly Origin[]>;
  /** Whether private keys may go to whoever connects. */
  readonly servesSecrets: boolean;
  /** Answers a request for one of `istio.io/debug…`. */
  readonly answerDebug: (session: Session, request: DebugRequest) => void;
}

/** A refusal with what made the refused resources. */
export interface NackRecord extends Nack {
  readonly connectionId: string;
  /** `VirtualService default/reviews`, sorted. */
  readonly objects: readonly string[];
}

/** What the gateway did since its start. */
export interface GatewayCounters {
  readonly responses: number;
  readonly resources: number;
  readonly bytes: number;
  readonly nacks: number;
  /** Messages that the gateway made itself because nobody has the resource; 0 where proxies name only what there is. */
  readonly encoded: number;
}

const retryMs = 5_000;
const maxNacks = 1_000;

/** Streams bytes of the served snapshot to proxies. Knows classes and bytes, nothing of what they mean. */
export class Gateway implements SessionListener {
  readonly sessions = new Set<Session>();
  /** The last ones, oldest first. */
  readonly nacks: NackRecord[] = [];
  readonly #options: GatewayOptions;
  #snapshot: ServingSnapshot | undefined;
  readonly #targets = new Targets();
  readonly #outbox: Outbox;
  readonly #connected: Connected;
  /** Classes that were asked for and are not answered, one call each. */
  readonly #wanted = new Set<string>();
  #counters: GatewayCounters = { responses: 0, resources: 0, bytes: 0, nacks: 0, encoded: 0 };
  #opened = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.clock);
    this.#connected = new Connected(options.metrics);
  }

  get counters(): GatewayCounters {
    return this.#counters;
  }

  /** A new stream. The caller gives it what arrives, and tells it when the transport is gone. */
  open(transport: Transport): Session {
    this.#opened += 1;
    const session = new Session(this.#opened, transport, { clock: this.#options.clock, outbox: this.#outbox, listener: this });
    this.sessions.add(session);
    return session;
  }

  close(session: Session): void {
    session.end();
    this.sessions.delete(session);
    this.#connected.left(session);
  }

  /** Serves another snapshot: every stream is led to what its class has there, and a stream whose class is not in it stays where it is. */
  serve(snapshot: ServingSnapshot): void {
    this.#snapshot = snapshot;
    this.#targets.take(snapshot.bodies);
    for (const session of this.sessions) this.onNode(session);
  }

  /** The classes that connected proxies are of, with a node of each. */
  connectedClasses(): ReadonlyMap<ClassKey, JsonObject> {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return new Map();
    const nodes = [...this.sessions].map(({ node }) => node).filter((node) => node !== undefined);
    return new Map(nodes.map((node) => [classOf(snapshot, node).key, node]));
  }

  onNode(session: Session): void {
    const { node } = session;
    if (node === undefined) return;
    this.#connected.came(session);
    const found = this.#snapshot === undefined ? { key: '' } : classOf(this.#snapshot, node);
    if ('value' in found && found.value !== undefined)
      session.setTarget(this.#targets.of(this.#options.servesSecrets ? found.value : withoutSecrets(found.value)));
    else this.#want(found.key, node);
  }

  onSend(_session: Session, { typeUrl, resources, shells }: SendEffect, bytes: number): void {
    countPush(this.#options.metrics, typeUrl);
    this.#options.metrics.count('pilotless_gateway_encoded_total', {}, shells);
    const { responses, resources: sent, bytes: total, encoded, nacks } = this.#counters;
    this.#counters = { responses: responses + 1, resources: sent + resources.size, bytes: total + bytes, nacks, encoded: encoded + shells };
  }

  onNack(session: Session, nack: Nack): void {
    this.#counters = { ...this.#counters, nacks: this.#counters.nacks + 1 };
    this.#options.metrics.count('pilot_total_xds_rejects');
    void this.#record(session.connectionId, nack);
  }

  onDebug(session: Session, request: DebugRequest): void {
    this.#options.answerDebug(session, request);
  }

  async #record(connectionId: string, nack: Nack): Promise<void> {
    const objects = await this.#objectsOf(nack);
    this.nacks.push({ ...nack, connectionId, objects });
    this.nacks.splice(0, this.nacks.length - maxNacks);
    const { typeUrl, version, message, suspects } = nack;
    const resources = suspects.map(({ name }) => name);
    this.#options.log.warn('a proxy refused resources', { connectionId, typeUrl, version, cause: message, resources, objects });
  }

  async #objectsOf({ suspects }: Nack): Promise<readonly string[]> {
    try {
      const origins = await Promise.all(suspects.map(({ hash }) => this.#options.originsOf(hash)));
      return [...new Set(origins.flat().map(originText))].sort();
    } catch (caught) {
      this.#options.log.warn('the origins of refused resources are not known', { error: ControlPlaneError.from(caught) });
      return [];
    }
  }

  /** Holds the streams of an unknown class and asks for it once, whatever their number. */
  #want(key: string, node: JsonObject): void {
    if (this.#wanted.has(key)) return;
    this.#wanted.add(key);
    this.#options.log.info('a node of an unknown class is held', { node: node['id'] });
    this.#options.requestClass(node).then(
      () => this.#retry(key),
      (caught: unknown) => {
        this.#options.log.warn('a class cannot be compiled now', { node: node['id'], error: ControlPlaneError.from(caught) });
        this.#retry(key);
      },
    );
  }

  /** An answer that brought no class is asked for again, after a while and only for streams that still wait. */
  #retry(key: string): void {
    this.#options.clock.after(retryMs, () => {
      this.#wanted.delete(key);
      for (const session of this.sessions) if (session.state.targetId === '') this.onNode(session);
    });
  }
}

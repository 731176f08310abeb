import { createHmac } from 'node:crypto';
import type {
  DeliveredEvent,
  Delivery,
  DeliverySignature,
  LoggedEvent,
  ReadDelivery,
  RecordReference,
  WebhooksCapability,
} from '@talentbridge/contracts';
import { expect } from 'vitest';
import { type CallbackAnswer, CallbackReceiver } from './callback-receiver.js';
import { type CheckWorld, NotConcerned } from './check.js';
import { MirrorWorld, some } from './mirror-world.js';
import type { SimulatedSubscription, SimulatedWebhooks } from './simulated-account.js';
import type { PluginConnection } from './start-connection.js';

/** An event as it arrived at a callback address. */
export interface Arrival {
  readonly delivery: Delivery;
  readonly event: DeliveredEvent;
  readonly signature?: DeliverySignature;
}

/** A challenge, as the plugin reads it. */
export type ReadChallenge = Extract<ReadDelivery, { readonly kind: 'challenge' }>;

/** What a check of Webhooks works with: a world, seen as one that tells what changes. */
export class WebhookWorld {
  readonly vendor: SimulatedWebhooks;
  readonly connection: PluginConnection;
  readonly webhooks: WebhooksCapability;
  constructor(readonly world: CheckWorld) {
    const { account, connection } = world;
    if (!account.webhooks) throw new Error('The plugin has Webhooks: its subject must describe `webhooks`.');
    this.vendor = account.webhooks;
    this.connection = connection;
    this.webhooks = connection.webhooks;
  }

  /** The same world, for what changes in it and is read again. A check that asks for it does not concern a plugin without Rediscovery. */
  get mirroring(): MirrorWorld {
    if (!this.#isMirrored) throw new NotConcerned('The plugin has no Rediscovery: its events name no records.');
    return new MirrorWorld(this.world);
  }

  get #isMirrored(): boolean {
    return this.world.plugin.capabilities.includes('rediscovery');
  }

  /** Somewhere to deliver to, and no subscription yet. */
  callback(): Promise<Callback> {
    // Before there is a subscription, so that nobody is told of it.
    if (this.#isMirrored && this.mirroring.vendor.candidates().length === 0) this.mirroring.vendor.populate(3);
    return Callback.open(this);
  }

  /** A subscription as the hub makes it, that delivers. */
  async subscription(): Promise<Callback> {
    const callback = await this.callback();
    await callback.subscribe();
    await callback.activate();
    return callback;
  }

  /**
   * Changes a candidate, as a user of the ATS does, or makes another capability's business happen where none are mirrored, and waits
   * until whoever must be told was told.
   */
  async change(): Promise<void> {
    if (this.#isMirrored) {
      const { vendor } = this.mirroring;
      vendor.changeCandidate(some(vendor.candidates(), 0, 'candidates').remoteId);
    } else if (this.vendor.notify) this.vendor.notify();
    else throw new Error('The plugin has no Rediscovery: its subject must describe `webhooks.notify`.');
    await this.vendor.settled();
  }

  /** What the vendor has of a subscription, without the plugin's help. */
  held(remoteId: string): SimulatedSubscription {
    const held = this.vendor.subscriptions().find((each) => each.remoteId === remoteId);
    if (!held) throw new Error(`The vendor has no subscription ${remoteId}, which the plugin says it made.`);
    return held;
  }

  /** What the vendor logged since a time, over all pages, as the hub collects it. */
  async log(remoteId: string, since: string): Promise<readonly LoggedEvent[]> {
    const { log } = this.webhooks;
    if (!log) throw new NotConcerned('The ATS remembers no deliveries.');
    const events: LoggedEvent[] = [];
    const seen = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const page = await log(this.connection.ctx, { remoteId, since, ...(cursor === undefined ? {} : { cursor }) });
      events.push(...page.events);
      if (page.cursor === undefined) return events;
      expect(seen, 'a cursor that came before leads in a circle').not.toContain(page.cursor);
      seen.add(page.cursor);
      cursor = page.cursor;
    }
  }
}

/**
 * One callback address: takes what arrives there, asks the plugin what it is, and answers as the hub does: a handshake while
 * its subscription is being activated, a challenge as soon as the key is known, an event whose signature fits, and nothing else.
 */
export class Callback implements AsyncDisposable {
  /** Events that were taken, the oldest first. */
  readonly arrived: Arrival[] = [];
  /** Events that were turned away. */
  readonly refused: Arrival[] = [];
  /** Handshakes that came while the hub was to be reached. */
  readonly handshakes: Delivery[] = [];
  /** Challenges that were answered. */
  readonly challenges: { readonly delivery: Delivery; readonly read: ReadChallenge }[] = [];
  /** Keys that signatures are checked with, the newest first. Empty: none are, as before the hub has one. */
  keys: readonly string[];
  /** Answers that the hub is not to be reached. */
  away = false;
  /** As the plugin is given it: with a placeholder of the token. */
  readonly callbackUrl: string;
  #remoteId: string | undefined;
  #activating = false;

  private constructor(
    private connection: PluginConnection,
    private readonly receiver: CallbackReceiver,
  ) {
    this.callbackUrl = receiver.urlWith(connection.conceal('webhook', receiver.token));
    const { signingKey } = connection.webhooks;
    this.keys = signingKey === undefined ? [] : [connection.reveal(signingKey)];
  }

  /** Listens; nothing is subscribed yet. */
  static async open(world: WebhookWorld): Promise<Callback> {
    const receiver = await CallbackReceiver.start((delivery) => callback.#answer(delivery));
    const callback = new Callback(world.connection, receiver);
    return callback;
  }

  /** The address as it must arrive at the vendor. */
  get realUrl(): string {
    return this.receiver.urlWith(this.receiver.token);
  }

  /** The vendor's id of the subscription. */
  get remoteId(): string {
    if (this.#remoteId === undefined) throw new Error('Nothing is subscribed yet.');
    return this.#remoteId;
  }

  /** Deliveries are read, and requests made, by another connection from now on. */
  through(connection: PluginConnection): void {
    this.connection = connection;
  }

  /** Makes the subscription; from now on signatures are checked with its key. */
  async subscribe(): Promise<void> {
    const { connection } = this;
    const { remoteId, secret } = await connection.webhooks.subscribe(connection.ctx, { callbackUrl: this.callbackUrl });
    this.#remoteId = remoteId;
    if (secret !== undefined && connection.webhooks.signingKey === undefined) this.keys = [connection.reveal(secret)];
  }

  /** Lets deliveries begin, where they do not by themselves. */
  async activate(): Promise<void> {
    const { connection } = this;
    this.#activating = true;
    try {
      await connection.webhooks.activate?.(connection.ctx, this.remoteId);
    } finally {
      this.#activating = false;
    }
  }

  /** Every record that an event named which arrived, each once. */
  get references(): readonly RecordReference[] {
    const named = this.arrived.flatMap(({ event }) => event.records);
    return [...new Map(named.map((reference) => [`${reference.kind} ${reference.remoteId}`, reference])).values()];
  }

  /** Everything that the events say which arrived, each once: records, and notices to other capabilities. */
  get said(): readonly string[] {
    const said = this.arrived.flatMap(({ event: { records, notices = [] } }) => [
      ...records.map(({ kind, remoteId }) => `${kind} ${remoteId}`),
      ...notices.map(({ capability, id }) => `for ${capability}: ${id}`),
    ]);
    return [...new Set(said)];
  }

  /** The event that arrived last; there must be one. */
  get last(): Arrival {
    const last = this.arrived.at(-1);
    if (!last) throw new Error(`No event arrived${this.refused.length > 0 ? ' whose signature fits' : ''}.`);
    return last;
  }

  async #answer(delivery: Delivery): Promise<CallbackAnswer> {
    const { webhooks, ctx } = this.connection;
    const read = await webhooks.read(ctx, delivery);
    if (this.away) {
      if (read.kind === 'event') this.refused.push({ delivery, ...read });
      return { status: 503 };
    }
    if (read.kind === 'handshake') {
      this.handshakes.push(delivery);
      return this.#activating ? read.answer : { status: 404 };
    }
    if (read.kind === 'challenge') {
      const [key] = this.keys;
      if (key === undefined || !CHALLENGE.test(read.signed)) return { status: 400 };
      this.challenges.push({ delivery, read });
      const { fields, signatureField } = read.answer;
      const signature = createHmac('sha256', key).update(read.signed).digest(read.encoding);
      const body = JSON.stringify({ ...fields, [signatureField]: signature });
      return { status: 200, headers: { 'content-type': 'application/json' }, body };
    }
    if (read.kind === 'unknown' || delivery.method === 'GET') return { status: 400 };
    const arrival = { delivery, ...read };
    if (this.keys.length > 0 && !fits(read.signature, this.keys)) {
      this.refused.push(arrival);
      return { status: 401 };
    }
    this.arrived.push(arrival);
    return { status: webhooks.limits.acknowledgeWith ?? 200 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.receiver[Symbol.asyncDispose]();
  }
}

/** What the hub signs for whoever asks, and therefore never takes for the text of an event. */
export const CHALLENGE = /^[\w-]{1,100}$/;

/** Whether a signature was made with one of the keys, as the hub finds out. */
export function fits(signature: DeliverySignature | undefined, keys: readonly string[]): boolean {
  if (signature === undefined || CHALLENGE.test(signature.signed)) return false;
  const { signed, encoding, given } = signature;
  return keys.some((key) => {
    const expected = createHmac('sha256', key).update(signed).digest();
    // Bytes are compared: the case of hexadecimal digits says nothing.
    return given.some((text) => Buffer.from(text, encoding).equals(expected));
  });
}

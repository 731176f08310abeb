import http from 'node:http';
import https from 'node:https';
import { withUnknownProperties } from '@talentbridge/testkit/simulator';
import type { Happening } from './account-behaviour.js';
import type { SimulatedWebhook } from './records.js';
import { newId } from './vendor-id.js';

/** A receiver must answer within this time (JobScore sheet §7, SECONDARY). */
const ANSWER_WITHIN_MS = 10_000;

/** A webhook whose deliveries fail for so long is disabled (JobScore sheet §7, SECONDARY). */
const DISABLED_AFTER_MS = 60 * 24 * 60 * 60_000;

/** How long to wait after each failure, in minutes; then always the last. That there is a schedule is SECONDARY, this one INFERRED. */
const PAUSES_MIN = [1, 5, 30, 2 * 60, 6 * 60, 24 * 60] as const;

/** Deliveries to one webhook at once. Those that begin together arrive in any order. */
const AT_ONCE = 32;

/** How the next deliveries go wrong. Default of each: none does. */
export interface Mishaps {
  /** So many are never made. */
  readonly lose?: number | undefined;
  /** So many are made twice. */
  readonly double?: number | undefined;
  /** So many are held back, then made one after the other, the last one first. */
  readonly reorder?: number | undefined;
}

/** What became of the deliveries. */
export interface DeliveryCounts {
  readonly delivered: number;
  /** Tries that were not answered with a 2xx in time. */
  readonly failed: number;
  readonly lost: number;
  /** To be tried again later. */
  readonly waiting: number;
  /** Held back until there are as many as shall be reordered. */
  readonly held: number;
}

/** One event on its way to one webhook. */
interface Delivery {
  readonly webhook: SimulatedWebhook;
  readonly body: string;
  /** How often it failed. */
  failures: number;
  /** When it is tried again, in milliseconds since the epoch. */
  dueAt: number;
}

/** What goes to one webhook: each batch one delivery after the other. */
interface Lane {
  readonly batches: Set<readonly Delivery[]>;
  busy: number;
}

/** Delivers what happened to webhooks, and tries again what failed, by the simulator's clock (JobScore sheet §7). */
export class WebhookSender {
  readonly #lanes = new Map<SimulatedWebhook, Lane>();
  readonly #waiting = new Set<Delivery>();
  readonly #underWay = new Map<Delivery, { readonly call: AbortController; readonly until: number }>();
  readonly #failingSince = new WeakMap<SimulatedWebhook, number>();
  readonly #newest = new WeakMap<SimulatedWebhook, string>();
  readonly #held: Delivery[] = [];
  #mishaps = { lose: 0, double: 0, reorder: 0 };
  #counts = { delivered: 0, failed: 0, lost: 0 };
  #alarm: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined;
  #settling: (() => void)[] = [];

  /** @param now The simulator's time, in milliseconds since the epoch. */
  constructor(private readonly now: () => number) {}

  /** Delivers an event to each of these webhooks, soon. */
  send(webhooks: readonly SimulatedWebhook[], happening: Happening): void {
    const event = {
      id: newId(),
      event_type: happening.event_type,
      created_on: new Date(this.now()).toISOString(),
      data: happening.data,
    };
    const body = JSON.stringify(withUnknownProperties(event));
    for (const webhook of webhooks) {
      this.#newest.set(webhook, body);
      this.#begin({ webhook, body, failures: 0, dueAt: 0 });
    }
  }

  /** Delivers the newest event of a webhook once more; nothing when there was none. */
  sendAgain(webhook: SimulatedWebhook): void {
    const body = this.#newest.get(webhook);
    if (body !== undefined) this.#enqueue([{ webhook, body, failures: 0, dueAt: 0 }]);
  }

  /** Lets the next deliveries go wrong. Deliveries that are held back are made first. */
  misbehave({ lose = 0, double = 0, reorder = 0 }: Mishaps): void {
    this.#release();
    this.#mishaps = { lose, double, reorder };
  }

  /** What became of the deliveries so far. */
  counts(): DeliveryCounts {
    const waiting = [...this.#waiting].filter(({ webhook }) => webhook.enabled).length;
    return { ...this.#counts, waiting, held: this.#held.length };
  }

  /** Resolves when nothing is under way: everything was tried that is due and not held back. */
  async settled(): Promise<void> {
    if (this.#lanes.size > 0) await new Promise<void>((resolve) => this.#settling.push(resolve));
  }

  /** Forgets everything, and breaks off what is under way. */
  reset(): void {
    clearTimeout(this.#alarm?.timer);
    this.#alarm = undefined;
    this.#waiting.clear();
    this.#held.length = 0;
    this.#mishaps = { lose: 0, double: 0, reorder: 0 };
    this.#counts = { delivered: 0, failed: 0, lost: 0 };
    this.#lanes.clear();
    const calls = [...this.#underWay.values()];
    this.#underWay.clear();
    for (const { call } of calls) call.abort();
    this.#settle();
  }

  /** Breaks off whatever took too long, and tries again what is due. Call it when time was moved ahead. */
  wake(): void {
    const now = this.now();
    for (const { call, until } of this.#underWay.values()) if (until <= now) call.abort();
    for (const delivery of this.#waiting) {
      if (delivery.dueAt > now) continue;
      this.#waiting.delete(delivery);
      if (delivery.webhook.enabled) this.#enqueue([delivery]);
    }
    clearTimeout(this.#alarm?.timer);
    this.#alarm = undefined;
    for (const { until } of this.#underWay.values()) if (until > now) this.#alarmAt(until);
    for (const { dueAt } of this.#waiting) this.#alarmAt(dueAt);
  }

  #begin(delivery: Delivery): void {
    if (this.#mishaps.lose > 0) {
      this.#mishaps.lose -= 1;
      this.#counts.lost += 1;
    } else if (this.#mishaps.reorder > 0) {
      this.#held.push(delivery);
      if (this.#held.length === this.#mishaps.reorder) {
        this.#mishaps.reorder = 0;
        this.#release();
      }
    } else {
      this.#enqueue([delivery]);
      if (this.#mishaps.double > 0) {
        this.#mishaps.double -= 1;
        this.#enqueue([{ ...delivery }]);
      }
    }
  }

  #release(): void {
    const held = this.#held.splice(0).reverse();
    for (const batch of Map.groupBy(held, ({ webhook }) => webhook).values()) this.#enqueue(batch);
  }

  #enqueue(batch: readonly Delivery[]): void {
    const [first] = batch;
    if (!first) return;
    const lane = this.#lanes.get(first.webhook) ?? { batches: new Set(), busy: 0 };
    this.#lanes.set(first.webhook, lane);
    lane.batches.add(batch);
    if (lane.busy < AT_ONCE) void this.#work(first.webhook, lane);
  }

  async #work(webhook: SimulatedWebhook, lane: Lane): Promise<void> {
    lane.busy += 1;
    for (const batch of lane.batches) {
      lane.batches.delete(batch);
      for (const delivery of batch) {
        await this.#try(delivery);
        // A reset has swept everything away meanwhile.
        if (this.#lanes.get(webhook) !== lane) return;
      }
    }
    lane.busy -= 1;
    if (lane.busy > 0) return;
    this.#lanes.delete(webhook);
    if (this.#lanes.size === 0) this.#settle();
  }

  #settle(): void {
    for (const resolve of this.#settling.splice(0)) resolve();
  }

  async #try(delivery: Delivery): Promise<void> {
    const { webhook } = delivery;
    if (!webhook.enabled) return;
    const call = new AbortController();
    this.#underWay.set(delivery, { call, until: this.now() + ANSWER_WITHIN_MS });
    this.#alarmAt(this.now() + ANSWER_WITHIN_MS);
    const status = await statusOf(webhook.target_url, delivery.body, call.signal);
    // Not there any more: everything was reset meanwhile.
    if (!this.#underWay.delete(delivery)) return;
    if (status !== undefined && status >= 200 && status < 300) {
      this.#counts.delivered += 1;
      this.#failingSince.delete(webhook);
      return;
    }
    this.#counts.failed += 1;
    if (webhook.enabled) this.#fail(delivery, status);
  }

  #fail(delivery: Delivery, status: number | undefined): void {
    const { webhook } = delivery;
    const now = this.now();
    const since = this.#failingSince.get(webhook) ?? now;
    this.#failingSince.set(webhook, since);
    // 410: the receiver wants no more of it.
    if (status === 410 || now - since >= DISABLED_AFTER_MS) {
      webhook.enabled = false;
      webhook.updated_on = new Date(this.now()).toISOString();
      for (const one of this.#waiting) if (one.webhook === webhook) this.#waiting.delete(one);
      return;
    }
    const pause = PAUSES_MIN[delivery.failures] ?? 24 * 60;
    delivery.failures += 1;
    // By the full second, so that a thousand failures are looked at in one go.
    delivery.dueAt = Math.ceil((now + pause * 60_000) / 1000) * 1000;
    this.#waiting.add(delivery);
    this.#alarmAt(delivery.dueAt);
  }

  #alarmAt(at: number): void {
    if (this.#alarm && this.#alarm.at <= at) return;
    clearTimeout(this.#alarm?.timer);
    const timer = setTimeout(() => this.wake(), Math.max(0, at - this.now()));
    this.#alarm = { at, timer: timer.unref() };
  }
}

/** How a receiver answers; `undefined` when it does not. One that has moved has to be told anew: nothing is followed. */
function statusOf(url: string, body: string, signal: AbortSignal): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'JobScore-Webhooks (simulated)',
  };
  // Not `fetch`: with 500 deliveries a second it took 1.3 ms of processor time for each, and this takes 0.3 ms.
  const options = { method: 'POST', headers, signal, agent: url.startsWith('https:') ? OVER_TLS : PLAIN };
  const call = url.startsWith('https:') ? https.request(url, options) : http.request(url, options);
  call.on('response', (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode));
    response.on('error', () => resolve(undefined));
  });
  call.on('error', (error: NodeJS.ErrnoException) => {
    // A connection that the receiver had closed already says nothing about the receiver.
    const stale = call.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted;
    resolve(stale ? statusOf(url, body, signal) : undefined);
  });
  call.end(body);
  return promise;
}

const PLAIN = new http.Agent({ keepAlive: true });
const OVER_TLS = new https.Agent({ keepAlive: true });

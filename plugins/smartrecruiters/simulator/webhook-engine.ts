import { randomBytes, randomUUID } from 'node:crypto';
import { SeededRandom, withUnknownProperties } from '@talentbridge/testkit/simulator';
import { Fifo } from './fifo.js';
import { badRequest, notFound, Refusal } from './refusal.js';
import { EVENT_NAMES, type VendorEvent } from './webhook-events.js';
import { WebhookSender } from './webhook-sender.js';
import { type OutgoingEvent, SimulatedSubscription } from './webhook-subscription.js';

/** What SmartRecruiters leaves open about webhooks, and what a test or a demo wants quicker. */
export interface WebhookOptions {
  /** A minute of the plan of redeliveries, in milliseconds. Default 60,000. */
  readonly redeliveryUnitMs?: number;
  /** After so many failed tries on end a subscription is suspended (how many is NOT FOUND); 0: never. Default 1000. */
  readonly suspendAfter?: number;
  /** How long a callback address may take to answer, in milliseconds. Default 5,000 (SmartRecruiters sheet §12). */
  readonly answerWithinMs?: number;
  /** The same for the handshake. Default 20,000 (sheet §12). */
  readonly handshakeWithinMs?: number;
  /** Deliveries under way at once. Default 32. */
  readonly atOnce?: number;
  /** Tries that the log of a subscription keeps. Default 50,000. */
  readonly logSize?: number;
  /** Events that may wait to be delivered, or delivered again; what comes on top is lost. Default 200,000. */
  readonly mostWaiting?: number;
}

/** What goes wrong with events on their way, on purpose: each a share from 0 to 1. */
export interface Mishaps {
  /** Never sent. The log has it, as failed. */
  readonly lose: number;
  /** Sent twice. */
  readonly double: number;
  /** Sent after the event that comes next, or a second later when none does. */
  readonly reorder: number;
  /** For so many events from now on. Default: until something else is said. */
  readonly events?: number | undefined;
}

/** What became of events so far, counted for each subscription by itself. */
export interface WebhookTotals {
  readonly told: number;
  readonly delivered: number;
  /** Tries, not events. */
  readonly failedTries: number;
  readonly lost: number;
  readonly givenUp: number;
  /** There was no room for them. */
  readonly overflowed: number;
}

/** A user may have so many (SmartRecruiters sheet §12, CONFIRMED; the refusal is INFERRED). */
const MOST_SUBSCRIPTIONS = 20;

/**
 * Minutes before each redelivery (sheet §12, CONFIRMED): 1, 3, 10, 45, 120 and, after the ninth, 1440. Those between are
 * INFERRED.
 */
const REDELIVERIES = [1, 3, 10, 45, 120, 240, 480, 720, 1080, 1440] as const;

const HOST = 'https://api.smartrecruiters.com';
const CALM: Mishaps = { lose: 0, double: 0, reorder: 0 };
const NOTHING_YET = { told: 0, delivered: 0, failedTries: 0, lost: 0, givenUp: 0, overflowed: 0 };
const HELD_BACK_MS = 1000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Callback {
  readonly subscription: SimulatedSubscription;
  readonly event: OutgoingEvent;
  /** How often it was redelivered. */
  readonly again: number;
  /** When it happened, or was last tried, in milliseconds since the epoch. */
  readonly since: number;
}

/** The webhooks of SmartRecruiters: keeps subscriptions, and tells them what happens (SmartRecruiters sheet §12 and §18). */
export class WebhookEngine {
  readonly #subscriptions = new Map<string, SimulatedSubscription>();
  readonly #ready = new Fifo<Callback>();
  /** Those to be delivered again, by how often they were: in each the one that is due first comes first. */
  readonly #again = REDELIVERIES.map((minutes) => ({ minutes, waiting: new Fifo<Callback>() }));
  /** Put aside, to come after another. */
  #heldBack: Callback[] = [];
  #heldTimer: NodeJS.Timeout | undefined;
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];
  #mishaps: Mishaps = CALM;
  #mishapsLeft = 0;
  #totals: WebhookTotals = NOTHING_YET;
  #minuteMs: number;
  readonly #random: SeededRandom;
  readonly #sender: WebhookSender;
  readonly #options: Required<WebhookOptions>;

  /** @param now The vendor's clock, in milliseconds since the epoch. */
  constructor(
    private readonly now: () => number,
    options: WebhookOptions = {},
    seed = 1,
  ) {
    this.#options = {
      redeliveryUnitMs: 60_000,
      suspendAfter: 1000,
      answerWithinMs: 5_000,
      handshakeWithinMs: 20_000,
      atOnce: 32,
      logSize: 50_000,
      mostWaiting: 200_000,
      ...options,
    };
    this.#minuteMs = this.#options.redeliveryUnitMs;
    this.#random = new SeededRandom(seed);
    this.#sender = new WebhookSender(this.#options.atOnce);
  }

  /** What became of events so far. */
  get totals(): WebhookTotals {
    return this.#totals;
  }

  /** How many events are to be delivered again. */
  get waiting(): number {
    return this.#again.reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  /** How many are on their way now, or about to be. */
  get pending(): number {
    return this.#ready.size + this.#underWay + this.#heldBack.length;
  }

  /** The subscriptions of an account; of all accounts without one. */
  subscriptions(account?: string): readonly SimulatedSubscription[] {
    const all = [...this.#subscriptions.values()];
    return account === undefined ? all : all.filter((one) => one.account === account);
  }

  /** @throws Refusal with status 404 */
  subscription(id: string, account?: string): SimulatedSubscription {
    const found = this.#subscriptions.get(id);
    if (!found || (account !== undefined && found.account !== account)) throw notFound('Subscription');
    return found;
  }

  /**
   * Adds a subscription that delivers nothing yet.
   * @throws Refusal with status 400 for one too many, an unknown event, or an address that is not HTTPS
   */
  subscribe(
    account: string,
    owner: string,
    { callbackUrl, events }: { readonly callbackUrl: string; readonly events: readonly string[] },
  ): SimulatedSubscription {
    if (this.subscriptions(account).filter((one) => one.owner === owner).length >= MOST_SUBSCRIPTIONS) {
      throw badRequest(`There are ${MOST_SUBSCRIPTIONS} subscriptions`);
    }
    const unknown = events.find((event) => !EVENT_NAMES.has(event));
    if (unknown !== undefined) throw badRequest(`${unknown} is no event`);
    if (!isCallable(callbackUrl)) throw badRequest('callbackUrl must be an HTTPS address');
    const subscription = new SimulatedSubscription(account, owner, callbackUrl, events, this.#options.logSize);
    this.#subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  /**
   * Tries the address, and lets the subscription deliver.
   * @throws Refusal with status 400 when the address did not send the secret back (INFERRED)
   */
  async activate(subscription: SimulatedSubscription): Promise<void> {
    const secret = randomBytes(16).toString('hex');
    const answer = await this.#sender.post({
      url: subscription.callbackUrl,
      headers: { 'x-hook-secret': secret },
      body: '',
      withinMs: this.#options.handshakeWithinMs,
    });
    if (!this.#subscriptions.has(subscription.id)) throw notFound('Subscription');
    if (answer?.status !== 200 || answer.headers['x-hook-secret'] !== secret) {
      throw new Refusal(400, 'HANDSHAKE_FAILED', 'The callback address did not answer the handshake');
    }
    subscription.status = 'active';
    subscription.failures = 0;
  }

  /** Takes a subscription away, with what waits for it. */
  remove({ id }: SimulatedSubscription): void {
    this.#subscriptions.delete(id);
    this.#forgetWaiting(id);
  }

  /** Stops a subscription, as many failures do. What waits for it is lost (INFERRED). */
  suspend(subscription: SimulatedSubscription): void {
    subscription.status = 'suspended';
    this.#forgetWaiting(subscription.id);
  }

  /** Something happened: who wants to know is told, without waiting. */
  tell(account: string, { name, body, entity }: VendorEvent): void {
    if (this.#subscriptions.size === 0) return;
    for (const subscription of this.#subscriptions.values()) {
      const isWanted = subscription.account === account && subscription.events.includes(name);
      if (subscription.status !== 'active' || !isWanted) continue;
      const event = {
        id: randomUUID(),
        name,
        body: JSON.stringify(withUnknownProperties(body)),
        ...(entity === undefined ? {} : { link: `<${HOST}${entity}>; rel=self` }),
      };
      subscription.newest = event;
      this.#count({ told: 1 });
      this.#dispatch({ subscription, event, again: 0, since: this.now() });
    }
    this.#pump();
  }

  /** Delivers the newest event of a subscription once more, as if its answer had been lost. */
  deliverAgain(subscription: SimulatedSubscription): void {
    const { newest: event } = subscription;
    if (!event) return;
    this.#queue({ subscription, event, again: 0, since: this.now() });
    this.#pump();
  }

  /** Says what is to go wrong from now on. */
  setMishaps(mishaps: Mishaps): void {
    this.#mishaps = mishaps;
    this.#mishapsLeft = mishaps.events ?? Number.POSITIVE_INFINITY;
  }

  /** Makes a minute of the plan of redeliveries shorter or longer, also for what waits already. */
  setRedeliveryUnit(milliseconds: number): void {
    this.#minuteMs = milliseconds;
    this.redeliver();
  }

  /** Delivers what is due by now. To be called when the clock was moved. */
  redeliver(): void {
    const now = this.now();
    for (const { minutes, waiting } of this.#again) {
      while (waiting.front !== undefined && waiting.front.since + minutes * this.#minuteMs <= now) {
        const due = waiting.shift();
        if (due) this.#ready.push(due);
      }
    }
    this.#pump();
    this.#arm();
  }

  /** Resolves when nothing is on its way: what failed may still wait to be delivered again. */
  settled(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Forgets every subscription, and what was to be delivered. */
  reset(): void {
    this.#subscriptions.clear();
    this.#keep(() => false);
    this.#totals = NOTHING_YET;
    this.#minuteMs = this.#options.redeliveryUnitMs;
    this.#random.reset();
    this.setMishaps(CALM);
    this.#arm();
    this.#tellIdle();
  }

  /** Breaks what is under way, and delivers nothing more. */
  close(): void {
    this.reset();
    clearTimeout(this.#heldTimer);
    this.#sender.close();
  }

  /** Sends an event on its way, or into a mishap. */
  #dispatch(callback: Callback): void {
    const { lose, double, reorder } = this.#mishapsLeft > 0 ? this.#mishaps : CALM;
    this.#mishapsLeft -= 1;
    if (lose > 0 && this.#random.next() < lose) {
      const { subscription, event } = callback;
      const now = this.now();
      subscription.logTry({ at: now, successful: false, event, headers: subscription.headersOf(event, now) });
      this.#count({ lost: 1 });
      return;
    }
    if (reorder > 0 && this.#random.next() < reorder) {
      this.#heldBack.push(callback);
      this.#heldTimer ??= setTimeout(() => this.#release(), HELD_BACK_MS).unref();
      return;
    }
    this.#queue(callback);
    if (double > 0 && this.#random.next() < double) this.#queue(callback);
  }

  #queue(callback: Callback): void {
    if (this.#ready.size + this.waiting >= this.#options.mostWaiting) this.#count({ overflowed: 1 });
    else this.#ready.push(callback);
  }

  /** Begins as many deliveries as may be under way. */
  #pump(): void {
    while (this.#underWay < this.#options.atOnce) {
      const next = this.#ready.shift();
      if (next === undefined) break;
      const { subscription } = next;
      // Meanwhile removed or suspended.
      if (subscription.status !== 'active' || !this.#subscriptions.has(subscription.id)) continue;
      this.#underWay += 1;
      void this.#deliver(next).finally(() => {
        this.#underWay -= 1;
        this.#release();
        this.#tellIdle();
      });
    }
    this.#tellIdle();
  }

  async #deliver(callback: Callback): Promise<void> {
    const { subscription, event } = callback;
    const at = this.now();
    const headers = subscription.headersOf(event, at);
    const answer = await this.#sender.post({
      url: subscription.callbackUrl,
      headers: { 'content-type': 'application/json', ...headers },
      body: event.body,
      withinMs: this.#options.answerWithinMs,
    });
    if (!this.#subscriptions.has(subscription.id)) return;
    const successful = answer?.status === 202;
    subscription.logTry({ at, successful, event, headers });
    if (successful) {
      subscription.failures = 0;
      subscription.delivered += 1;
      this.#count({ delivered: 1 });
    } else {
      this.#failed(callback);
    }
  }

  #failed({ subscription, event, again }: Callback): void {
    subscription.failures += 1;
    subscription.failed += 1;
    this.#count({ failedTries: 1 });
    const plan = this.#again[again];
    if (plan === undefined) this.#count({ givenUp: 1 });
    else {
      plan.waiting.push({ subscription, event, again: again + 1, since: this.now() });
      // A timer stands already for those before it.
      if (plan.waiting.size === 1) this.#arm();
    }
    const { suspendAfter } = this.#options;
    if (suspendAfter > 0 && subscription.failures >= suspendAfter && subscription.status === 'active') {
      this.suspend(subscription);
    }
  }

  /** Sends what was held back: another event has gone before it by now, or none came. */
  #release(): void {
    clearTimeout(this.#heldTimer);
    this.#heldTimer = undefined;
    for (const callback of this.#heldBack.splice(0)) this.#queue(callback);
    this.#pump();
  }

  #forgetWaiting(id: string): void {
    this.#keep(({ subscription }) => subscription.id !== id);
    this.#tellIdle();
  }

  #keep(isKept: (callback: Callback) => boolean): void {
    for (const waiting of [this.#ready, ...this.#again.map((plan) => plan.waiting)]) waiting.keep(isKept);
    this.#heldBack = this.#heldBack.filter(isKept);
  }

  /** Wakes up when the next redelivery is due. */
  #arm(): void {
    clearTimeout(this.#timer);
    const due = this.#again.flatMap(({ minutes, waiting }) =>
      waiting.front === undefined ? [] : [waiting.front.since + minutes * this.#minuteMs],
    );
    if (due.length === 0) return;
    const wait = Math.min(Math.max(Math.min(...due) - this.now(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.redeliver(), wait).unref();
  }

  #tellIdle(): void {
    if (this.pending > 0) return;
    for (const tell of this.#idle.splice(0)) tell();
  }

  #count(more: Partial<WebhookTotals>): void {
    const sum = { ...this.#totals };
    for (const name of Object.keys(more) as (keyof WebhookTotals)[]) sum[name] += more[name] ?? 0;
    this.#totals = sum;
  }
}

/** HTTPS (sheet §12, CONFIRMED); on this machine without TLS as well, so that a demo needs no certificate. */
function isCallable(callbackUrl: string): boolean {
  if (!URL.canParse(callbackUrl)) return false;
  const { protocol, hostname } = new URL(callbackUrl);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

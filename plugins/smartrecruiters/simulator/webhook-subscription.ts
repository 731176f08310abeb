import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Fifo } from './fifo.js';
import { badRequest } from './refusal.js';

/** So many keys may be unexpired (SmartRecruiters sheet §12, CONFIRMED; the refusal is INFERRED). */
const MOST_KEYS = 16;

/** A key that was replaced signs for so long (sheet §12, CONFIRMED). */
const REPLACED_KEY_LIVES_MS = 24 * 3_600_000;

/** The log goes back so far (sheet §12, CONFIRMED). */
const LOG_REACHES_MS = 30 * 24 * 3_600_000;

/** An event as it is delivered, the same at each try. */
export interface OutgoingEvent {
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly body: string;
  readonly link?: string;
}

/** One try to deliver an event, as the log keeps it. */
export interface LoggedTry {
  /** They ascend. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly successful: boolean;
  readonly event: OutgoingEvent;
  readonly headers: Readonly<Record<string, string>>;
}

/** Which part of a log. */
export interface LogWish {
  readonly limit: number;
  /** Numbers below this one alone. */
  readonly below?: number | undefined;
  readonly successful?: boolean | undefined;
  /** Milliseconds since the epoch; that both ends are left out is INFERRED. */
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

/** The version of every event. */
export const EVENT_VERSION = 'v201910';

/** A subscription as the vendor keeps it. That one can be `suspended` is CONFIRMED, the word is INFERRED (sheet §12). */
export class SimulatedSubscription {
  readonly id = randomUUID();
  status: 'inactive' | 'active' | 'suspended' = 'inactive';
  /** Tries that failed since the last that did not. */
  failures = 0;
  /** Events that arrived, and tries that failed. */
  delivered = 0;
  failed = 0;
  /** The newest event. */
  newest: OutgoingEvent | undefined;
  readonly #keys: { readonly key: string; expires: number }[] = [];
  readonly #log = new Fifo<LoggedTry>();
  #tries = 0;

  /** @param logSize How many tries are kept; the vendor keeps all of 30 days. */
  constructor(
    /** The identifier of the account. */
    readonly account: string,
    /** Who made it: the name of the token. */
    readonly owner: string,
    readonly callbackUrl: string,
    readonly events: readonly string[],
    private readonly logSize: number,
  ) {}

  /**
   * Makes a key; the others sign for a day more.
   * @throws Refusal with status 400 when there are as many as may be
   */
  newKey(now: number): string {
    this.#forgetKeys(now);
    if (this.#keys.length >= MOST_KEYS) throw badRequest(`There are ${MOST_KEYS} unexpired keys`);
    for (const old of this.#keys) old.expires = Math.min(old.expires, now + REPLACED_KEY_LIVES_MS);
    const key = randomBytes(16).toString('base64url');
    this.#keys.push({ key, expires: Number.POSITIVE_INFINITY });
    return key;
  }

  /** The newest key. */
  get key(): string | undefined {
    return this.#keys.at(-1)?.key;
  }

  /** How many keys sign. */
  liveKeys(now: number): number {
    this.#forgetKeys(now);
    return this.#keys.length;
  }

  /** The headers of a try (sheet §12, CONFIRMED): one signature for each live key, the newest last, and none without a key. */
  headersOf({ id, name, body, link = '' }: OutgoingEvent, now: number): Readonly<Record<string, string>> {
    this.#forgetKeys(now);
    const timestamp = String(Math.floor(now / 1000));
    const signed = [timestamp, body, id, name, EVENT_VERSION, link].join('.');
    const signatures = this.#keys.map(({ key }) => `v1=${createHmac('sha256', key).update(signed).digest('hex')}`);
    return {
      'event-id': id,
      'event-name': name,
      'event-version': EVENT_VERSION,
      ...(link === '' ? {} : { link }),
      ...(signatures.length === 0
        ? {}
        : { 'smartrecruiters-timestamp': timestamp, 'smartrecruiters-signature': signatures.join(';') }),
    };
  }

  /** Keeps a try. */
  logTry(entry: Omit<LoggedTry, 'number'>): void {
    this.#tries += 1;
    this.#log.push({ number: this.#tries, ...entry });
    if (this.#log.size > this.logSize) this.#log.shift();
  }

  /** A part of the log, the newest try first. `more`: there is another that is wanted. */
  log(wish: LogWish, now: number): { readonly tries: readonly LoggedTry[]; readonly more: boolean } {
    const { limit, below = Number.POSITIVE_INFINITY, successful, before = Number.POSITIVE_INFINITY } = wish;
    const after = Math.max(wish.after ?? 0, now - LOG_REACHES_MS);
    const tries: LoggedTry[] = [];
    const first = this.#log.front?.number ?? 0;
    for (let place = Math.min(this.#log.size, below - first) - 1; place >= 0; place -= 1) {
      const entry = this.#log.at(place);
      if (!entry || entry.at >= before || (successful !== undefined && entry.successful !== successful)) continue;
      if (entry.at <= after) continue;
      if (tries.length === limit) return { tries, more: true };
      tries.push(entry);
    }
    return { tries, more: false };
  }

  #forgetKeys(now: number): void {
    const live = this.#keys.filter(({ expires }) => expires > now);
    this.#keys.splice(0, this.#keys.length, ...live);
  }
}

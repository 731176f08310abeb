import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { MishapBoard } from './mishaps.js';

/** A notification that was not taken is sent again after so long, so many times (LinkedIn sheet §6.3, INFERRED). */
const REPEAT_AFTER_MS = 5 * 60_000;
const REPEATS = 3;
/** A receiver must answer within this time (LinkedIn sheet §6.1; for notifications INFERRED). */
const ANSWER_WITHIN_MS = 3_000;

/** Where a notification goes, and whose secret signs it. */
export interface PushTarget {
  readonly url: string;
  readonly secret: string;
}

/** A notification, as the state shows it. */
export interface PushReport {
  readonly id: string;
  readonly type: string;
  readonly tries: number;
  /** The status of the last answer; `null` when there was none. */
  readonly lastStatus: number | null;
  readonly outcome: 'under way' | 'delivered' | 'waiting' | 'given up' | 'lost' | 'held back';
}

interface Push {
  readonly target: PushTarget;
  readonly id: string;
  readonly type: string;
  readonly body: string;
  tries: number;
  lastStatus: number | null;
  outcome: PushReport['outcome'];
  dueAt: number;
}

/** Sends signed notifications, and repeats what was not taken, by the simulator's clock. */
export class PushSender {
  #pushes: Push[] = [];
  #held: Push[] = [];
  #underWay = new Set<Promise<void>>();
  #alarm: NodeJS.Timeout | undefined;

  constructor(
    private readonly now: () => number,
    private readonly mishaps: MishapBoard,
  ) {}

  /** Sends a notification, soon. */
  send(target: PushTarget, event: { readonly id: string; readonly type: string }): void {
    const push: Push = {
      target,
      id: event.id,
      type: event.type,
      body: JSON.stringify(event),
      tries: 0,
      lastStatus: null,
      outcome: 'under way',
      dueAt: 0,
    };
    this.#pushes.push(push);
    if (this.mishaps.take('lose')) {
      push.outcome = 'lost';
    } else if (this.mishaps.take('reorder')) {
      push.outcome = 'held back';
      this.#held.push(push);
      if (this.mishaps.left.reorder === 0) this.release();
    } else {
      this.#begin([push]);
      if (this.mishaps.take('double')) this.sendAgain(push.id);
    }
  }

  /** Sends what was held back, the last one first. */
  release(): void {
    const held = this.#held.reverse();
    this.#held = [];
    if (held.length > 0) this.#begin(held);
  }

  /** Sends a notification once more, as it was; answers whether there is such a one. */
  sendAgain(id: string): boolean {
    const push = this.#pushes.find((each) => each.id === id);
    if (!push) return false;
    const again = { ...push, tries: 0, lastStatus: null };
    this.#pushes.push(again);
    this.#begin([again]);
    return true;
  }

  /** What became of the notifications, the oldest first. */
  report(): readonly PushReport[] {
    return this.#pushes.map(({ id, type, tries, lastStatus, outcome }) => ({ id, type, tries, lastStatus, outcome }));
  }

  /** Resolves when nothing is under way: what failed is sent again once time has moved on. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Sends again what is due. Call it when time was moved ahead. */
  wake(): void {
    const now = this.now();
    const due = this.#pushes.filter(({ outcome, dueAt }) => outcome === 'waiting' && dueAt <= now);
    for (const push of due) this.#begin([push]);
    this.#setAlarm();
  }

  /** Forgets everything. What is under way arrives or does not. */
  reset(): void {
    clearTimeout(this.#alarm);
    this.#pushes = [];
    this.#held = [];
  }

  #begin(batch: readonly Push[]): void {
    for (const push of batch) push.outcome = 'under way';
    const work = (async () => {
      for (const push of batch) await this.#try(push);
    })().finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #try(push: Push): Promise<void> {
    const secret = this.mishaps.take('badSignature') ? 'not the secret' : push.target.secret;
    push.tries += 1;
    push.lastStatus = (await post(push.target.url, push.body, signatureOf(secret, push.body))) ?? null;
    const isTaken = push.lastStatus !== null && push.lastStatus >= 200 && push.lastStatus < 300;
    if (isTaken) push.outcome = 'delivered';
    else if (push.tries > REPEATS) push.outcome = 'given up';
    else {
      push.outcome = 'waiting';
      push.dueAt = this.now() + REPEAT_AFTER_MS;
      this.#setAlarm();
    }
  }

  #setAlarm(): void {
    clearTimeout(this.#alarm);
    const due = this.#pushes.filter(({ outcome }) => outcome === 'waiting').map(({ dueAt }) => dueAt);
    if (due.length === 0) return;
    this.#alarm = setTimeout(() => this.wake(), Math.max(0, Math.min(...due) - this.now())).unref();
  }
}

/** The digest alone, of a literal followed by the body as it is sent (LinkedIn sheet §6.2, CONFIRMED). */
function signatureOf(secret: string, body: string): string {
  return createHmac('sha256', secret).update(`hmacsha256=${body}`).digest('hex');
}

/** The status of the answer; `undefined` when there was none in time. Follows no redirect. */
function post(url: string, body: string, signature: string): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-li-signature': signature,
    connection: 'close',
  };
  const options = { method: 'POST', headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) };
  const call = url.startsWith('https:') ? https.request(url, options) : http.request(url, options);
  call.on('response', (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode));
    response.on('error', () => resolve(undefined));
  });
  call.on('error', () => resolve(undefined));
  call.end(body);
  return promise;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { ContactRevealLedger, OpenPerson, PersonResult, TakenReveal } from './contact-reveal-ledger.js';
import type { ContactAnswer, ContactReply, ContactSource, ContactSourceClosed } from './contact-source.js';

const DEFAULT_BATCH = 100;
/** Tries of one person until the source counts as not answering about them. */
const MOST_TRIES = 5;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 3_600_000;
/** How long a source has for one batch. */
const ANSWER_WITHIN_MS = 120_000;
/** What is due sooner than this is waited for here; for anything later the job comes back. */
const LONGEST_WAIT_MS = 2_000;

/** How a run ended. */
export type ContactRevealEnd =
  | { readonly kind: 'COMPLETE' }
  | { readonly kind: 'CANCELLED' }
  | { readonly kind: 'CLOSED'; readonly closed: ContactSourceClosed }
  | { readonly kind: 'LATER'; readonly inMs: number }
  /** Another worker has the order. */
  | { readonly kind: 'HALTED' };

/** What `ContactRevealRun` works with. */
export interface ContactRevealRunParts {
  readonly ledger: ContactRevealLedger;
  readonly source: ContactSource;
  readonly logger: Logger;
}

/** One worker's run of an order to reveal contact data: batch after batch, so that a crash repeats one batch at most. */
export class ContactRevealRun {
  constructor(
    private readonly parts: ContactRevealRunParts,
    private readonly scope: OrganizationScope,
    private readonly taken: TakenReveal,
  ) {}

  async run(signal: AbortSignal): Promise<ContactRevealEnd> {
    const most = Math.max(1, this.parts.source.batchSize ?? DEFAULT_BATCH);
    for (;;) {
      if (signal.aborted) return { kind: 'LATER', inMs: 0 };
      const opening = await this.parts.ledger.open(this.scope, this.taken, most);
      const { people, nextInMs } = opening;
      if (opening.halted) return { kind: 'HALTED' };
      if (opening.cancelled) return { kind: 'CANCELLED' };
      if (!opening.remaining) return { kind: 'COMPLETE' };
      if (people.length > 0) {
        const reply = await this.ask(people, signal);
        // The process stops before there was an answer: the next run asks again, with the same keys.
        if (!reply && signal.aborted) return { kind: 'LATER', inMs: 0 };
        const results = new Map(people.map((person) => [person, resultOf(person, reply)]));
        const unusable = await this.parts.ledger.store(this.scope, this.taken, results);
        if (unusable === undefined) return { kind: 'HALTED' };
        if (unusable > 0) {
          this.parts.logger.warn(
            { contactRevealId: this.taken.id, entries: unusable },
            'the contact source sent entries that are no contact data; they were left out',
          );
        }
        if (reply?.closed) return { kind: 'CLOSED', closed: reply.closed };
      } else if (nextInMs > LONGEST_WAIT_MS) return { kind: 'LATER', inMs: nextInMs };
      else if (nextInMs > 0) await sleep(nextInMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** `undefined`: it did not answer. What it threw is not looked at, because it could repeat contact data. */
  private async ask(people: readonly OpenPerson[], signal: AbortSignal): Promise<ContactReply | undefined> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const questions = people.map(({ stored, kinds }) => ({
      profileId: stored.id,
      profile: stored.profile,
      kinds,
      idempotencyKey: `${this.taken.id}/${stored.id}`,
    }));
    const over = Promise.withResolvers<undefined>();
    const end = (): void => over.resolve(undefined);
    within.addEventListener('abort', end, { once: true });
    try {
      // A source that does not heed the signal must not hold the worker.
      return await Promise.race([this.parts.source.find(this.scope.organizationId, questions, within), over.promise]);
    } catch {
      this.parts.logger.warn(
        { contactRevealId: this.taken.id, people: people.length },
        'the contact source failed; who was asked about is asked about again',
      );
      return undefined;
    } finally {
      within.removeEventListener('abort', end);
    }
  }
}

function resultOf({ stored, tries }: OpenPerson, reply: ContactReply | undefined): PersonResult {
  const unanswered: ContactAnswer = { kind: 'FAILED', failure: 'UNAVAILABLE' };
  const answer = reply?.answers.get(stored.id);
  if (!answer && reply?.closed) return { kind: 'UNTRIED' };
  const given = answer ?? unanswered;
  if (given.kind !== 'FAILED') return { kind: 'ANSWER', answer: given };
  if (given.failure === 'REFUSED' || tries + 1 >= MOST_TRIES) {
    return { kind: 'FAILED', code: `CONTACT_SOURCE_${given.failure}` };
  }
  const delayMs = given.retryAfterMs ?? FIRST_RETRY_MS * 2 ** tries;
  return { kind: 'AGAIN', delayMs: Math.min(Math.max(0, delayMs), LONGEST_RETRY_MS) };
}

import { isHubError, type RecordReference } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import type { JobPayload, JobQueue } from '../../kernel/jobs/job-queue.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { referenceOf } from './event-references.js';
import type { EventStore, WaitingEvent } from './event-store.js';
import { PROCESS_TASK } from './webhook-model.js';
import { type StandingParts, standingOf } from './webhook-standing.js';

/** Events that are seen to together. */
const AT_ONCE = 500;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 900_000;

/** Reads records anew because an event named them. @throws HubError as the ATS or the state of the connection has it. */
export type RecordsListener = (
  scope: OrganizationScope,
  connectionId: string,
  references: readonly RecordReference[],
) => Promise<unknown>;

/** What `EventProcessing` works with. */
export interface EventProcessingParts extends StandingParts {
  readonly database: Database;
  readonly events: EventStore;
  readonly jobs: JobQueue;
  readonly logger: Logger;
  readonly records: RecordsListener;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** What became of references that were handed on. */
type Handled =
  | { readonly kind: 'DONE' }
  /** Nothing of it is lost: somebody else resumes. */
  | { readonly kind: 'STOPPED' }
  /** The connection was edited meanwhile: it is tried again as it is now. */
  | { readonly kind: 'AGAIN' }
  | { readonly kind: 'LATER'; readonly error: object };

/** The job that sees to events: it has the records that they name read again, and believes nothing else of them. */
export class EventProcessing {
  constructor(private readonly parts: EventProcessingParts) {}

  /** Sees to everything that waits for a connection, as far as it can be used. */
  async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    for (;;) {
      const taken = await this.take(scope, id);
      if (!taken) return;
      const reasons = new Map<string, string>();
      const refs = [...new Set(taken.events.flatMap((event) => event.refs))];
      const handled = await this.hand(scope, id, refs, taken.credentialVersion, reasons);
      if (handled.kind === 'STOPPED') return;
      if (handled.kind === 'AGAIN') continue;
      if (handled.kind === 'LATER') return this.later(scope, id, handled.error);
      await this.done(scope, id, taken.events, reasons);
      if (signal.aborted) return this.again(scope, id);
    }
  }

  /** What waits now. `undefined`: nothing, or nothing that may be seen to. */
  private take(
    scope: OrganizationScope,
    connectionId: string,
  ): Promise<{ readonly events: readonly WaitingEvent[]; readonly credentialVersion: number } | undefined> {
    return scope.transaction(async (tx) => {
      const state = await tx.row<{ resumeAt: Date | null; queued: boolean }>(
        `select case when s.resume_at > now() then s.resume_at end as "resumeAt", s.queued
         from talentbridge.webhook_state s where ${tx.own('s')} and s.connection_id = $1 for no key update`,
        [connectionId],
      );
      const standing = await standingOf(tx, this.parts, connectionId);
      if (state?.resumeAt && standing.kind === 'USABLE') {
        await this.wait(tx, connectionId, state.resumeAt);
        return undefined;
      }
      // What is stored from now on has a job of its own; what was stored before is seen below.
      if (state?.queued) {
        await tx.rows(
          `update talentbridge.webhook_state s set queued = false where ${tx.own('s')} and s.connection_id = $1`,
          [connectionId],
        );
      }
      if (standing.kind !== 'USABLE') return undefined;
      const events = await this.parts.events.waiting(tx, connectionId, AT_ONCE);
      return events.length === 0 ? undefined : { events, credentialVersion: standing.credentialVersion };
    });
  }

  /** Hands references on. Those that fail by themselves are parted from the others, and their reasons noted. */
  private async hand(
    scope: OrganizationScope,
    connectionId: string,
    refs: readonly string[],
    credentialVersion: number,
    reasons: Map<string, string>,
  ): Promise<Handled> {
    if (refs.length === 0) return { kind: 'DONE' };
    try {
      await this.parts.records(scope, connectionId, refs.map(referenceOf));
      return { kind: 'DONE' };
    } catch (error) {
      if (!isHubError(error)) {
        // The text of an error of the database may quote rows.
        const name = error instanceof Error ? error.name : 'unknown';
        this.parts.logger.error({ connectionId, error: name }, 'webhook events were not seen to; they are tried again');
        throw error;
      }
      const standing = await scope.transaction((tx) => standingOf(tx, this.parts, connectionId));
      if (standing.kind !== 'USABLE') return { kind: 'STOPPED' };
      if (standing.credentialVersion !== credentialVersion) return { kind: 'AGAIN' };
      if (error.recovery === 'retry') return { kind: 'LATER', error };
      if (error.recovery === 'reconnect') {
        await this.parts.reportFailure(scope, connectionId, error);
        return { kind: 'STOPPED' };
      }
      const [ref] = refs;
      if (refs.length === 1 && ref !== undefined) {
        reasons.set(ref, error.message);
        return { kind: 'DONE' };
      }
      const half = Math.ceil(refs.length / 2);
      const first = await this.hand(scope, connectionId, refs.slice(0, half), credentialVersion, reasons);
      return first.kind === 'DONE'
        ? this.hand(scope, connectionId, refs.slice(half), credentialVersion, reasons)
        : first;
    }
  }

  private done(
    scope: OrganizationScope,
    connectionId: string,
    events: readonly WaitingEvent[],
    reasons: ReadonlyMap<string, string>,
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      await this.parts.events.done(tx, events, reasons);
      await tx.rows(
        `update talentbridge.webhook_state s
         set resume_at = null, process_tries = 0, last_event_at = greatest(s.last_event_at, $2)
         where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId, new Date(Math.max(...events.map(({ receivedAt }) => receivedAt.getTime())))],
      );
    });
  }

  /** The ATS does not answer: everything waits for a while. */
  private later(scope: OrganizationScope, connectionId: string, error: object): Promise<void> {
    return scope.transaction(async (tx) => {
      const state = await tx.row<{ tries: number }>(
        `update talentbridge.webhook_state s set process_tries = s.process_tries + 1
         where ${tx.own('s')} and s.connection_id = $1 returning s.process_tries as tries`,
        [connectionId],
      );
      await this.wait(tx, connectionId, new Date(Date.now() + waitAfter(error, state?.tries ?? 1)));
    });
  }

  /** Everything waits until then: there is a job, and nobody has to add another. */
  private async wait(tx: Transaction, connectionId: string, until: Date): Promise<void> {
    await tx.rows(
      `update talentbridge.webhook_state s set resume_at = $2, queued = true
       where ${tx.own('s')} and s.connection_id = $1`,
      [connectionId, until],
    );
    await this.parts.jobs.add(tx, PROCESS_TASK, connectionId, { runAt: until });
  }

  private again(scope: OrganizationScope, connectionId: string): Promise<void> {
    return scope.transaction((tx) => this.parts.jobs.add(tx, PROCESS_TASK, connectionId));
  }
}

/** How long to wait after so many failed tries: what the ATS says, else twice as long each time, with jitter. */
export function waitAfter(error: object, tries: number): number {
  const told = (error as { readonly retryAfterMs?: unknown }).retryAfterMs;
  if (typeof told === 'number' && told >= 0) return told;
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries - 1, 20)) * (0.5 + Math.random() / 2);
}

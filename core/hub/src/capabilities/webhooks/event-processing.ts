import { type CapabilityName, type HubError, isHubError, type RecordReference } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import type { JobPayload, JobQueue } from '../../kernel/jobs/job-queue.js';
import { type RetryPace, toldToWait, waitAfter } from '../../kernel/jobs/wait-after.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { addresseeOf, noticeOf, RECORD_READER, referenceOf } from './event-references.js';
import type { EventStore, WaitingEvent } from './event-store.js';
import { PROCESS_TASK } from './webhook-model.js';
import { type StandingParts, standingOf } from './webhook-standing.js';

/** Events that are seen to together. */
const AT_ONCE = 500;
/** After so many failed tries together, the references that cause it are looked for. */
const TRIES_TOGETHER = 2;
/** Where so many references fail one after the other, it is the ATS that does not answer. */
const FAILING_IN_A_ROW = 3;
/** Events whose references are tried by themselves between two batches of others. */
const ALONE_AT_ONCE = 10;
/** Tries of a reference by itself before it is given up: about three hours. Asking regularly may still find it. */
const MOST_TRIES = 20;
const RETRY_PACE: RetryPace = { firstMs: 1_000, longestMs: 900_000 };

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
  | { readonly kind: 'LATER'; readonly error: HubError };

/** What is known of the references of one go, while they are handed on. */
interface Go {
  readonly credentialVersion: number;
  /** The capabilities that are told. */
  readonly tells: readonly CapabilityName[];
  /** How often everything that waits failed together before. */
  readonly tries: number;
  /** References that are tried one by one. */
  readonly alone: ReadonlySet<string>;
  /** Those that were seen to, or that nobody wants. */
  readonly seen: Set<string>;
  /** Why they cannot be seen to, for those that are not tried again: the codes of errors, whose messages name records. */
  readonly reasons: Map<string, string>;
  /** Those that failed by themselves, and may not next time. */
  readonly failing: Map<string, HubError>;
  failedInARow: number;
  /** Nothing of some capability went on. */
  stuck: boolean;
}

/** Events that are to be seen to. */
interface Taken extends Pick<Go, 'credentialVersion' | 'tells' | 'tries' | 'alone'> {
  readonly events: readonly WaitingEvent[];
}

/**
 * The job that sees to events: it has the records that they name read again, tells other capabilities what was noticed for them, and
 * believes nothing else of them.
 */
export class EventProcessing {
  constructor(private readonly parts: EventProcessingParts) {}

  /** Sees to everything that waits for a connection, as far as it can be used. */
  async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    for (;;) {
      const taken = await this.take(scope, id);
      if (!taken) return;
      const go: Go = {
        ...taken,
        seen: new Set(),
        reasons: new Map(),
        failing: new Map(),
        failedInARow: 0,
        stuck: false,
      };
      const handled = await this.handAll(scope, id, taken.events, go);
      if (handled.kind === 'STOPPED') return;
      await this.settle(scope, id, taken.events, go);
      if (handled.kind === 'LATER') return this.later(scope, id, handled.error);
      if (signal.aborted) return this.again(scope, id);
    }
  }

  /** What waits now. `undefined`: nothing, or nothing that may be seen to. */
  private take(scope: OrganizationScope, connectionId: string): Promise<Taken | undefined> {
    return scope.transaction(async (tx) => {
      // Those who store hold it together until they have committed.
      await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${PROCESS_TASK}:${connectionId}`]);
      const state = await tx.row<{ resumeAt: Date | null; queued: boolean; tries: number }>(
        `select case when s.resume_at > now() then s.resume_at end as "resumeAt", s.queued, s.process_tries as tries
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
      const { credentialVersion, tells, paused } = standing;
      const { events: store } = this.parts;
      const apart = await store.apart(tx, connectionId, paused);
      const events = [
        ...(await store.waiting(tx, connectionId, AT_ONCE, paused)),
        ...(apart.nextAt ? await store.dueAgain(tx, connectionId, ALONE_AT_ONCE, paused) : []),
      ];
      if (events.length === 0) {
        // What arrives before has this job run at once.
        if (apart.nextAt) await this.parts.jobs.add(tx, PROCESS_TASK, connectionId, { runAt: apart.nextAt });
        return undefined;
      }
      return { events, credentialVersion, tells, tries: state?.tries ?? 0, alone: apart.refs };
    });
  }

  /** Hands everything on, to each capability what is for it. One that cannot go on now holds no other up. */
  private async handAll(
    scope: OrganizationScope,
    connectionId: string,
    events: readonly WaitingEvent[],
    go: Go,
  ): Promise<Handled> {
    const byAddressee = Map.groupBy(new Set(events.flatMap((event) => event.refs)), addresseeOf);
    let all: Handled = { kind: 'DONE' };
    for (const [addressee, refs] of byAddressee) {
      const handled = go.tells.includes(addressee)
        ? await this.handTo(scope, connectionId, refs, go)
        : this.nobodyWants(refs, go);
      if (handled.kind === 'STOPPED' || handled.kind === 'AGAIN') return handled;
      if (handled.kind !== 'LATER') continue;
      // An ATS that says when to come again is not asked before.
      if (all.kind === 'DONE' || toldToWait(handled.error) !== undefined) all = handled;
      go.stuck ||= !refs.some((ref) => go.seen.has(ref) || go.reasons.has(ref));
    }
    return all;
  }

  /** What the connection does not have the capability for. */
  private nobodyWants(refs: readonly string[], { seen }: Go): Handled {
    for (const ref of refs) seen.add(ref);
    return { kind: 'DONE' };
  }

  /** Hands everything for one capability on: together what is not known to fail, then one by one what is. */
  private async handTo(
    scope: OrganizationScope,
    connectionId: string,
    refs: readonly string[],
    go: Go,
  ): Promise<Handled> {
    go.failedInARow = 0;
    const groups = [
      refs.filter((ref) => !go.alone.has(ref)),
      ...refs.flatMap((ref) => (go.alone.has(ref) ? [[ref]] : [])),
    ];
    for (const group of groups) {
      const handled = await this.hand(scope, connectionId, group, go);
      if (handled.kind !== 'DONE') return handled;
    }
    return { kind: 'DONE' };
  }

  /** Hands references for one capability on. Those that fail by themselves are parted from the others, and noted. */
  private async hand(
    scope: OrganizationScope,
    connectionId: string,
    refs: readonly string[],
    go: Go,
  ): Promise<Handled> {
    const [ref] = refs;
    if (ref === undefined) return { kind: 'DONE' };
    const addressee = addresseeOf(ref);
    try {
      await this.tell(scope, connectionId, addressee, refs);
      for (const each of refs) go.seen.add(each);
      go.failedInARow = 0;
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
      if (standing.credentialVersion !== go.credentialVersion || !standing.tells.includes(addressee)) {
        return { kind: 'AGAIN' };
      }
      if (error.recovery === 'reconnect') {
        await this.parts.reportFailure(scope, connectionId, error);
        return { kind: 'STOPPED' };
      }
      // An ATS that says when to come again is not failing because of a record.
      const together = go.tries < TRIES_TOGETHER && !go.alone.has(ref);
      if (error.recovery === 'retry' && (together || toldToWait(error) !== undefined)) return { kind: 'LATER', error };
      if (refs.length > 1) {
        const half = Math.ceil(refs.length / 2);
        const first = await this.hand(scope, connectionId, refs.slice(0, half), go);
        return first.kind === 'DONE' ? this.hand(scope, connectionId, refs.slice(half), go) : first;
      }
      if (error.recovery !== 'retry') {
        go.reasons.set(ref, error.code);
        return { kind: 'DONE' };
      }
      go.failing.set(ref, error);
      go.failedInARow += 1;
      return go.failedInARow < FAILING_IN_A_ROW ? { kind: 'DONE' } : { kind: 'LATER', error };
    }
  }

  /** Has records read, or tells the capability what was noticed for it. */
  private async tell(
    scope: OrganizationScope,
    connectionId: string,
    addressee: CapabilityName,
    refs: readonly string[],
  ): Promise<void> {
    if (addressee === RECORD_READER) {
      await this.parts.records(scope, connectionId, refs.map(referenceOf));
      return;
    }
    const module = this.parts.modules().find(({ name }) => name === addressee);
    await module?.noticed?.(
      scope,
      connectionId,
      refs.map((ref) => noticeOf(ref).id),
    );
  }

  /** Notes what became of events: they are done with, or wait by themselves. The others wait as before. */
  private settle(
    scope: OrganizationScope,
    connectionId: string,
    events: readonly WaitingEvent[],
    { seen, reasons, failing, stuck }: Go,
  ): Promise<void> {
    const failed = events.flatMap((event) => {
      const error = event.refs.flatMap((ref) => failing.get(ref) ?? [])[0];
      return error ? [{ ...event, error, at: new Date(Date.now() + waitAfterFailure(error, event.tries + 1)) }] : [];
    });
    const givenUp = failed.filter(({ tries }) => tries + 1 >= MOST_TRIES);
    const why = new Map(reasons);
    for (const { refs, error } of givenUp) {
      for (const ref of refs) if (failing.has(ref)) why.set(ref, `${error.code}, tried ${MOST_TRIES} times`);
    }
    const done = events.filter(({ refs }) => refs.every((ref) => seen.has(ref) || reasons.has(ref))).concat(givenUp);
    const lastAt = Math.max(...done.map(({ receivedAt }) => receivedAt.getTime()));
    return scope.transaction(async (tx) => {
      await this.parts.events.done(tx, done, why);
      await this.parts.events.tryAgain(
        tx,
        failed.filter((event) => !givenUp.includes(event)),
      );
      if (done.length === 0) return;
      await tx.rows(
        `update talentbridge.webhook_state s
         set resume_at = null, process_tries = case when $3 then s.process_tries else 0 end,
           last_event_at = greatest(s.last_event_at, $2)
         where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId, new Date(lastAt), stuck],
      );
    });
  }

  /** The ATS does not answer: everything waits for a while. */
  private later(scope: OrganizationScope, connectionId: string, error: HubError): Promise<void> {
    return scope.transaction(async (tx) => {
      const state = await tx.row<{ tries: number }>(
        `update talentbridge.webhook_state s set process_tries = s.process_tries + 1
         where ${tx.own('s')} and s.connection_id = $1 returning s.process_tries as tries`,
        [connectionId],
      );
      await this.wait(tx, connectionId, new Date(Date.now() + waitAfterFailure(error, state?.tries ?? 1)));
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

/** How long events and subscriptions wait after so many failed tries, in milliseconds. */
export function waitAfterFailure(error: object, tries: number): number {
  return waitAfter(error, tries, RETRY_PACE);
}

import { type CandidateRecord, isHubError, type RecordReference } from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import type { Logger } from 'pino';
import { callContext } from '../../../kernel/call-context.js';
import { type RetryPace, waitAfter } from '../../../kernel/jobs/wait-after.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { ContactSent, PersonExporter } from '../../../kernel/person-exporter.js';
import { readExported } from '../network-answers.js';
import type { SystemPair } from '../system-connect-model.js';
import type { ArrivalSent } from './arrival-endings.js';
import { type ArrivalLedger, ArrivalsOvertakenError, type WorkingPair } from './arrival-ledger.js';
import { type ArrivingPerson, namedFor } from './arrival-model.js';
import type { NextArrival, OpenArrival } from './next-arrival.js';

/** What a run works with. */
export interface ArrivalRunParts {
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly ledger: ArrivalLedger;
  readonly exporter: PersonExporter;
  readonly logger: Logger;
  /** Has the mirror of an ATS connection read records anew. */
  readonly wake: (
    scope: OrganizationScope,
    connectionId: string,
    references: readonly RecordReference[],
  ) => Promise<unknown>;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

const CALL_LIMIT_MS = 60_000;
/** Tries to read who was exported, or to have the mirror read them, before the hub stops: some hours. */
const MOST_TRIES = 25;
/** After so long whatever an admin has to see to is tried again, unless its connection works again sooner. */
const ATTENTION_MS = 300_000;
const EMAIL_REMEDY =
  'Let the pair make placeholder addresses for people without an email, then try this one again; or add them in the ATS by hand.';
const RETRY_PACE: RetryPace = { firstMs: 1_000, longestMs: 900_000 };

/** Brings people of the network into the ATS, one after the other. May be stopped and repeated at any point. */
export class ArrivalRun {
  constructor(
    private readonly parts: ArrivalRunParts,
    private readonly scope: OrganizationScope,
    private readonly signal: AbortSignal,
  ) {}

  /** Sees to everything that is due. */
  async run(connectionId: string): Promise<void> {
    try {
      const epoch = await this.parts.ledger.take(this.scope, connectionId);
      while (await this.seeToNext(connectionId, epoch));
    } catch (error) {
      if (error instanceof ArrivalsOvertakenError) return;
      // The text of an error of the database may quote rows. What was open stays so: the next try asks the ATS about it.
      const name = isHubError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
      this.parts.logger.error({ connectionId, error: name }, 'an arrival failed; it is tried again');
      throw error;
    }
  }

  /** @returns Whether there may be more to do now. */
  private async seeToNext(connectionId: string, epoch: number): Promise<boolean> {
    const { ledger } = this.parts;
    const pair = await ledger.pair(this.scope, connectionId);
    if (!pair) return false;
    if (this.signal.aborted) {
      await ledger.again(this.scope, connectionId);
      return false;
    }
    const next = await ledger.next(this.scope, pair, epoch);
    if (next) await this.see(pair, next);
    else await ledger.rest(this.scope, connectionId);
    return next !== undefined;
  }

  private async see(pair: WorkingPair, next: NextArrival): Promise<void> {
    if (next.kind === 'READ') await this.read(pair, next);
    if (next.kind === 'SEND') await this.attempt(pair, next.open, () => this.send(pair, next.open));
    if (next.kind === 'ADD_CONTACT') await this.attempt(pair, next.open, () => this.addContact(pair, next));
    if (next.kind === 'MIRROR') await this.mirror(pair, next);
  }

  /** Asks the network who was exported. */
  private async read(
    { connectionId, pluginId, networkName }: WorkingPair,
    next: Extract<NextArrival, { kind: 'READ' }>,
  ): Promise<void> {
    const { ledger, opener } = this.parts;
    try {
      const connection = await opener.open(this.scope, connectionId);
      const capability = connection.capability('systemConnect');
      if (!capability) return await ledger.later(this.scope, next.id, ATTENTION_MS);
      const answer = await capability.readExport(callContext('work', CALL_LIMIT_MS), next.requestId);
      await ledger.identified(this.scope, connectionId, next.id, readExported(pluginId, answer), networkName);
    } catch (error) {
      if (!isHubError(error)) throw error;
      if (error.recovery === 'reconnect') await this.parts.reportFailure(this.scope, connectionId, error);
      const mayWork = error.recovery === 'retry' || error.recovery === 'reconnect';
      if (mayWork && next.tries < MOST_TRIES) {
        const inMs = error.recovery === 'retry' ? waitAfter(error, next.tries + 1, RETRY_PACE) : ATTENTION_MS;
        return ledger.later(this.scope, next.id, inMs, error.message);
      }
      await ledger.refuse(this.scope, connectionId, next.id, {
        reason: error.message,
        remedy: 'Export them from the network once more.',
      });
    }
  }

  /** Notes how a try to write something into the ATS ends. */
  private async attempt(
    { connectionId, atsConnectionId }: SystemPair,
    open: OpenArrival,
    act: () => Promise<ArrivalSent>,
  ): Promise<void> {
    const { ledger } = this.parts;
    try {
      const sent = await act();
      if (sent.kind !== 'AGAIN' || sent.halt === undefined) {
        return await ledger.close(this.scope, connectionId, open, sent);
      }
      await ledger.close(this.scope, connectionId, open, { ...sent, delayMs: ATTENTION_MS });
      await this.parts.reportFailure(this.scope, atsConnectionId, sent.halt);
    } catch (error) {
      if (!isHubError(error)) throw error;
      // Export is off, or its connection cannot be used: nothing was sent.
      const again = {
        kind: 'AGAIN',
        open: open.reopened,
        delayMs: ATTENTION_MS,
        untried: true,
        reason: error.message,
      } as const;
      await ledger.close(this.scope, connectionId, open, again);
    }
  }

  /** Whether the mirror of an ATS shows who is on no job. */
  private async showsUnassigned(atsConnectionId: string): Promise<boolean> {
    const connection = await this.parts.opener.open(this.scope, atsConnectionId);
    return connection.capability('rediscovery')?.limits.showsUnassigned ?? true;
  }

  private async send(
    { connectionId, atsConnectionId, networkName }: WorkingPair,
    open: OpenArrival,
  ): Promise<ArrivalSent> {
    // Before anything is sent: what fails after that would look as if nothing had been.
    const hidden = open.jobRemoteId === null && !(await this.showsUnassigned(atsConnectionId));
    const sent = await this.parts.exporter.send(this.scope, atsConnectionId, {
      itemId: open.id,
      tries: open.tries,
      firstTriedAt: open.firstTriedAt,
      candidate: recordOf(open.person),
      source: networkName,
      target: open.jobRemoteId === null ? { kind: 'prospect' } : { kind: 'job', jobRemoteId: open.jobRemoteId },
      isOurs: () => this.parts.ledger.isOurs(this.scope, connectionId, open),
      reopened: open.reopened,
      ...(open.existing ? { existing: open.existing } : {}),
      ...(open.dummyNumber === null ? {} : { dummyNumber: open.dummyNumber }),
    });
    if (sent.kind === 'ADDED') return { ...sent, hidden };
    return sent.kind === 'REFUSED' && sent.wantsEmail ? { ...sent, remedy: EMAIL_REMEDY } : sent;
  }

  /** Adds what they agreed to share, and their name where an answer of theirs came without one. */
  private async addContact(
    { connectionId, atsConnectionId, networkName }: WorkingPair,
    { open, candidateRemoteId, madeWith }: Extract<NextArrival, { kind: 'ADD_CONTACT' }>,
  ): Promise<ContactSent> {
    return this.parts.exporter.addContact(this.scope, atsConnectionId, {
      itemId: open.id,
      tries: open.tries,
      remoteId: candidateRemoteId,
      candidate: recordOf(open.person),
      isOurs: () => this.parts.ledger.isOurs(this.scope, connectionId, open),
      ...(madeWith === undefined
        ? {}
        : { madeUp: { ...namedFor(networkName, {}), ...(madeWith === null ? {} : { dummyNumber: madeWith }) } }),
    });
  }

  /** The mirror hears of them at once, and the network by that. Where it does not, its next run brings them. */
  private async mirror(
    { atsConnectionId }: SystemPair,
    { id, candidateRemoteId, tries }: Extract<NextArrival, { kind: 'MIRROR' }>,
  ): Promise<void> {
    const { ledger, wake } = this.parts;
    try {
      await wake(this.scope, atsConnectionId, [{ kind: 'candidate', remoteId: candidateRemoteId }]);
      await ledger.mirrored(this.scope, id);
    } catch (error) {
      if (!isHubError(error)) throw error;
      if (error.recovery !== 'retry' || tries >= MOST_TRIES) return ledger.mirrored(this.scope, id);
      await ledger.later(this.scope, id, waitAfter(error, tries + 1, RETRY_PACE));
    }
  }
}

/**
 * Name, title and employer, and what they agreed to share: nothing else of the network goes into an ATS. A title without an employer
 * is left out, because experience hangs on employers.
 */
function recordOf({ firstName, lastName, title, employer, emails, phones }: ArrivingPerson): CandidateRecord {
  return {
    firstName,
    lastName,
    emails,
    phones: phones.map((number) => ({ number, type: 'other' })),
    socialUrls: [],
    workExperience:
      employer === undefined ? [] : [{ employer, ...(title === undefined ? {} : { title }), current: true }],
    education: [],
    tags: [],
  };
}

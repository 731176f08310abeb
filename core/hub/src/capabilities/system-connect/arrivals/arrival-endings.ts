import type { ContactReceipt, RemoteReference } from '@talentbridge/contracts';
import type { Notifications } from '../../../kernel/notifications.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { ContactSent, PersonSent } from '../../../kernel/person-exporter.js';
import type { NetworkTexts } from '../network-texts.js';
import { SYSTEM_CONNECT_TOPIC } from '../system-connect-model.js';
import type { ArrivalOutcome } from './arrival-model.js';
import type { OpenArrival } from './next-arrival.js';

/** How a try ended. `hidden`: the mirror shows them once they are on a job. */
export type ArrivalSent =
  | (Extract<PersonSent, { readonly kind: 'ADDED' }> & { readonly hidden: boolean })
  | Exclude<PersonSent | ContactSent, { readonly kind: 'ADDED' }>;

/** What `ArrivalEndings` works with. */
export interface ArrivalEndingsParts {
  readonly texts: NetworkTexts;
  readonly notifications: Notifications;
  /** The ATS does not have a candidate any more: their link goes. */
  readonly forgetLink: (tx: Transaction, connectionId: string, candidateRemoteId: string) => Promise<unknown>;
  /** Somebody is in the ATS and is this member of the network. */
  readonly setAdded: (
    tx: Transaction,
    connectionId: string,
    candidateRemoteId: string,
    member: string,
  ) => Promise<void>;
}

/** Notes how tries to add people to the ATS end. */
export class ArrivalEndings {
  constructor(private readonly parts: ArrivalEndingsParts) {}

  /** Notes how the try of an arrival ended. Whoever calls it holds the arrival. */
  async note(tx: Transaction, connectionId: string, open: OpenArrival, sent: ArrivalSent): Promise<void> {
    switch (sent.kind) {
      case 'ADDED': {
        const outcome = open.existing && sent.outcome === 'CREATED' ? 'UPDATED' : sent.outcome;
        return this.added(tx, connectionId, open, outcome, sent.reference, sent.hidden);
      }
      case 'CONTACT_ADDED':
        // What is known now, an earlier try may have added.
        await this.added(tx, connectionId, open, open.tries > 1 ? 'UPDATED' : sent.outcome, sent.reference);
        return this.keepContact(tx, connectionId, open, {
          leftOut: sent.leftOut,
          reason: 'The ATS has no room for everything that they agreed to share.',
        });
      case 'UNABLE':
        await this.added(tx, connectionId, open, 'KNOWN', sent.reference);
        return this.keepContact(tx, connectionId, open, {
          leftOut: open.person,
          reason: 'They agreed to share how to reach them, and were in the ATS already.',
        });
      case 'REFUSED':
        if (sent.reference) await this.keepReference(tx, open, sent.reference);
        return this.ended(tx, connectionId, open.id, 'REFUSED', sent);
      case 'GONE':
        return this.anew(tx, connectionId, open);
      case 'UNCLEAR':
        return this.ended(tx, connectionId, open.id, 'UNCLEAR', sent);
      case 'AGAIN':
        if (sent.existing) await this.keepReference(tx, open, sent.existing);
        await tx.rows(
          `update talentbridge.network_arrival a
           set state = $2, tries = a.tries - $3, reason = $4, resume_at = now() + $5 * interval '1 millisecond'
           where ${tx.own('a')} and a.id = $1`,
          [
            open.id,
            sent.open ? 'SENDING' : 'PENDING',
            sent.untried ? 1 : 0,
            sent.reason ?? null,
            Math.round(sent.delayMs),
          ],
        );
    }
  }

  /** The ATS has them: that it is this member is known with it, and who they are is not kept here any more. */
  async added(
    tx: Transaction,
    connectionId: string,
    { id, member }: { readonly id: string; readonly member: string },
    outcome: ArrivalOutcome,
    { remoteId, remoteUrl }: RemoteReference,
    hidden = false,
  ): Promise<void> {
    await tx.rows(
      `update talentbridge.network_arrival a
       set state = 'ADDED', outcome = $2, candidate_remote_id = $3, candidate_url = $4, hidden = $5, person = null, reason = null,
         remedy = null, resume_at = null, tries = 0, mirrored = $2 = 'KNOWN', finished_at = now()
       where ${tx.own('a')} and a.id = $1`,
      [id, outcome, remoteId, remoteUrl ?? null, hidden],
    );
    await this.parts.setAdded(tx, connectionId, remoteId, member);
    await this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, connectionId);
  }

  /** Whom they were taken for was deleted or merged in the ATS: they come as somebody new. */
  private async anew(tx: Transaction, connectionId: string, { id, existing }: OpenArrival): Promise<void> {
    if (existing) await this.parts.forgetLink(tx, connectionId, existing.remoteId);
    await tx.rows(
      `update talentbridge.network_arrival a set state = 'PENDING', existing_id = null, existing_url = null
       where ${tx.own('a')} and a.id = $1`,
      [id],
    );
  }

  /** What the ATS does not have from here waits for a person to add it. */
  private async keepContact(
    tx: Transaction,
    connectionId: string,
    { id, person }: OpenArrival,
    { leftOut, reason }: { readonly leftOut: ContactReceipt['leftOut']; readonly reason: string },
  ): Promise<void> {
    const emails = person.emails.filter((email) => leftOut.emails.includes(email));
    const phones = person.phones.filter((phone) => leftOut.phones.includes(phone));
    if (emails.length + phones.length === 0) return;
    const [sealed] = await this.parts.texts.seal(tx, connectionId, [{ id, value: { ...person, emails, phones } }]);
    await tx.rows(
      `update talentbridge.network_arrival a set person = $2, reason = $3, remedy = $4 where ${tx.own('a')} and a.id = $1`,
      [id, sealed, reason, 'Add the email addresses and phone numbers to the candidate in the ATS.'],
    );
  }

  /** Nothing more happens of itself: a person is asked. */
  async ended(
    tx: Transaction,
    connectionId: string,
    id: string,
    state: 'REFUSED' | 'UNCLEAR',
    { reason, remedy }: { readonly reason: string; readonly remedy: string },
  ): Promise<void> {
    await tx.rows(
      `update talentbridge.network_arrival a
       set state = $2, reason = $3, remedy = $4, resume_at = null, finished_at = now()
       where ${tx.own('a')} and a.id = $1`,
      [id, state, reason, remedy],
    );
    await this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, connectionId);
  }

  private async keepReference(
    tx: Transaction,
    { id }: OpenArrival,
    { remoteId, remoteUrl }: RemoteReference,
  ): Promise<void> {
    await tx.rows(
      `update talentbridge.network_arrival a set existing_id = $2, existing_url = $3 where ${tx.own('a')} and a.id = $1`,
      [id, remoteId, remoteUrl ?? null],
    );
  }
}

import type { CandidateRecord, ContactReceipt, ExportTarget, RemoteReference } from '@talentbridge/contracts';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';

/** Somebody to send. Opened in the ledger of arrivals, durably, before that. */
export interface PersonToSend {
  readonly itemId: string;
  readonly tries: number;
  readonly firstTriedAt: Date;
  /** An earlier try may have reached the ATS. */
  readonly reopened: boolean;
  readonly candidate: CandidateRecord;
  readonly target: ExportTarget;
  readonly existing?: RemoteReference;
  /** Where they come from, for the ATS to say so. */
  readonly source?: string;
  /** For a placeholder address. Absent: none is made. */
  readonly dummyNumber?: number;
  isOurs(): Promise<boolean>;
}

/** What became of them. */
export type PersonSent =
  | { readonly kind: 'ADDED'; readonly outcome: 'CREATED' | 'UPDATED'; readonly reference: RemoteReference }
  | {
      readonly kind: 'REFUSED';
      readonly reason: string;
      readonly remedy: string;
      readonly wantsEmail: boolean;
      readonly reference?: RemoteReference;
    }
  | { readonly kind: 'UNCLEAR'; readonly reason: string; readonly remedy: string }
  | {
      readonly kind: 'AGAIN';
      readonly open: boolean;
      readonly delayMs: number;
      readonly untried: boolean;
      readonly existing?: RemoteReference;
      readonly halt?: unknown;
      readonly reason?: string;
    };

/** Contact data for a candidate that there is. Opened in the ledger of arrivals, durably, before that. */
export interface ContactToAdd extends Pick<PersonToSend, 'itemId' | 'tries' | 'isOurs'> {
  readonly remoteId: string;
  /** Of whom the name and the contact data count. */
  readonly candidate: CandidateRecord;
  /** What was made up of this candidate when it was sent. Absent: nothing. */
  readonly madeUp?: { readonly firstName: string; readonly lastName: string; readonly dummyNumber?: number };
}

/** What became of it. */
export type ContactSent =
  | ({ readonly kind: 'CONTACT_ADDED'; readonly reference: RemoteReference } & ContactReceipt)
  /** The ATS cannot be asked to. */
  | { readonly kind: 'UNABLE'; readonly reference: RemoteReference }
  | Extract<PersonSent, { readonly kind: 'REFUSED' | 'AGAIN' }>;

/** Export, as arrivals use it: what sends one person into an ATS, so that it holds them once. */
export interface PersonExporter {
  /** @throws HubError when nobody can be sent there now: nothing was. */
  send(scope: OrganizationScope, connectionId: string, person: PersonToSend): Promise<PersonSent>;
  /** @throws HubError when nothing can be written there now: nothing was. */
  addContact(scope: OrganizationScope, connectionId: string, contact: ContactToAdd): Promise<ContactSent>;
  /** A number for a placeholder address that nobody in the account has. */
  reserveDummyNumber(tx: Transaction, connectionId: string): Promise<number>;
}

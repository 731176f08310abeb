import type { CandidateRecord, ContactReceipt, ExportTarget, RemoteReference } from '@talentbridge/contracts';
import type { OrganizationScope } from './persistence/organization-scope.js';
import type { Transaction } from './persistence/transaction.js';

/** Somebody to send. Whoever sends them keeps a ledger, and has opened it there, durably, before that. */
export interface PersonToSend {
  /** The same for every try. */
  readonly itemId: string;
  /** 1 for the first try. */
  readonly tries: number;
  readonly firstTriedAt: Date;
  /** An earlier try may have reached the ATS. */
  readonly reopened: boolean;
  readonly candidate: CandidateRecord;
  readonly target: ExportTarget;
  /** The candidate that there is already. */
  readonly existing?: RemoteReference;
  /** Where they come from, for the ATS to say so. Absent: from this product. */
  readonly source?: string;
  /** For a placeholder address, where the ATS demands one and there is none. Absent: none is made. */
  readonly dummyNumber?: number;
  /** Asked right before anything is sent: whether this is still for the caller to do. */
  isOurs(): Promise<boolean>;
}

/** What became of somebody who was sent. */
export type PersonSent =
  | { readonly kind: 'ADDED'; readonly outcome: 'CREATED' | 'UPDATED'; readonly reference: RemoteReference }
  | {
      readonly kind: 'REFUSED';
      readonly reason: string;
      readonly remedy: string;
      /** The ATS demands an email, and there is none. */
      readonly wantsEmail: boolean;
      /** The candidate itself arrived. */
      readonly reference?: RemoteReference;
    }
  /** The candidate that there was already is not there any more: nothing was written. */
  | { readonly kind: 'GONE' }
  /** Nobody can say whether it arrived. */
  | { readonly kind: 'UNCLEAR'; readonly reason: string; readonly remedy: string }
  | {
      /** To be tried again. */
      readonly kind: 'AGAIN';
      /** It may have reached the ATS. */
      readonly open: boolean;
      readonly delayMs: number;
      /** Nothing was sent: it does not count as a try. */
      readonly untried: boolean;
      readonly existing?: RemoteReference;
      /** An error that concerns the whole connection. */
      readonly halt?: unknown;
      readonly reason?: string;
    };

/** Contact data for a candidate that there is. Whoever adds it has opened it in a ledger, durably, before that. */
export interface ContactToAdd extends Pick<PersonToSend, 'itemId' | 'tries' | 'isOurs'> {
  /** The candidate. */
  readonly remoteId: string;
  /** Of whom the name and the contact data count. */
  readonly candidate: CandidateRecord;
  /** What was made up of this candidate when it was sent. Absent: nothing. */
  readonly madeUp?: {
    readonly firstName: string;
    readonly lastName: string;
    /** Of its placeholder address. Absent: it has none. */
    readonly dummyNumber?: number;
  };
}

/** What became of it. It does no harm twice, so that nothing of it is ever unclear. */
export type ContactSent =
  | ({ readonly kind: 'CONTACT_ADDED'; readonly reference: RemoteReference } & ContactReceipt)
  /** The ATS cannot be asked to. */
  | { readonly kind: 'UNABLE'; readonly reference: RemoteReference }
  | Extract<PersonSent, { readonly kind: 'REFUSED' | 'GONE' | 'AGAIN' }>;

/**
 * Sends people one by one into an ATS, trimmed and repeated as an export does it. A port, because who has somebody to send and who
 * knows how are two capabilities, and capabilities do not know each other.
 */
export interface PersonExporter {
  /**
   * Sends one person, so that the ATS holds them once or it is said that nobody knows.
   * @throws NotFoundError, CapabilityOffError, WrongStateError when nobody can be sent there now: nothing was.
   */
  send(scope: OrganizationScope, connectionId: string, person: PersonToSend): Promise<PersonSent>;
  /**
   * Adds contact data to a candidate that there is.
   * @throws NotFoundError, CapabilityOffError, WrongStateError when nothing can be written there now: nothing was.
   */
  addContact(scope: OrganizationScope, connectionId: string, contact: ContactToAdd): Promise<ContactSent>;
  /** A number for a placeholder address that nobody in the account of this connection has, and nobody else gets. */
  reserveDummyNumber(tx: Transaction, connectionId: string): Promise<number>;
}

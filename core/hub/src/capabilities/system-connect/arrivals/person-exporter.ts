import type { CandidateRecord, ExportTarget, RemoteReference } from '@talentbridge/contracts';
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

/** Export, as arrivals use it: what sends one person into an ATS, so that it holds them once. */
export interface PersonExporter {
  /** @throws HubError when nobody can be sent there now: nothing was. */
  send(scope: OrganizationScope, connectionId: string, person: PersonToSend): Promise<PersonSent>;
  /** A number for a placeholder address that nobody in the account has. */
  reserveDummyNumber(tx: Transaction, connectionId: string): Promise<number>;
}

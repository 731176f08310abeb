import { isUuid } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { ContactKind } from './contact-source.js';

/**
 * Where an order to reveal contact data stands.
 *
 * - `QUEUED`: waits for a worker
 * - `RUNNING`: people are asked about
 * - `COMPLETE`: everybody has a result
 * - `STOPPED`: it was cancelled, or the contact source answers nobody any more; `statusReason` says which
 */
export const CONTACT_REVEAL_STATUSES = ['QUEUED', 'RUNNING', 'COMPLETE', 'STOPPED'] as const;

/** Where an order to reveal contact data stands. */
export type ContactRevealStatus = (typeof CONTACT_REVEAL_STATUSES)[number];

/** An order to reveal contact data: "get email for all", "get phone for all". */
export interface ContactRevealRecord {
  readonly id: string;
  readonly status: ContactRevealStatus;
  /** Why it stopped, or what it waits for. */
  readonly statusReason: string | null;
  readonly kinds: readonly ContactKind[];
  /** Absent: profiles were named alone. */
  readonly projectId: string | null;
  /** People that it is about. */
  readonly total: number;
  /** Those who have a result: contact data, none, a failure, or that their profile was deleted. */
  readonly done: number;
  /** Those who have revealed contact data of these kinds now. */
  readonly withContact: number;
  /** Addresses and numbers that were not revealed before. */
  readonly revealed: number;
  /** Those whom the source did not answer about. */
  readonly failed: number;
  /** Those whose profile was deleted after the order. */
  readonly deleted: number;
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** Why some people of an order failed. */
export interface ContactRevealFailure {
  /** Stable: `CONTACT_SOURCE_UNAVAILABLE`. */
  readonly code: string;
  /** For people. */
  readonly reason: string;
  readonly count: number;
}

/** The columns of a `ContactRevealRecord`, of a table that is called `r`. */
export const CONTACT_REVEAL_COLUMNS = `r.id, r.status, r.status_reason as "statusReason", r.kinds, r.project_id as "projectId",
  r.total, r.done, r.with_contact as "withContact", r.revealed, r.failed, r.deleted, r.requested_by as "requestedBy",
  r.created_at as "createdAt", r.started_at as "startedAt", r.finished_at as "finishedAt"`;

/**
 * One order of the organization of a transaction, or `undefined` when there is none.
 * @param lock `for update`: nobody else changes it before the transaction ends.
 */
export function findContactReveal(
  tx: Transaction,
  id: string,
  lock: '' | 'for update' = '',
): Promise<ContactRevealRecord | undefined> {
  if (!isUuid(id)) return Promise.resolve(undefined);
  return tx.row<ContactRevealRecord>(
    `select ${CONTACT_REVEAL_COLUMNS} from talentbridge.contact_reveal r where ${tx.own('r')} and r.id = $1 ${lock}`,
    [id],
  );
}

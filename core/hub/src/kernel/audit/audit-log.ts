import type { Caller } from '../organizations/caller.js';
import type { OrganizationScope } from '../persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../persistence/page.js';
import type { Transaction } from '../persistence/transaction.js';
import { uuidv7 } from '../persistence/uuidv7.js';

/** What was done. One word for one thing: subject, then verb. */
export type AuditAction = `${string}.${string}`;

/** One line of the audit log. */
export interface AuditEvent {
  readonly id: string;
  readonly at: Date;
  readonly actorId: string;
  readonly actorRoles: readonly string[];
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** Plain facts without secrets and without personal data. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Writes down who did what to which record; nothing in it is ever changed. */
export class AuditLog {
  /** Adds a line in the transaction of the deed, so that neither is there without the other. */
  async record(
    tx: Transaction,
    caller: Caller,
    action: AuditAction,
    subject: { readonly type: string; readonly id: string },
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    await tx.rows(
      `insert into talentbridge.audit_event
         (organization_id, id, actor_id, actor_roles, action, subject_type, subject_id, details)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        tx.organizationId,
        uuidv7(),
        caller.userId,
        caller.roles,
        action,
        subject.type,
        subject.id,
        JSON.stringify(details),
      ],
    );
  }

  /** Newest first. */
  list(scope: OrganizationScope, page: PageRequest): Promise<Page<AuditEvent>> {
    return scope.read((tx) =>
      pageOf<AuditEvent>(tx, page, {
        select: `e.id, e.at, e.actor_id as "actorId", e.actor_roles as "actorRoles", e.action,
          e.subject_type as "subjectType", e.subject_id as "subjectId", e.details`,
        from: `talentbridge.audit_event e where ${tx.own('e')}`,
        order: 'e.id desc',
        after: { column: 'e.id', comparison: '<' },
      }),
    );
  }
}

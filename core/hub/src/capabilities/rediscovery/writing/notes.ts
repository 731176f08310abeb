import type { RecordReference } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { MirrorRows } from './mirror-rows.js';
import type { MirrorPlace, MirrorRead, RemovedRecords } from './mirror-write.js';

/** How many records there are more than before, or less. */
export type More = Readonly<Record<'candidates' | 'jobs' | 'applications', number>>;

/** What changed: ids by the word for it. */
export type Changes = Readonly<Record<string, readonly string[]>>;

/** Notes what was seen, and writes into the outbox what others have to look at again. */
export function remember(
  tx: Transaction,
  toWrite: MirrorRows,
  { runId, beganAt, cursorHash }: MirrorRead,
  seen: RemovedRecords & {
    readonly refs: readonly string[];
    readonly changes: Changes;
    readonly more: More;
    /** Applications came by themselves. */
    readonly applicationsAlone: boolean;
  },
): void {
  const { candidateIds, jobIds, applicationIds, refs } = seen;
  toWrite.also((bind) => {
    const ids = [candidateIds, jobIds, applicationIds].map((some) => `${bind(uuids(some))}::uuid[]`).join(', ');
    return `insert into talentbridge.mirror_read
        (organization_id, id, connection_id, run_id, began_at, cursor_hash, candidate_ids, job_ids, application_ids, refs)
      values ($1, ${bind(uuidv7())}, $2, ${bind(runId ?? null)}, ${bind(beganAt)}, ${bind(cursorHash ?? null)}, ${ids}, ${bind(refs)})`;
  });
  toWrite.also((bind) =>
    tallying(
      tx,
      '$2',
      tallied(seen.more)
        .map((count) => `${bind(count)}::int`)
        .join(', '),
      bind(seen.applicationsAlone),
    ),
  );
  toWrite.also((bind) => {
    // Kinds of which there are none stand in it as well, so that the statement is the same for every page.
    const rows = Object.entries(seen.changes).map(([change, ids]) => `('${change}', ${bind(uuids(ids))}::uuid[])`);
    return `insert into talentbridge.mirror_change (organization_id, connection_id, change, ids)
      select $1, $2, n.change, n.ids from (values ${rows.join(', ')}) as n (change, ids) where n.ids <> '{}'`;
  });
}

/**
 * Keeps the counts of the mirror. Whoever writes holds the row that they stand in, so that none is ever lost.
 * @param alone Whether applications came by themselves.
 */
export async function tally(tx: Transaction, { connectionId }: MirrorPlace, more: More, alone = false): Promise<void> {
  await tx.rows(tallying(tx, '$1', '$2::int, $3::int, $4::int', '$5'), [connectionId, ...tallied(more), alone]);
}

/**
 * @param connection The parameter that holds the connection.
 * @param more Those that `tallied` answers.
 * @param alone The parameter that says whether applications came by themselves.
 */
function tallying(tx: Transaction, connection: string, more: string, alone: string): string {
  return `update talentbridge.mirror_state s
    set candidates = s.candidates + n.candidates, jobs = s.jobs + n.jobs, applications = s.applications + n.applications,
      applications_alone = s.applications_alone or n.alone
    from (values (${more}, ${alone}::boolean)) as n (candidates, jobs, applications, alone)
    where ${tx.own('s')} and s.connection_id = ${connection}
      and (n.candidates <> 0 or n.jobs <> 0 or n.applications <> 0 or (n.alone and not s.applications_alone))`;
}

function tallied({ candidates, jobs, applications }: More): readonly number[] {
  return [candidates, jobs, applications];
}

/** Writes into the outbox what others have to look at again. */
export async function announceChanges(tx: Transaction, connectionId: string, changes: Changes): Promise<void> {
  await tx.rows(
    `insert into talentbridge.mirror_change (organization_id, connection_id, change, ids)
     select $1, $2, n.change, n.ids from jsonb_to_recordset($3::jsonb) as n (change text, ids uuid[])`,
    [tx.organizationId, connectionId, changeRows(changes)],
  );
}

function changeRows(changes: Changes): string {
  const rows = Object.entries(changes).filter(([change, ids]) => ids.length > 0 || change === 'CLEARED');
  return JSON.stringify(rows.map(([change, ids]) => ({ change, ids })));
}

/** Remembers what the ATS said is gone, so that an older copy of its data does not bring it back. */
export async function rememberGone(
  tx: Transaction,
  { connectionId }: MirrorPlace,
  gone: readonly RecordReference[],
): Promise<void> {
  const lasting = gone.filter(({ kind }) => kind !== 'application');
  if (lasting.length === 0) return;
  await tx.rows(
    `insert into talentbridge.mirror_gone (organization_id, id, connection_id, kind, remote_id)
     select $1, n.id, $2, n.kind, n."remoteId" from jsonb_to_recordset($3::jsonb) as n (id uuid, kind text, "remoteId" text)
     on conflict do nothing`,
    [tx.organizationId, connectionId, JSON.stringify(lasting.map((one) => ({ id: uuidv7(), ...one })))],
  );
}

/** A list of ids as the database takes it; written by hand, because the client asks of each whether it needs quotes. */
function uuids(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

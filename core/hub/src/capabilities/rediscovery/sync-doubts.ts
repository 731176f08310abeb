import type { RecordReference, RediscoveryLimits } from '@talentbridge/contracts';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import type { SyncKind } from './mirror-model.js';

/** Records that a complete run of everything missed: more of them are deleted without asking about each. */
const FEW = 500;
/** Records that a run of an ATS that hides some asks about, where its plugin does not say. */
const MOST_ASKED_ABOUT = 2_000;
/** Records that could not be read before, of which one run of changes asks. */
const MOST_ASKED_AGAIN = 100;
/** Failed tries after which a record is left as it is. The first may have failed because of another one of its batch. */
const MOST_TRIES = 3;

/** The run that asks. */
export interface AskingRun {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: SyncKind;
}

/** Records that are asked about in one call. */
export interface Questions {
  readonly references: readonly RecordReference[];
  /** When, by the clock of the database. */
  readonly askedAt: Date;
  /** How many the run asks about still, these included. */
  readonly open: number;
}

/** Whether a run tells what is gone by leaving it out. */
export function infersDeletions({ kind }: Pick<AskingRun, 'kind'>, { completeWhenFull }: RediscoveryLimits): boolean {
  return kind === 'FULL' && completeWhenFull !== false;
}

/**
 * Finds out what is to be asked, once a run has read everything: what a run of everything did not bring, and before it ends a
 * run of changes, what could not be read earlier. Records of which there is a question already keep but one.
 * @param missingOf A query for the ids of what the run `$1` did not bring.
 * @returns Whether it looked for what the run did not bring, and there was nothing.
 */
export async function raiseQuestions(
  tx: Transaction,
  run: AskingRun,
  limits: RediscoveryLimits,
  missingOf: (kind: RecordReference['kind']) => string,
): Promise<boolean> {
  await forgetDoubts(tx, run.connectionId);
  if (run.kind === 'FULL') {
    const infers = infersDeletions(run, limits);
    const most = Math.min(infers ? FEW : Infinity, mostAskedAbout(limits));
    const missing = most > 0 ? await missed(tx, run, most + 1, missingOf) : [];
    if (missing.length === 0) return most > 0;
    if (infers && missing.length > most) return false;
    await tx.rows(
      `insert into talentbridge.sync_doubt (organization_id, id, connection_id, kind, remote_id, run_id)
       select $1, n.id, $2, n.kind, n."remoteId", $3
       from jsonb_to_recordset($4::jsonb) as n (id uuid, kind text, "remoteId" text)
       on conflict (organization_id, remote_id, connection_id, kind) do update
         set id = excluded.id, run_id = excluded.run_id, tries = 0, gone = false`,
      [
        tx.organizationId,
        run.connectionId,
        run.id,
        JSON.stringify(missing.slice(0, most).map((reference) => ({ id: uuidv7(), ...reference }))),
      ],
    );
    return false;
  }
  await tx.rows(
    `update talentbridge.sync_doubt d set run_id = $2, tries = 0
     where ${tx.own('d')} and d.id = any(array(
       select o.id from talentbridge.sync_doubt o
       where ${tx.own('o')} and o.connection_id = $1 and o.run_id is null
         and o.noted_at < (select r.reading_since from talentbridge.sync_run r where ${tx.own('r')} and r.id = $2)
       order by o.asked_at nulls first, o.noted_at, o.id limit ${MOST_ASKED_AGAIN}))`,
    [run.connectionId, run.id],
  );
  return false;
}

/** What is to be asked next: what failed comes last and alone. `undefined`: nothing. */
export async function nextQuestions(tx: Transaction, run: AskingRun, most: number): Promise<Questions | undefined> {
  const rows = await tx.rows<RecordReference & { readonly tries: number; readonly now: Date; readonly open: number }>(
    `select d.kind, d.remote_id as "remoteId", d.tries, clock_timestamp() as now, count(*) over ()::int as open
     from talentbridge.sync_doubt d
     where ${tx.own('d')} and d.run_id = $1 and not d.gone order by d.tries, d.id limit $2`,
    [run.id, most],
  );
  const [first] = rows;
  if (!first) return undefined;
  const together = first.tries === 0 ? rows.filter(({ tries }) => tries === 0) : [first];
  const references = together.map(({ kind, remoteId }) => ({ kind, remoteId }));
  return { references, askedAt: first.now, open: first.open };
}

/** Notes answers: what is gone waits for the end of the run, and everything else is in the mirror, or hidden. */
export async function noteAnswers(
  tx: Transaction,
  run: AskingRun,
  { references, askedAt }: Questions,
  gone: readonly RecordReference[],
): Promise<void> {
  await tx.rows(
    `update talentbridge.sync_doubt d set gone = true, noted_at = null, asked_at = $3
     where ${tx.own('d')} and d.run_id = $1 and ${named('d', 2)}`,
    [run.id, JSON.stringify(gone), askedAt],
  );
  await tx.rows(
    `delete from talentbridge.sync_doubt d where ${tx.own('d')} and d.run_id = $1 and not d.gone and ${named('d', 2)}`,
    [run.id, JSON.stringify(references)],
  );
  for (const kind of ['candidate', 'job', 'application'] as const) {
    const remoteIds = references.filter((one) => one.kind === kind).map(({ remoteId }) => remoteId);
    if (remoteIds.length === 0) continue;
    await tx.rows(
      `update talentbridge.mirror_${kind} x set asked_at = $3
       where ${tx.own('x')} and x.connection_id = $1 and x.remote_id = any($2::text[])`,
      [run.connectionId, remoteIds, askedAt],
    );
  }
}

/** Notes that these could not be asked about. @returns Those that are left as they are from now on. */
export async function noteFailure(
  tx: Transaction,
  run: AskingRun,
  { references }: Questions,
): Promise<readonly RecordReference[]> {
  await tx.rows(
    `update talentbridge.sync_doubt d set tries = d.tries + 1 where ${tx.own('d')} and d.run_id = $1 and ${named('d', 2)}`,
    [run.id, JSON.stringify(references)],
  );
  return leaveOpen(tx, run, `d.tries >= ${MOST_TRIES}`);
}

/** Stops to ask. Whatever is open is asked by later runs of changes. */
export async function askNoMore(tx: Transaction, run: AskingRun): Promise<void> {
  await leaveOpen(tx, run, 'true');
}

/** Notes records that the ATS has and did not hand out. */
export async function noteUnreadable(
  tx: Transaction,
  { connectionId }: AskingRun,
  references: readonly RecordReference[],
): Promise<void> {
  if (references.length === 0) return;
  const each = [...new Map(references.map((one) => [`${one.kind}/${one.remoteId}`, one])).values()];
  await tx.rows(
    `insert into talentbridge.sync_doubt (organization_id, id, connection_id, kind, remote_id, noted_at)
     select $1, n.id, $2, n.kind, n."remoteId", clock_timestamp()
     from jsonb_to_recordset($3::jsonb) as n (id uuid, kind text, "remoteId" text)
     on conflict (organization_id, remote_id, connection_id, kind) do update set noted_at = excluded.noted_at`,
    [tx.organizationId, connectionId, JSON.stringify(each.map((reference) => ({ id: uuidv7(), ...reference })))],
  );
}

/** Forgets what runs that are over asked. What could not be read stays, until somebody can read it. */
export async function forgetDoubts(tx: Transaction, connectionId: string): Promise<void> {
  const isOver = `${tx.own('d')} and d.connection_id = $1 and not exists (select from talentbridge.sync_run r
    where ${tx.own('r')} and r.id = d.run_id and r.finished_at is null)`;
  await tx.rows(
    `with forgotten as (delete from talentbridge.sync_doubt d where ${isOver} and d.noted_at is null)
     update talentbridge.sync_doubt d set run_id = null where ${isOver} and d.noted_at is not null and d.run_id is not null`,
    [connectionId],
  );
}

/** A query for the ids of records that could not be read since the run began to read. @param run A table with the run. */
export function unreadableSince(tx: Transaction, kind: RecordReference['kind'], run: string): string {
  return `select unread.id from ${run}, talentbridge.sync_doubt d cross join lateral (
      select u.id from talentbridge.mirror_${kind} u
      where ${tx.own('u')} and u.connection_id = d.connection_id and u.remote_id = d.remote_id offset 0) as unread
    where ${tx.own('d')} and d.connection_id = ${run}.connection_id and d.kind = '${kind}' and d.noted_at >= ${run}.reading_since`;
}

async function leaveOpen(tx: Transaction, run: AskingRun, condition: string): Promise<readonly RecordReference[]> {
  return tx.rows<RecordReference>(
    `update talentbridge.sync_doubt d set run_id = null, noted_at = clock_timestamp(), asked_at = clock_timestamp()
     where ${tx.own('d')} and d.run_id = $1 and not d.gone and ${condition}
     returning d.kind, d.remote_id as "remoteId"`,
    [run.id],
  );
}

/** What was not brought: first what nobody has asked about for longest, or ever. */
async function missed(
  tx: Transaction,
  run: AskingRun,
  most: number,
  missingOf: (kind: RecordReference['kind']) => string,
): Promise<readonly RecordReference[]> {
  const found: { readonly reference: RecordReference; readonly at: number }[] = [];
  for (const kind of ['candidate', 'job', 'application'] as const) {
    const rows = await tx.rows<{ remoteId: string; askedAt: Date | null; writtenAt: Date }>(
      `select o.remote_id as "remoteId", o.asked_at as "askedAt", o.written_at as "writtenAt"
       from talentbridge.mirror_${kind} o where ${tx.own('o')} and o.id in (${missingOf(kind)})
       order by greatest(o.asked_at, o.written_at), o.id limit $2`,
      [run.id, most],
    );
    for (const { remoteId, askedAt, writtenAt } of rows) {
      found.push({
        reference: { kind, remoteId },
        at: Math.max(askedAt?.getTime() ?? 0, writtenAt.getTime()),
      });
    }
  }
  return found
    .toSorted((one, other) => one.at - other.at)
    .slice(0, most)
    .map(({ reference }) => reference);
}

function mostAskedAbout({ mostAskedAbout: most }: RediscoveryLimits): number {
  return most !== undefined && Number.isSafeInteger(most) && most >= 0 ? most : MOST_ASKED_ABOUT;
}

/** Whether a row is of a record of a JSON list. */
function named(alias: string, parameter: number): string {
  return `(${alias}.kind, ${alias}.remote_id) in (
    select n.kind, n."remoteId" from jsonb_to_recordset($${parameter}::jsonb) as n (kind text, "remoteId" text))`;
}

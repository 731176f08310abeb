import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { unreadableSince } from '../sync-doubts.js';
import { rowsOf } from '../writing/lookups.js';
import { referenceOf, refOf } from '../writing/refs.js';
import type { TakenRun } from './taken-run.js';

/** Records that are to be deleted. */
export interface Missing {
  readonly candidateIds: readonly string[];
  readonly jobIds: readonly string[];
  readonly applicationIds: readonly string[];
  /** When the ATS was asked that said so, by the id of the record. The others were not brought by a run of everything. */
  readonly toldAt: ReadonlyMap<string, Date>;
  readonly total: number;
}

/** Missing records that are looked up at once. */
const MISSING_AT_ONCE = 20_000;

const NEVER = new Date(0);

const NOTHING: Omit<Missing, 'total'> = { candidateIds: [], jobIds: [], applicationIds: [], toldAt: new Map() };

/** What a run would delete, or a part of it that is as much as one goes through at once. */
export async function findMissing(tx: Transaction, taken: TakenRun, infers: boolean): Promise<Missing> {
  const named = await deferred(tx, taken);
  if (!infers) return { ...named, total: totalOf(named) };
  const idsMissing = async (kind: 'candidate' | 'job' | 'application'): Promise<readonly string[]> => {
    const rows = await tx.rows<{ id: string }>(`${missingOf(tx, kind)} limit ${MISSING_AT_ONCE}`, [taken.id]);
    return rows.map((row) => row.id);
  };
  const found = {
    candidateIds: [...new Set([...named.candidateIds, ...(await idsMissing('candidate'))])],
    jobIds: [...new Set([...named.jobIds, ...(await idsMissing('job'))])],
    applicationIds: [...new Set([...named.applicationIds, ...(await idsMissing('application'))])],
    toldAt: named.toldAt,
  };
  return { ...found, total: totalOf(found) };
}

/** What the ATS named as gone, in answers or as too much to be deleted at once. Whatever came again since is not gone. */
export async function deferred(tx: Transaction, taken: TakenRun): Promise<Omit<Missing, 'total'>> {
  const said = await tx.rows<{ ref: string; at: Date }>(
    `select ref, max(said.at) as at from (
       select ref, m.began_at as at from talentbridge.mirror_read m, unnest(m.refs) as ref
       where ${tx.own('m')} and m.connection_id = $1 and m.run_id = $2
       union all
       select d.kind || '/' || d.remote_id, d.asked_at from talentbridge.sync_doubt d
       where ${tx.own('d')} and d.run_id = $2 and d.gone
     ) as said group by ref`,
    [taken.connectionId, taken.id],
  );
  if (said.length === 0) return NOTHING;
  const saidAt = new Map(said.map(({ ref, at }) => [ref, at]));
  const references = said.flatMap(({ ref }) => referenceOf(ref) ?? []);
  // Applications are never too many: those that were named went at once, and one that is there came again.
  const left: Record<'candidate' | 'job', string[]> = { candidate: [], job: [] };
  const toldAt = new Map<string, Date>();
  for (const kind of ['candidate', 'job'] as const) {
    const named = await rowsOf(tx, taken, kind, references);
    if (named.length === 0) continue;
    const seen = await tx.rows<{ id: string; at: Date }>(
      `select seen as id, max(m.began_at) as at from talentbridge.mirror_read m, unnest(m.${kind}_ids) as seen
       where ${tx.own('m')} and m.connection_id = $1 and seen = any($2::uuid[]) group by seen`,
      [taken.connectionId, named.map((row) => row.id)],
    );
    const seenAt = new Map(seen.map(({ id, at }) => [id, at]));
    const later = ({ id, remoteId }: { readonly id: string; readonly remoteId: string }): boolean =>
      (seenAt.get(id) ?? NEVER) > (saidAt.get(refOf({ kind, remoteId })) ?? NEVER);
    for (const row of named) {
      if (later(row)) continue;
      left[kind].push(row.id);
      toldAt.set(row.id, saidAt.get(refOf({ kind, remoteId: row.remoteId })) ?? NEVER);
    }
  }
  return { candidateIds: left.candidate, jobIds: left.job, applicationIds: [], toldAt };
}

/**
 * A query for the ids of candidates, of jobs, or of applications that came by themselves, which a full run did not bring and
 * nobody has seen or written, or failed to read, since it began to read. Set against set, because a join would be planned by
 * what the tables held before the run.
 */
export function missingOf(tx: Transaction, kind: 'candidate' | 'job' | 'application'): string {
  const isMissing = `${tx.own('x')} and x.connection_id = run.connection_id and x.written_at < run.reading_since
      and not x.copied`;
  // Applications that came with their candidate went with it, or were replaced with it. Asked for by itself, so that the tables
  // are not even opened where no other ever came.
  const cameAlone = '(select run.applications_alone from run)';
  const missing =
    kind === 'application'
      ? `(
        select x.candidate_remote_id from talentbridge.mirror_application x, run where ${cameAlone} and ${isMissing}
        except
        select o.remote_id from talentbridge.mirror_candidate o, run
        where ${cameAlone} and ${tx.own('o')} and o.connection_id = run.connection_id and o.applications_hash is not null
      ) as owner, run cross join lateral (
        select x.* from talentbridge.mirror_application x
        where ${isMissing} and x.candidate_remote_id = owner.candidate_remote_id offset 0) as x`
      : `talentbridge.mirror_${kind} x, run where ${isMissing}`;
  return `with run as materialized (
      select r.id, r.connection_id, r.reading_since, s.applications_alone from talentbridge.sync_run r
      join talentbridge.mirror_state s on ${tx.own('s')} and s.connection_id = r.connection_id
      where ${tx.own('r')} and r.id = $1
    )
    select x.id from ${missing}
    except
    select unnest(m.${kind}_ids) from talentbridge.mirror_read m, run
    where ${tx.own('m')} and m.connection_id = run.connection_id and (m.run_id = run.id or m.began_at >= run.reading_since)
    except
    ${unreadableSince(tx, kind, 'run')}`;
}

/** Of records that were missing a moment ago those that nobody has seen since the run began, or since they were told gone. */
export async function stillMissing(
  tx: Transaction,
  taken: TakenRun,
  ids: readonly string[],
  toldAt: ReadonlyMap<string, Date>,
): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: string }>(
    `with wanted as materialized (
       select w.id, w.at from unnest($2::uuid[], $4::timestamptz[]) as w (id, at)
     ), seen as materialized (
       select one as id, m.began_at as at
       from talentbridge.mirror_read m, unnest(m.candidate_ids || m.job_ids || m.application_ids) as one
       where ${tx.own('m')} and m.connection_id = $1 and m.run_id is null
         and m.began_at >= (select r.reading_since from talentbridge.sync_run r where ${tx.own('r')} and r.id = $3)
     )
     select w.id from wanted w
     except
     select w.id from wanted w join seen s on s.id = w.id where w.at is null or s.at > w.at`,
    [taken.connectionId, ids, taken.id, ids.map((id) => toldAt.get(id) ?? null)],
  );
  return rows.map((row) => row.id);
}

function totalOf({ candidateIds, jobIds, applicationIds }: Omit<Missing, 'total'>): number {
  return candidateIds.length + jobIds.length + applicationIds.length;
}

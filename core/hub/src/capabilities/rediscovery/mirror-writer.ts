import type { RecordReference } from '@talentbridge/contracts';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import type { ErasedPeople } from './erased-people.js';
import type { SyncCounts, SyncCountsByKind } from './mirror-model.js';
import { MirrorRows } from './mirror-rows.js';
import type {
  ReadApplication,
  ReadAttachment,
  ReadCandidate,
  ReadJob,
  ReadRecords,
  RefusedRecord,
} from './read-records.js';

/** Whose mirror is written. */
export interface MirrorPlace {
  readonly connectionId: string;
  /** Names the account of the ATS; outlives the connection. */
  readonly accountKey: string;
}

/** One read of an ATS: a page of a run, or records that were named from outside. */
export interface MirrorRead {
  /** Absent: named from outside a run. */
  readonly runId?: string;
  /** When the ATS was asked, by the clock of the database. */
  readonly beganAt: Date;
  /** Of the cursor that the page was asked with. */
  readonly cursorHash?: string;
}

/** How many records one read may delete. */
export interface DeletionLimits {
  readonly candidates: number;
  readonly jobs: number;
}

/** What writing did. */
export interface WriteReport {
  readonly counts: SyncCountsByKind;
  readonly refused: readonly RefusedRecord[];
  /** What could not be read. */
  readonly unreadable: readonly RecordReference[];
  /** What was not deleted because it was more than allowed. */
  readonly deferred: DeletionLimits;
}

/** Ids of records that are to go. */
export interface RemovedRecords {
  readonly candidateIds: readonly string[];
  readonly jobIds: readonly string[];
  readonly applicationIds: readonly string[];
}

/** Parts that were written by themselves make the hash over all of them worthless. */
const WORTHLESS_HASH = '00000000-0000-0000-0000-000000000000';

/** For what is no read of the ATS: everything was read before. */
const NO_RUN = '00000000-0000-0000-0000-000000000000';
const END_OF_TIME = new Date('9999-01-01T00:00:00Z');

type Counts = { -readonly [Name in keyof SyncCounts]: number };

/**
 * Writes what was read, in sets: the hashes of a page are compared in one query, and only what differs is sent to the
 * database at all, in one statement for all tables. The caller holds the lock on the connection's `mirror_state`.
 */
export class MirrorWriter {
  /** @param files Hears of files that came or changed, in the transaction that writes them. */
  constructor(
    private readonly erased: ErasedPeople,
    private readonly files?: {
      written(tx: Transaction, connectionId: string, attachmentIds: readonly string[]): Promise<void>;
    },
  ) {}

  /**
   * Writes one read. Of two reads of the same record, the one that was begun later wins, whichever is written first.
   * @param mayDelete Where more candidates or jobs are gone, none of them is deleted. Absent: any number.
   * @param also Called with what is about to be written, to have more written in the same statement.
   */
  async write(
    tx: Transaction,
    place: MirrorPlace,
    read: MirrorRead,
    records: ReadRecords,
    mayDelete?: DeletionLimits,
    also?: (report: WriteReport, rows: MirrorRows) => void,
  ): Promise<WriteReport> {
    const known = await this.known(tx, place, read, records.candidates);
    const { newer } = known;
    // Of who was erased nothing is remembered either: they are known again by other means.
    const { erased, refused, unreadable, ...seen } = await this.withoutErased(tx, place, records, known.erasureKey);
    const { candidates, jobs, applications } = withoutNewer(seen, newer);
    // Somebody whom only what they wrote meanwhile gives away goes as well.
    const gone = [...seen.gone.filter((reference) => !newer.refs.has(refOf(reference))), ...erased];
    const counts = { candidates: noCounts(), jobs: noCounts(), applications: noCounts() };
    for (const { kind } of refused) counts[`${kind}s`].refused += 1;
    counts.candidates.read = records.totals.candidates;
    counts.jobs.read = records.totals.jobs;
    counts.applications.read = records.totals.applications;

    const rows = new MirrorRows(tx, place.connectionId);
    const jobIds = await this.writeJobs(tx, place, rows, jobs, newer.ids, counts.jobs);
    const people = this.writeCandidates(rows, candidates, known, counts);
    const changed = new Set(people.changed);
    const alone = await this.writeApplications(
      tx,
      place,
      rows,
      people.owners,
      applications,
      newer,
      counts.applications,
    );
    for (const id of alone.candidateIds) changed.add(id);
    await this.writeAttachments(tx, place, rows, people.owners, known);
    // What came and is gone in one read goes.
    if (gone.length > 0) await rows.write();
    const named = await this.goneOf(tx, place, gone, newer);
    await rememberGone(tx, place, seen.gone);
    const deferred = {
      candidates: named.candidateIds.length > (mayDelete?.candidates ?? Infinity) ? named.candidateIds.length : 0,
      jobs: named.jobIds.length > (mayDelete?.jobs ?? Infinity) ? named.jobIds.length : 0,
    };
    const removed = await this.removeNamed(
      tx,
      place,
      {
        ...named,
        ...(deferred.candidates > 0 ? { candidateIds: [] } : {}),
        ...(deferred.jobs > 0 ? { jobIds: [] } : {}),
      },
      counts,
    );
    for (const id of removed.ownerIds) changed.add(id);
    for (const id of removed.candidateIds) changed.delete(id);

    this.remember(tx, rows, read, {
      candidateIds: people.ids,
      jobIds: jobIds.ids,
      applicationIds: alone.ids,
      refs: read.runId === undefined ? refsOf(seen) : goneRefs(seen.gone),
      more: {
        candidates: people.added - counts.candidates.deleted,
        jobs: jobIds.added - counts.jobs.deleted,
        applications: alone.added - counts.applications.deleted,
      },
      changes: {
        CANDIDATES_WRITTEN: [...changed],
        CANDIDATES_DELETED: removed.candidateIds,
        JOBS_WRITTEN: jobIds.changed,
        JOBS_DELETED: removed.jobIds,
      },
    });
    const report = { counts, refused, unreadable, deferred };
    also?.(report, rows);
    await rows.write();
    return report;
  }

  /**
   * Writes records of a copy of the ATS's data. It is no read of the ATS: nobody yields to it, and what it adds is not missed
   * where the ATS does not show it. The caller has left out whatever the mirror holds newer; applications come by themselves.
   * @returns How many were written, and how many were as they are. The others are of erased people.
   */
  async writeCopied(
    tx: Transaction,
    place: MirrorPlace,
    records: Pick<ReadRecords, 'candidates' | 'jobs' | 'applications'>,
  ): Promise<{ readonly written: number; readonly unchanged: number }> {
    const read = { runId: NO_RUN, beganAt: END_OF_TIME };
    const known = await this.known(tx, place, read, records.candidates);
    const given = { ...records, gone: [], refused: [], unreadable: [] };
    const { erased, candidates, jobs, applications } = await this.withoutErased(tx, place, given, known.erasureKey);
    const counts = { candidates: noCounts(), jobs: noCounts(), applications: noCounts() };
    const rows = new MirrorRows(tx, place.connectionId, true);
    const written = await this.writeJobs(tx, place, rows, jobs, known.newer.ids, counts.jobs, true);
    const people = this.writeCandidates(rows, candidates, known, counts, true);
    const alone = await this.writeApplications(
      tx,
      place,
      rows,
      people.owners,
      applications,
      known.newer,
      counts.applications,
      true,
    );
    const changed = new Set([...people.changed, ...alone.candidateIds]);
    await rows.write();
    await tally(tx, place, {
      candidates: people.added,
      jobs: written.added,
      applications: alone.added - counts.applications.deleted,
    });
    // Somebody whom only their copy gives away goes as well.
    const gone = await idsOf(tx, place, erased);
    if (gone.candidateIds.length > 0) await this.remove(tx, place, gone);
    for (const id of gone.candidateIds) changed.delete(id);
    await announceChanges(tx, place.connectionId, { CANDIDATES_WRITTEN: [...changed], JOBS_WRITTEN: written.changed });
    const each = Object.values(counts);
    return {
      written: each.reduce((sum, kind) => sum + kind.written, 0),
      unchanged: each.reduce((sum, kind) => sum + kind.unchanged, 0),
    };
  }

  /** Deletes records with all that belongs to them. @returns How many went from which table. */
  async remove(tx: Transaction, place: MirrorPlace, gone: RemovedRecords): Promise<Readonly<Record<string, number>>> {
    const removed = await this.deleteByIds(tx, place, gone);
    await tally(tx, place, {
      candidates: -(removed.rows['mirror_candidate'] ?? 0),
      jobs: -(removed.rows['mirror_job'] ?? 0),
      applications: -(removed.rows['mirror_application'] ?? 0),
    });
    await announceChanges(tx, place.connectionId, {
      CANDIDATES_WRITTEN: removed.ownerIds.filter((id) => !gone.candidateIds.includes(id)),
      CANDIDATES_DELETED: gone.candidateIds,
      JOBS_DELETED: gone.jobIds,
    });
    return removed.rows;
  }

  private async deleteByIds(
    tx: Transaction,
    { connectionId }: MirrorPlace,
    { candidateIds, jobIds, applicationIds }: RemovedRecords,
  ): Promise<{ readonly rows: Record<string, number>; readonly ownerIds: readonly string[] }> {
    const rows: Record<string, number> = {};
    let ownerIds: readonly string[] = [];
    if (applicationIds.length > 0) {
      const deleted = await tx.rows<{ candidateRemoteId: string }>(
        `delete from talentbridge.mirror_application a
         where ${tx.own('a')} and a.connection_id = $1 and a.id = any($2::uuid[])
         returning a.candidate_remote_id as "candidateRemoteId"`,
        [connectionId, applicationIds],
      );
      rows['mirror_application'] = deleted.length;
      ownerIds = await this.touchOwners(
        tx,
        connectionId,
        deleted.map((row) => row.candidateRemoteId),
      );
    }
    if (jobIds.length > 0) {
      rows['mirror_job'] = await countOf(
        tx,
        `delete from talentbridge.mirror_job j where ${tx.own('j')} and j.connection_id = $1 and j.id = any($2::uuid[])`,
        [connectionId, jobIds],
      );
    }
    if (candidateIds.length > 0) {
      const people = await tx.rows<{ remoteId: string }>(
        `delete from talentbridge.mirror_candidate c
         where ${tx.own('c')} and c.connection_id = $1 and c.id = any($2::uuid[]) returning c.remote_id as "remoteId"`,
        [connectionId, candidateIds],
      );
      rows['mirror_candidate'] = people.length;
      const remoteIds = people.map((row) => row.remoteId);
      const applications = await countOf(
        tx,
        `delete from talentbridge.mirror_application a where ${tx.own('a')} and a.id = any(array(
           select o.id from ${rowsNamed(tx, 'application', 'candidate_remote_id', 2)} o))`,
        [connectionId, remoteIds],
      );
      rows['mirror_application'] = (rows['mirror_application'] ?? 0) + applications;
      rows['mirror_attachment'] = await countOf(
        tx,
        `delete from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = any(array(
           select o.id from ${rowsNamed(tx, 'attachment', 'candidate_remote_id', 2)} o))`,
        [connectionId, remoteIds],
      );
    }
    return { rows, ownerIds };
  }

  /** All that has to be known before anything is written, in one statement. */
  private async known(
    tx: Transaction,
    { connectionId }: MirrorPlace,
    { runId, beganAt }: MirrorRead,
    candidates: readonly ReadCandidate[],
  ): Promise<Known> {
    const row = await tx.row<{
      refs: readonly string[] | null;
      ids: readonly string[] | null;
      erasureKey: unknown;
      candidates: readonly KnownCandidate[] | null;
    }>(
      // A page yields to what was named from outside, and the other way round; pages follow one another anyway.
      `with newer as materialized (
         select r.refs, r.candidate_ids || r.job_ids || r.application_ids as ids from talentbridge.mirror_read r
         where ${tx.own('r')} and r.connection_id = $1 and r.began_at >= $2 and (r.run_id is null or not $3)
       )
       select (select array_agg(ref) from newer, unnest(newer.refs) as ref) as refs,
         (select array_agg(id) from newer, unnest(newer.ids) as id where not $3) as ids,
         (select k.sealed from talentbridge.mirror_erasure_key k where ${tx.own('k')}) as "erasureKey",
         (select json_agg(json_build_object('id', c.id, 'remoteId', c.remote_id, 'hash', c.hash,
             'applicationsHash', c.applications_hash, 'attachmentsHash', c.attachments_hash, 'copied', c.copied))
           from ${rowsNamed(tx, 'candidate', 'remote_id', 4)} c) as candidates`,
      [connectionId, beganAt, runId !== undefined, candidates.map((candidate) => candidate.remoteId)],
    );
    const ids = row?.ids ?? [];
    const wholeOwners = (row?.refs ?? []).flatMap((ref) => (ref.startsWith(WHOLE) ? [ref.slice(WHOLE.length)] : []));
    return {
      newer: {
        refs: new Set(row?.refs),
        ids: new Set(ids),
        owners: new Set([...wholeOwners, ...(await wholeAmong(tx, ids))]),
      },
      erasureKey: row?.erasureKey ?? undefined,
      candidates: new Map(row?.candidates?.map((candidate) => [candidate.remoteId, candidate])),
    };
  }

  /** Leaves out who was erased, and all that belongs to them. */
  private async withoutErased(
    tx: Transaction,
    { accountKey }: MirrorPlace,
    { candidates, jobs, applications, gone, refused, unreadable }: ToldRecords,
    erasureKey: unknown,
  ): Promise<ToldRecords & { readonly erased: readonly RecordReference[] }> {
    if (erasureKey === undefined) return { erased: [], candidates, jobs, applications, gone, refused, unreadable };
    const known = this.erased.recogniser(tx, accountKey, erasureKey);
    const isErased = await known.find(tx, [
      ...candidates.map(({ remoteId, emails }) => ({ remoteId, emails })),
      ...applications.map(({ candidateRemoteId }) => ({ remoteId: candidateRemoteId, emails: [] })),
      ...[...gone, ...refused].flatMap(({ kind, remoteId }) =>
        kind === 'candidate' && remoteId !== null ? { remoteId, emails: [] } : [],
      ),
    ]);
    const isNamed = ({ kind, remoteId }: Pick<RefusedRecord, 'kind' | 'remoteId'>): boolean =>
      kind === 'candidate' && remoteId !== null && isErased({ remoteId, emails: [] });
    const erasedIds = candidates.filter(isErased).map(({ remoteId }) => remoteId);
    // A person who is known again by an email may have come under a new id: then that id is theirs as well.
    await known.add(tx, erasedIds, []);
    return {
      erased: erasedIds.map((remoteId) => ({ kind: 'candidate', remoteId })),
      candidates: candidates.filter((candidate) => !isErased(candidate)),
      jobs,
      applications: applications.filter(
        ({ candidateRemoteId }) => !isErased({ remoteId: candidateRemoteId, emails: [] }),
      ),
      gone: gone.filter((reference) => !isNamed(reference)),
      refused: refused.filter((record) => !isNamed(record)),
      unreadable: unreadable.filter((reference) => !isNamed(reference)),
    };
  }

  private async writeJobs(
    tx: Transaction,
    { connectionId }: MirrorPlace,
    toWrite: MirrorRows,
    given: readonly ReadJob[],
    newer: ReadonlySet<string>,
    counts: Counts,
    copied = false,
  ): Promise<WrittenRecords> {
    if (given.length === 0) return NOTHING_WRITTEN;
    const known = await tx.rows<{ id: string; remoteId: string; hash: string; copied: boolean }>(
      `select j.id, j.remote_id as "remoteId", j.hash, j.copied from ${rowsNamed(tx, 'job', 'remote_id', 2)} j`,
      [connectionId, given.map((job) => job.remoteId)],
    );
    const byRemoteId = new Map(known.map((row) => [row.remoteId, row]));
    const jobs = given.filter((job) => !newer.has(byRemoteId.get(job.remoteId)?.id ?? ''));
    const rows = jobs.map((job) => ({ job, id: byRemoteId.get(job.remoteId)?.id ?? uuidv7() }));
    const differing = rows.filter(({ job }) => differs(byRemoteId.get(job.remoteId), job, copied));
    counts.written += differing.length;
    counts.unchanged += rows.length - differing.length;
    toWrite.jobs(differing.map((row) => ({ ...row, replaces: byRemoteId.has(row.job.remoteId) })));
    return {
      ids: rows.map((row) => row.id),
      changed: differing.map((row) => row.id),
      added: differing.filter(({ job }) => !byRemoteId.has(job.remoteId)).length,
    };
  }

  private writeCandidates(
    toWrite: MirrorRows,
    given: readonly ReadCandidate[],
    known: Known,
    counts: { readonly candidates: Counts; readonly applications: Counts },
    copied = false,
  ): WrittenRecords & { readonly owners: Owners } {
    const owners: Owners = { applications: [], attachments: [] };
    if (given.length === 0) return { ...NOTHING_WRITTEN, owners };
    const ids: string[] = [];
    const differing: { readonly id: string; readonly read: ReadCandidate; readonly was: KnownCandidate | undefined }[] =
      [];
    for (const read of given) {
      const was = known.candidates.get(read.remoteId);
      if (was && known.newer.ids.has(was.id)) continue;
      const id = was?.id ?? uuidv7();
      ids.push(id);
      const own = differs(was, read, copied);
      const applications = read.applications && read.applications.hash !== was?.applicationsHash;
      const attachments = read.attachments && read.attachments.hash !== was?.attachmentsHash;
      if (applications) owners.applications.push(read);
      else counts.applications.unchanged += read.applications?.parts.length ?? 0;
      if (attachments) owners.attachments.push(read);
      if (own || attachments) counts.candidates.written += 1;
      else counts.candidates.unchanged += 1;
      if (own || applications || attachments) differing.push({ id, read, was });
    }
    toWrite.candidates(
      differing.map(({ id, read, was }) => ({
        id,
        read,
        replaces: was !== undefined,
        applicationsHash: read.applications?.hash ?? was?.applicationsHash ?? null,
        attachmentsHash: read.attachments?.hash ?? was?.attachmentsHash ?? null,
      })),
    );
    const added = differing.filter(({ was }) => was === undefined).length;
    return { ids, changed: differing.map((row) => row.id), added, owners };
  }

  /** Replaces the applications of their owners as a whole, and writes those that came by themselves. */
  private async writeApplications(
    tx: Transaction,
    { connectionId }: MirrorPlace,
    toWrite: MirrorRows,
    { applications: owners }: Owners,
    alone: readonly ReadApplication[],
    newer: Newer,
    counts: Counts,
    copied = false,
  ): Promise<Omit<WrittenRecords, 'changed'> & { readonly candidateIds: readonly string[] }> {
    const wanted = new Map(owners.flatMap(({ applications }) => (applications?.parts ?? []).map(byRemoteId)));
    for (const application of alone) wanted.set(application.remoteId, application);
    const ownerIds = new Set(owners.map((owner) => owner.remoteId));
    if (wanted.size === 0 && ownerIds.size === 0) return { ids: [], added: 0, candidateIds: [] };
    const known = await tx.rows<KnownApplication>(
      `select a.id, a.remote_id as "remoteId", a.candidate_remote_id as "candidateRemoteId", a.hash, a.copied
       from ${rowsNamed(tx, 'application', 'candidate_remote_id', 2)} a
       union
       select a.id, a.remote_id, a.candidate_remote_id, a.hash, a.copied from ${rowsNamed(tx, 'application', 'remote_id', 3)} a`,
      [connectionId, [...ownerIds], [...wanted.keys()]],
    );
    const knownById = new Map(known.map((row) => [row.remoteId, row]));
    const isNewer = ({ remoteId }: { readonly remoteId: string }): boolean => {
      const row = knownById.get(remoteId);
      return (
        newer.refs.has(refOf({ kind: 'application', remoteId })) ||
        (row !== undefined && (newer.ids.has(row.id) || newer.owners.has(row.candidateRemoteId)))
      );
    };
    const absent = known.filter((row) => ownerIds.has(row.candidateRemoteId) && !wanted.has(row.remoteId));
    const missing = absent.filter((row) => !isNewer(row));
    if (missing.length > 0) {
      counts.deleted += await countOf(
        tx,
        `delete from talentbridge.mirror_application a where ${tx.own('a')} and a.connection_id = $1 and a.id = any($2::uuid[])`,
        [connectionId, missing.map((row) => row.id)],
      );
    }
    const rows = [...wanted.values()]
      .filter((application) => !isNewer(application))
      .map((application) => ({ application, id: knownById.get(application.remoteId)?.id ?? uuidv7() }));
    const differing = rows.filter(({ application }) =>
      differs(knownById.get(application.remoteId), application, copied),
    );
    counts.written += differing.length;
    counts.unchanged += rows.length - differing.length;
    toWrite.applications(differing.map((row) => ({ ...row, replaces: knownById.has(row.application.remoteId) })));
    const cameAlone = new Set(alone.map((application) => application.remoteId));
    // Whoever holds a hash over all their applications does not hold it any more: one came by itself, or went to somebody
    // else, or is not what came with them because somebody else read it later.
    const touched = differing.flatMap(({ application: { remoteId, candidateRemoteId } }) => {
      const before = knownById.get(remoteId)?.candidateRemoteId;
      const moved = before !== undefined && before !== candidateRemoteId;
      return [...(cameAlone.has(remoteId) ? [candidateRemoteId] : []), ...(moved ? [before] : [])];
    });
    const mixed = owners
      .filter(({ applications }) => applications?.parts.some(isNewer))
      .map(({ remoteId }) => remoteId);
    const kept = absent.filter(isNewer).map((row) => row.candidateRemoteId);
    const toTouch = [...touched, ...mixed, ...kept];
    // They may be among those that were not written yet.
    if (toTouch.length > 0) await toWrite.write();
    const candidateIds = await this.touchOwners(tx, connectionId, toTouch);
    return {
      ids: rows.flatMap(({ id, application }) => (cameAlone.has(application.remoteId) ? [id] : [])),
      added: differing.filter(({ application }) => !knownById.has(application.remoteId)).length,
      candidateIds,
    };
  }

  private async writeAttachments(
    tx: Transaction,
    { connectionId }: MirrorPlace,
    toWrite: MirrorRows,
    { attachments: owners }: Owners,
    { candidates }: Known,
  ): Promise<void> {
    if (owners.length === 0) return;
    // Files come with their candidate and go with it: somebody new has none.
    const earlier = owners.filter((owner) => candidates.has(owner.remoteId)).map((owner) => owner.remoteId);
    const known =
      earlier.length === 0
        ? []
        : await tx.rows<KnownApplication>(
            `select f.id, f.remote_id as "remoteId", f.candidate_remote_id as "candidateRemoteId", f.hash, f.copied
       from ${rowsNamed(tx, 'attachment', 'candidate_remote_id', 2)} f`,
            [connectionId, earlier],
          );
    const knownByKey = new Map(known.map((row) => [JSON.stringify([row.candidateRemoteId, row.remoteId]), row]));
    const differing: { readonly id: string; readonly owner: string; readonly attachment: ReadAttachment }[] = [];
    for (const { remoteId: owner, attachments } of owners) {
      for (const attachment of attachments?.parts ?? []) {
        const key = JSON.stringify([owner, attachment.remoteId]);
        const was = knownByKey.get(key);
        knownByKey.delete(key);
        if (differs(was, attachment)) differing.push({ id: was?.id ?? uuidv7(), owner, attachment });
      }
    }
    // What came from a data copy the ATS need not list.
    const missing = [...knownByKey.values()].filter((row) => !row.copied).map((row) => row.id);
    if (missing.length > 0) {
      await tx.rows(`delete from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = any($1::uuid[])`, [
        missing,
      ]);
    }
    if (differing.length === 0) return;
    toWrite.attachments(differing);
    await this.files?.written(
      tx,
      connectionId,
      differing.map(({ id }) => id),
    );
  }

  /** The records of the mirror that are gone. An application that somebody saw with its candidate later is not. */
  private async goneOf(
    tx: Transaction,
    place: MirrorPlace,
    gone: readonly RecordReference[],
    newer: Newer,
  ): Promise<RemovedRecords> {
    const named = await idsOf(tx, place, gone, newer.ids);
    if (named.applicationIds.length === 0 || newer.owners.size === 0) return named;
    const rows = await tx.rows<{ id: string; owner: string }>(
      `select a.id, a.candidate_remote_id as owner from talentbridge.mirror_application a
       where ${tx.own('a')} and a.id = any($1::uuid[])`,
      [named.applicationIds],
    );
    return { ...named, applicationIds: rows.filter((row) => !newer.owners.has(row.owner)).map((row) => row.id) };
  }

  private async removeNamed(
    tx: Transaction,
    place: MirrorPlace,
    removed: RemovedRecords,
    counts: { readonly [Kind in keyof SyncCountsByKind]: Counts },
  ): Promise<RemovedRecords & { readonly ownerIds: readonly string[] }> {
    const { rows, ownerIds } = await this.deleteByIds(tx, place, removed);
    counts.candidates.deleted += removed.candidateIds.length;
    counts.jobs.deleted += removed.jobIds.length;
    counts.applications.deleted += rows['mirror_application'] ?? 0;
    return { ...removed, ownerIds };
  }

  /** The candidates of applications that were written or deleted by themselves. */
  private async touchOwners(
    tx: Transaction,
    connectionId: string,
    candidateRemoteIds: readonly string[],
  ): Promise<readonly string[]> {
    if (candidateRemoteIds.length === 0) return [];
    const rows = await tx.rows<{ id: string; whole: boolean }>(
      `select c.id, c.applications_hash <> $3 as whole from ${rowsNamed(tx, 'candidate', 'remote_id', 2)} c`,
      [connectionId, [...new Set(candidateRemoteIds)], WORTHLESS_HASH],
    );
    const whole = rows.filter((row) => row.whole).map((row) => row.id);
    if (whole.length > 0) {
      await tx.rows(
        `update talentbridge.mirror_candidate c set applications_hash = $2 where ${tx.own('c')} and c.id = any($1::uuid[])`,
        [whole, WORTHLESS_HASH],
      );
    }
    return rows.map((row) => row.id);
  }

  /** Notes what was seen, and writes into the outbox what others have to look at again. */
  private remember(
    tx: Transaction,
    toWrite: MirrorRows,
    { runId, beganAt, cursorHash }: MirrorRead,
    seen: RemovedRecords & { readonly refs: readonly string[]; readonly changes: Changes; readonly more: More },
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
      ),
    );
    toWrite.also(
      (bind) => `insert into talentbridge.mirror_change (organization_id, connection_id, change, ids)
        select $1, $2, n.change, n.ids from jsonb_to_recordset(${bind(changeRows(seen.changes))}::jsonb) as n (change text, ids uuid[])`,
    );
  }
}

/** Records of one kind that were written. */
interface WrittenRecords {
  /** All that were read, whether or not they differed. */
  readonly ids: readonly string[];
  readonly changed: readonly string[];
  /** How many there were not before. */
  readonly added: number;
}

const NOTHING_WRITTEN: WrittenRecords = { ids: [], changed: [], added: 0 };

/** How many records there are more than before, or less. */
type More = Readonly<Record<'candidates' | 'jobs' | 'applications', number>>;

/** Keeps the counts of the mirror. Whoever writes holds the row that they stand in, so that none is ever lost. */
async function tally(tx: Transaction, { connectionId }: MirrorPlace, more: More): Promise<void> {
  await tx.rows(tallying(tx, '$1', '$2::int, $3::int, $4::int'), [connectionId, ...tallied(more)]);
}

/** @param connection The parameter that holds the connection. @param more Those that `tallied` answers. */
function tallying(tx: Transaction, connection: string, more: string): string {
  return `update talentbridge.mirror_state s
    set candidates = s.candidates + n.candidates, jobs = s.jobs + n.jobs, applications = s.applications + n.applications
    from (values (${more})) as n (candidates, jobs, applications)
    where ${tx.own('s')} and s.connection_id = ${connection} and (n.candidates <> 0 or n.jobs <> 0 or n.applications <> 0)`;
}

function tallied({ candidates, jobs, applications }: More): readonly number[] {
  return [candidates, jobs, applications];
}

/** What changed: ids by the word for it. */
type Changes = Readonly<Record<string, readonly string[]>>;

/** What one read says of the ATS. */
type SeenRecords = Pick<ReadRecords, 'candidates' | 'jobs' | 'applications' | 'gone'>;

/** The same, with what it says of records that it did not bring. */
type ToldRecords = SeenRecords & Pick<ReadRecords, 'refused' | 'unreadable'>;

/** What was read by others who asked later than this read did, and wrote earlier. */
interface Newer {
  /** What was named from outside, or is gone: "candidate/17". */
  readonly refs: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
  /** The ATS's ids of candidates who came with all their applications, or are gone with them. */
  readonly owners: ReadonlySet<string>;
}

/** What is known before something is written. */
interface Known {
  readonly newer: Newer;
  /** Sealed. `undefined`: nobody was ever erased. */
  readonly erasureKey: unknown;
  /** By the ATS's id. */
  readonly candidates: ReadonlyMap<string, KnownCandidate>;
}

/** The records of the mirror that are named. @param except Ids that are left out. */
async function idsOf(
  tx: Transaction,
  place: Pick<MirrorPlace, 'connectionId'>,
  named: readonly RecordReference[],
  except: ReadonlySet<string> = new Set(),
): Promise<RemovedRecords> {
  const ofKind = async (kind: RecordReference['kind']): Promise<readonly string[]> =>
    (await rowsOf(tx, place, kind, named)).map((row) => row.id).filter((id) => !except.has(id));
  return {
    candidateIds: await ofKind('candidate'),
    jobIds: await ofKind('job'),
    applicationIds: await ofKind('application'),
  };
}

/** The records of one kind that are named, as far as the mirror has them. */
export async function rowsOf(
  tx: Transaction,
  { connectionId }: Pick<MirrorPlace, 'connectionId'>,
  kind: RecordReference['kind'],
  named: readonly RecordReference[],
): Promise<readonly { readonly id: string; readonly remoteId: string }[]> {
  const remoteIds = named.filter((reference) => reference.kind === kind).map(({ remoteId }) => remoteId);
  if (remoteIds.length === 0) return [];
  return tx.rows(`select r.id, r.remote_id as "remoteId" from ${rowsNamed(tx, kind, 'remote_id', 2)} r`, [
    connectionId,
    remoteIds,
  ]);
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

/** Candidates whose parts, which came with them, are not those that the mirror has. */
interface Owners {
  readonly applications: ReadCandidate[];
  readonly attachments: ReadCandidate[];
}

interface KnownCandidate {
  readonly id: string;
  readonly remoteId: string;
  readonly hash: string;
  readonly applicationsHash: string | null;
  readonly attachmentsHash: string | null;
  readonly copied: boolean;
}

interface KnownApplication {
  readonly id: string;
  readonly remoteId: string;
  readonly candidateRemoteId: string;
  readonly hash: string;
  readonly copied: boolean;
}

/** Counts of one kind, from nothing. */
export function noCounts(): Counts {
  return { read: 0, written: 0, unchanged: 0, deleted: 0, refused: 0 };
}

/** Whether something has to be written. What a copy brought and the ATS shows is the ATS's from then on. */
function differs(
  was: { readonly hash: string; readonly copied: boolean } | undefined,
  read: { readonly hash: string },
  copied = false,
): boolean {
  return was?.hash !== read.hash || (was.copied && !copied);
}

/** Remembers what the ATS said is gone, so that an older copy of its data does not bring it back. */
async function rememberGone(
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

function byRemoteId<Part extends { readonly remoteId: string }>(part: Part): [string, Part] {
  return [part.remoteId, part];
}

/** How a read remembers a record. */
export function refOf({ kind, remoteId }: RecordReference): string {
  return `${kind}/${remoteId}`;
}

/** Before the ATS's id of a candidate: all applications were told with them. There are none of whoever is gone. */
const WHOLE = 'whole candidate/';

/** What a read remembers of records that are gone: all the refs that can be about them. */
export function goneRefs(gone: readonly RecordReference[]): readonly string[] {
  const refs = gone.flatMap((reference) =>
    reference.kind === 'candidate' ? [refOf(reference), `${WHOLE}${reference.remoteId}`] : [refOf(reference)],
  );
  return [...new Set(refs)];
}

/** The record that a ref is about. `undefined`: it says something else. */
export function referenceOf(ref: string): RecordReference | undefined {
  const slash = ref.indexOf('/');
  const kind = ref.slice(0, slash);
  return kind === 'candidate' || kind === 'job' || kind === 'application'
    ? { kind, remoteId: ref.slice(slash + 1) }
    : undefined;
}

function refsOf({ candidates, jobs, applications, gone }: SeenRecords): readonly string[] {
  const refs = [
    ...candidates.map(({ remoteId }) => refOf({ kind: 'candidate', remoteId })),
    ...candidates.flatMap(({ remoteId: owner, applications: own }) =>
      own ? [`${WHOLE}${owner}`, ...own.parts.map(({ remoteId }) => refOf({ kind: 'application', remoteId }))] : [],
    ),
    ...jobs.map(({ remoteId }) => refOf({ kind: 'job', remoteId })),
    ...applications.map(({ remoteId }) => refOf({ kind: 'application', remoteId })),
    ...goneRefs(gone),
  ];
  return [...new Set(refs)];
}

/** Leaves out records that somebody else read later, but for applications that came with their candidate. */
function withoutNewer(
  { candidates, jobs, applications }: SeenRecords,
  { refs, owners }: Newer,
): Pick<ReadRecords, 'candidates' | 'jobs' | 'applications'> {
  const isNewer = (kind: RecordReference['kind'], remoteId: string): boolean => refs.has(refOf({ kind, remoteId }));
  return {
    candidates: candidates.filter(({ remoteId }) => !isNewer('candidate', remoteId)),
    jobs: jobs.filter(({ remoteId }) => !isNewer('job', remoteId)),
    applications: applications.filter(
      ({ remoteId, candidateRemoteId }) => !isNewer('application', remoteId) && !owners.has(candidateRemoteId),
    ),
  };
}

/** The ATS's ids of those of the candidates whose applications come with them. */
async function wholeAmong(tx: Transaction, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.rows<{ remoteId: string }>(
    `select c.remote_id as "remoteId" from talentbridge.mirror_candidate c
     where ${tx.own('c')} and c.id = any($1::uuid[]) and c.applications_hash is not null`,
    [ids],
  );
  return rows.map((row) => row.remoteId);
}

/**
 * The rows of the connection `$1` whose column is one of a list of texts, as a table. Each is looked up by itself: before the
 * first statistics the planner takes a list for all rows there are.
 * @param parameter The number of the parameter that holds the list.
 */
export function rowsNamed(
  tx: Transaction,
  kind: RecordReference['kind'] | 'attachment',
  column: 'remote_id' | 'candidate_remote_id',
  parameter: number,
): string {
  return `unnest($${parameter}::text[]) as wanted (text) cross join lateral (
    select x.* from talentbridge.mirror_${kind} x
    where ${tx.own('x')} and x.connection_id = $1 and x.${column} = wanted.text collate "C" offset 0)`;
}

/** A list of ids as the database takes it; written by hand, because the client asks of each whether it needs quotes. */
function uuids(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

async function countOf(tx: Transaction, statement: string, parameters: readonly unknown[]): Promise<number> {
  const row = await tx.row<{ count: number }>(
    `with gone as (${statement} returning 1) select count(*)::int as count from gone`,
    parameters,
  );
  return row?.count ?? 0;
}

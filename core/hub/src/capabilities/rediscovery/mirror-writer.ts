import type { RecordReference } from '@talentbridge/contracts';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { ErasedPeople, Traces } from './erased-people.js';
import type { ReadCandidate, ReadRecords, RecordsBeingRead, RefusedRecord } from './read-records.js';
import { writeApplications } from './writing/applications.js';
import { type FileListener, writeAttachments } from './writing/attachments.js';
import { deleteByIds, goneOf, removeNamed } from './writing/deletions.js';
import { writeJobs } from './writing/jobs.js';
import { knownBefore, type ToldRecords, withoutNewer } from './writing/known.js';
import { idsOf } from './writing/lookups.js';
import { MirrorRows } from './writing/mirror-rows.js';
import {
  type DeletionLimits,
  type MirrorPlace,
  type MirrorRead,
  noCounts,
  type RemovedRecords,
  type WriteReport,
} from './writing/mirror-write.js';
import { announceChanges, remember, rememberGone, tally } from './writing/notes.js';
import { PeopleWriter } from './writing/people.js';
import { goneRefs, refOf, refsOf } from './writing/refs.js';

/** For what is no read of the ATS: everything was read before. */
const NO_RUN = '00000000-0000-0000-0000-000000000000';
const END_OF_TIME = new Date('9999-01-01T00:00:00Z');
const NOTHING_TOLD = { jobs: [], applications: [], gone: [], refused: [], unreadable: [] };

/**
 * Writes what was read, in sets: the hashes of a page are compared in one query, and only what differs is sent to the
 * database at all, in a statement for all tables and some hundred candidates each. The caller holds the lock on the connection's `mirror_state`.
 */
export class MirrorWriter {
  /**
   * @param files Hears of files that came or changed, in the transaction that writes them.
   * @param erasedAs Hears of ids that turned out to be of erased people, or of their applications, in the same transaction.
   */
  constructor(
    private readonly erased: ErasedPeople,
    private readonly files?: FileListener,
    private readonly erasedAs?: (tx: Transaction, ids: readonly string[]) => Promise<unknown>,
  ) {}

  /**
   * Writes one read. Of two reads of the same record, the one that was begun later wins, whichever is written first.
   * @param records A page may still be being checked: whoever has been is written meanwhile.
   * @param mayDelete Where more candidates or jobs are gone, none of them is deleted. Absent: any number.
   * @param also Called with what is about to be written, to have more written in the same statement.
   */
  async write(
    tx: Transaction,
    place: MirrorPlace,
    read: MirrorRead,
    records: RecordsBeingRead,
    mayDelete?: DeletionLimits,
    also?: (report: WriteReport, rows: MirrorRows) => void,
  ): Promise<WriteReport> {
    const ids = read.candidateIds ?? idsOfCandidates(await records.whole);
    const known = await knownBefore(tx, place, read, ids);
    const { newer } = known;
    const counts = { candidates: noCounts(), jobs: noCounts(), applications: noCounts() };
    const rows = new MirrorRows(tx, place);
    const writing = new PeopleWriter(rows, known, counts);
    const candidates: ReadCandidate[] = [];
    const erased: RecordReference[] = [];
    for (const part of records.candidates) {
      const told = { ...NOTHING_TOLD, candidates: await part };
      // Of who was erased nothing is remembered either: they are known again by other means.
      const some = await this.withoutErased(tx, place, told, known.erasureKey);
      candidates.push(...some.candidates);
      erased.push(...some.erased);
      await writing.write(withoutNewer(some, newer).candidates, records.isChecked());
    }
    const { totals, ...told } = await records.whole;
    const rest = await this.withoutErased(tx, place, { ...told, candidates: [] }, known.erasureKey);
    const { refused, unreadable } = rest;
    const seen = { ...rest, candidates };
    const { jobs, applications } = withoutNewer(rest, newer);
    // Somebody whom only what they wrote meanwhile gives away goes as well.
    const gone = [...seen.gone.filter((reference) => !newer.refs.has(refOf(reference))), ...erased];
    for (const { kind } of refused) counts[`${kind}s`].refused += 1;
    counts.candidates.read = totals.candidates;
    counts.jobs.read = totals.jobs;
    counts.applications.read = totals.applications;

    const people = await writing.settle();
    const jobIds = await writeJobs(tx, place, rows, jobs, newer.ids, counts.jobs);
    const changed = new Set(people.changed);
    const alone = await writeApplications(tx, place, rows, people.owners, applications, newer, counts.applications);
    for (const id of alone.candidateIds) changed.add(id);
    const files = [...people.files, ...(await writeAttachments(tx, place, rows, people.owners))];
    if (files.length > 0) await this.files?.written(tx, place.connectionId, files);
    // What came and is gone in one read goes.
    if (gone.length > 0) await rows.write();
    const named = await goneOf(tx, place, gone, newer);
    await rememberGone(tx, place, seen.gone);
    const deferred = {
      candidates: named.candidateIds.length > (mayDelete?.candidates ?? Infinity) ? named.candidateIds.length : 0,
      jobs: named.jobIds.length > (mayDelete?.jobs ?? Infinity) ? named.jobIds.length : 0,
    };
    const removed = await removeNamed(
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

    remember(tx, rows, read, {
      candidateIds: people.ids,
      jobIds: jobIds.ids,
      applicationIds: alone.ids,
      refs: read.runId === undefined ? refsOf(seen) : goneRefs(seen.gone),
      applicationsAlone: applications.length > 0,
      more: {
        candidates: people.added - counts.candidates.deleted,
        jobs: jobIds.added - counts.jobs.deleted,
        applications: people.applicationsAdded + alone.added - counts.applications.deleted,
      },
      changes: {
        CANDIDATES_WRITTEN: [...changed],
        CANDIDATES_DELETED: removed.candidateIds,
        JOBS_WRITTEN: jobIds.changed,
        JOBS_RETITLED: jobIds.retitled,
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
    const known = await knownBefore(tx, place, read, idsOfCandidates(records));
    const given = { ...records, gone: [], refused: [], unreadable: [] };
    const { erased, candidates, jobs, applications } = await this.withoutErased(tx, place, given, known.erasureKey);
    const counts = { candidates: noCounts(), jobs: noCounts(), applications: noCounts() };
    const rows = new MirrorRows(tx, place, true);
    const written = await writeJobs(tx, place, rows, jobs, known.newer.ids, counts.jobs, true);
    const writing = new PeopleWriter(rows, known, counts, true);
    await writing.write(candidates, true);
    const people = await writing.settle();
    const alone = await writeApplications(
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
    const more = {
      candidates: people.added,
      jobs: written.added,
      applications: people.applicationsAdded + alone.added - counts.applications.deleted,
    };
    await tally(tx, place, more, applications.length > 0);
    // Somebody whom only their copy gives away goes as well.
    const gone = await idsOf(tx, place, erased);
    if (gone.candidateIds.length > 0) await this.remove(tx, place, gone);
    for (const id of gone.candidateIds) changed.delete(id);
    await announceChanges(tx, place.connectionId, {
      CANDIDATES_WRITTEN: [...changed],
      JOBS_WRITTEN: written.changed,
      JOBS_RETITLED: written.retitled,
    });
    const each = Object.values(counts);
    return {
      written: each.reduce((sum, kind) => sum + kind.written, 0),
      unchanged: each.reduce((sum, kind) => sum + kind.unchanged, 0),
    };
  }

  /** Deletes records with all that belongs to them. @returns How many went from which table. */
  async remove(tx: Transaction, place: MirrorPlace, gone: RemovedRecords): Promise<Readonly<Record<string, number>>> {
    const removed = await deleteByIds(tx, place, gone);
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

  /** Whether somebody who was erased is in what was read, by themselves or by what belongs to them. */
  async bringsErased(tx: Transaction, { accountKey }: MirrorPlace, told: ToldRecords): Promise<boolean> {
    const known = await this.erased.recogniserOf(tx, accountKey);
    if (!known) return false;
    const people = peopleOf(told);
    const named = [...told.gone, ...told.refused, ...told.unreadable].flatMap(({ remoteId }) => remoteId ?? []);
    return people.some(await known.find(tx, people)) || named.some(await known.named(tx, named));
  }

  /** Leaves out who was erased, and all that belongs to them. */
  private async withoutErased(
    tx: Transaction,
    { accountKey }: MirrorPlace,
    told: ToldRecords,
    erasureKey: unknown,
  ): Promise<ToldRecords & { readonly erased: readonly RecordReference[] }> {
    const { candidates, jobs, applications, gone, refused, unreadable } = told;
    if (erasureKey === undefined) return { erased: [], candidates, jobs, applications, gone, refused, unreadable };
    const known = this.erased.recogniser(tx, accountKey, erasureKey);
    const isErased = await known.find(tx, peopleOf(told));
    const isNamed = ({ kind, remoteId }: Pick<RefusedRecord, 'kind' | 'remoteId'>): boolean =>
      kind === 'candidate' && remoteId !== null && isErased({ remoteId, emails: [] });
    const isOfErased = ({ candidateRemoteId }: { readonly candidateRemoteId: string }): boolean =>
      isErased({ remoteId: candidateRemoteId, emails: [] });
    const erasedCandidates = candidates.filter(isErased);
    const erasedIds = erasedCandidates.map(({ remoteId }) => remoteId);
    const applicationIds = [
      ...applications.filter(isOfErased),
      ...erasedCandidates.flatMap((candidate) => candidate.applications?.parts ?? []),
    ].map(({ remoteId }) => remoteId);
    // A person who is known again by an email may have come under a new id: then that id is theirs as well.
    if (await known.add(tx, erasedIds, [], applicationIds))
      await this.erasedAs?.(tx, [...erasedIds, ...applicationIds]);
    return {
      erased: erasedIds.map((remoteId) => ({ kind: 'candidate', remoteId })),
      candidates: candidates.filter((candidate) => !isErased(candidate)),
      jobs,
      applications: applications.filter((application) => !isOfErased(application)),
      gone: gone.filter((reference) => !isNamed(reference)),
      refused: refused.filter((record) => !isNamed(record)),
      unreadable: unreadable.filter((reference) => !isNamed(reference)),
    };
  }
}

/** Everybody whom a read names, as they are known again by. */
function peopleOf({ candidates, applications, gone, refused }: ToldRecords): readonly Traces[] {
  return [
    ...candidates.map(({ remoteId, emails }) => ({ remoteId, emails })),
    ...applications.map(({ candidateRemoteId }) => ({ remoteId: candidateRemoteId, emails: [] })),
    ...[...gone, ...refused].flatMap(({ kind, remoteId }) =>
      kind === 'candidate' && remoteId !== null ? { remoteId, emails: [] } : [],
    ),
  ];
}

function idsOfCandidates({ candidates }: Pick<ReadRecords, 'candidates'>): readonly string[] {
  return candidates.map(({ remoteId }) => remoteId);
}

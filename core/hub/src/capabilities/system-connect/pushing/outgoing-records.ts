import type {
  CandidateHistory,
  CandidateNote,
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  StageChange,
} from '@talentbridge/contracts';
import type { CandidateContent, JobContent } from '../mirror-content.js';
import { digestOf } from './canonical-digest.js';
import { OF_APPLICATIONS } from './network-records.js';
import { keyOf, type OutgoingRecord, type RecordName, type StoredRecord } from './push-model.js';

/** What is known of a candidate's way: `UNREAD`: not now. `NONE`: the ATS tells nobody. */
export type KnownHistory = CandidateHistory | 'UNREAD' | 'NONE';

/** A candidate with all that goes along. */
export interface CandidateToSend {
  readonly content: CandidateContent;
  /** Who it is, by a person's word or because they came from the network. */
  readonly member: string | undefined;
  readonly history: KnownHistory;
  /** The jobs of the applications, by the ATS's ids, as far as the mirror has them. */
  readonly jobs: ReadonlyMap<string, MirroredJob>;
  /** What is known at the network of what goes along. */
  readonly stored: readonly StoredRecord[];
  readonly isPlaceholder: (address: string) => boolean;
}

/** A job as it goes out. */
export function outgoingJob({ id, job }: JobContent): OutgoingRecord {
  return {
    kind: 'job',
    remoteId: job.remoteId,
    parentId: '',
    mirrorId: id,
    digest: digestOf(job),
    value: job,
    copy: job,
  };
}

/** A candidate as it goes out, with notes, applications, feedback and stages. */
export function outgoingRecords(given: CandidateToSend): readonly OutgoingRecord[] {
  const { content, member, history, jobs, stored, isPlaceholder } = given;
  const mirrorId = content.id;
  const candidate = shownCandidate(content.candidate, isPlaceholder);
  const { notes, stageChanges, feedback } = typeof history === 'string' ? NO_HISTORY : history;
  const stages =
    history === 'NONE' ? content.applications.flatMap((one) => newStage(one, candidate, stored)) : stageChanges;
  const own = { mirrorId, parentId: '' };
  const self = { kind: 'candidate', remoteId: candidate.remoteId, parentId: '' } as const;
  return [
    {
      ...own,
      kind: 'candidate',
      remoteId: candidate.remoteId,
      digest: digestOf({ candidate, member }),
      value: { candidate, ...(member === undefined ? {} : { member }) },
    },
    ...content.applications.map((one): OutgoingRecord => {
      const entry = dated(one, stageChanges);
      const job = jobs.get(entry.jobRemoteId);
      const { firstName, lastName, emails } = candidate;
      return {
        ...own,
        kind: 'application',
        remoteId: entry.remoteId,
        belongsTo: self,
        jobRemoteId: entry.jobRemoteId,
        // Whatever else of candidate and job goes along is not its own.
        digest: digestOf({ entry, firstName, lastName, emails, title: job?.title }),
        value: { application: entry, candidate, ...(job ? { job } : {}) },
      };
    }),
    ...notes.map((note) => outgoingNote(note, candidate.remoteId, mirrorId)),
    ...feedback.map(
      (entry): OutgoingRecord => ({
        kind: 'feedback',
        remoteId: entry.remoteId,
        parentId: entry.applicationRemoteId,
        belongsTo: application(entry.applicationRemoteId),
        mirrorId,
        digest: digestOf(entry),
        value: entry,
      }),
    ),
    ...stages.map(
      (stage): OutgoingRecord => ({
        kind: 'stage',
        remoteId: stage.remoteId,
        parentId: stage.applicationRemoteId,
        belongsTo: application(stage.applicationRemoteId),
        mirrorId,
        digest: digestOf(stage),
        value: stage,
        ...(history === 'NONE' ? { copy: stage } : {}),
      }),
    ),
  ];
}

/**
 * A candidate without the member that somebody said they are; with the digest of what was asked for, so that whoever is refused
 * either way is not sent again. `undefined`: nobody said so.
 */
export function withoutMember(record: OutgoingRecord): (OutgoingRecord & { readonly member: string }) | undefined {
  const { value } = record;
  if (!('member' in value) || value.member === undefined) return undefined;
  const { member, ...candidate } = value;
  return { ...record, value: candidate, member };
}

/** What the network has of a candidate and is to have no more. */
export function recordsToRemove(
  { history, content }: Pick<CandidateToSend, 'history' | 'content'>,
  outgoing: ReadonlySet<string>,
  stored: readonly StoredRecord[],
): readonly StoredRecord[] {
  const applications = new Set(content.applications.map(({ remoteId }) => remoteId));
  return stored.filter((record) => {
    if (outgoing.has(keyOf(record))) return false;
    const { kind, parentId } = record;
    // What belongs to an application that is there stays while nobody knows better.
    if (history === 'UNREAD' && kind === 'candidateNote') return false;
    const isKept = history === 'UNREAD' ? isOfApplication(kind) : history === 'NONE' && kind === 'stage';
    return !(isKept && applications.has(parentId));
  });
}

const NO_HISTORY: CandidateHistory = { notes: [], stageChanges: [], feedback: [] };

function isOfApplication(kind: StoredRecord['kind']): boolean {
  return OF_APPLICATIONS.some((one) => one === kind);
}

/** A candidate without files, and without addresses that are none. */
function shownCandidate(
  { applications: _, attachments: __, ...candidate }: MirroredCandidate,
  isPlaceholder: (address: string) => boolean,
): MirroredCandidate {
  return { ...candidate, emails: candidate.emails.filter((address) => !isPlaceholder(address)) };
}

function application(remoteId: string): RecordName {
  return { kind: 'application', remoteId, parentId: '' };
}

function outgoingNote(note: CandidateNote, candidateRemoteId: string, mirrorId: string): OutgoingRecord {
  const { applicationRemoteId } = note;
  return {
    kind: applicationRemoteId === undefined ? 'candidateNote' : 'applicationNote',
    remoteId: note.remoteId,
    parentId: applicationRemoteId ?? candidateRemoteId,
    belongsTo:
      applicationRemoteId === undefined
        ? { kind: 'candidate', remoteId: candidateRemoteId, parentId: '' }
        : application(applicationRemoteId),
    mirrorId,
    digest: digestOf(note),
    value: { note, candidateRemoteId },
  };
}

/** The stage of an application, where it is another than the last one that the hub saw. */
function newStage(
  application: MirroredApplication,
  candidate: MirroredCandidate,
  stored: readonly StoredRecord[],
): readonly StageChange[] {
  const stage = application.stage ?? application.statusLabel;
  const enteredAt = application.updatedAt ?? application.appliedAt ?? candidate.updatedAt ?? candidate.createdAt;
  if (stage === undefined || enteredAt === undefined) return [];
  const last = stored
    .filter(({ kind, parentId }) => kind === 'stage' && parentId === application.remoteId)
    .flatMap(({ copy }) => (isStage(copy) ? [copy] : []))
    .sort((one, other) => (one.enteredAt < other.enteredAt ? 1 : -1))[0];
  // As it was sent, so that it is known again.
  if (last?.stage === stage) return [last];
  const remoteId = digestOf([application.remoteId, stage, enteredAt]);
  return [{ remoteId, applicationRemoteId: application.remoteId, stage, enteredAt }];
}

/** An application that began with the first stage that it came to, where the ATS does not say when. */
function dated(application: MirroredApplication, stageChanges: readonly StageChange[]): MirroredApplication {
  if (application.appliedAt !== undefined) return application;
  const [appliedAt] = stageChanges
    .filter(({ applicationRemoteId }) => applicationRemoteId === application.remoteId)
    .map(({ enteredAt }) => enteredAt)
    .toSorted();
  return appliedAt === undefined ? application : { ...application, appliedAt };
}

/** Whether it is a copy of a stage, as it was written here. */
function isStage(copy: unknown): copy is StageChange {
  return typeof copy === 'object' && copy !== null && 'stage' in copy && 'enteredAt' in copy;
}

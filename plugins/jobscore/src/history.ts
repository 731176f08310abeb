import {
  type Author,
  type CallContext,
  type CandidateHistory,
  type CandidateNote,
  type InterviewFeedback,
  present,
  type StageChange,
} from '@talentbridge/contracts';
import { text } from './mapping.js';
import { instant } from './mirror-mapping.js';
import { type JobScoreReader, unlessNotFound } from './reader.js';
import type { JobScoreApplication, JobScoreAuthor, JobScoreInterview, JobScoreNote } from './vendor-records.js';

/**
 * What JobScore keeps of a candidate's way: three requests (JobScore sheet §9a, INFERRED). A list that is not found is one
 * that the account does not offer, as long as the candidate is there.
 * @throws RecordNotFoundError
 */
export async function readHistory(
  reader: JobScoreReader,
  ctx: CallContext,
  candidateId: string,
): Promise<CandidateHistory> {
  const [applications, notes, interviews] = await Promise.all([
    unlessNotFound(reader.applicationsOf(ctx, candidateId)),
    unlessNotFound(reader.notesOf(ctx, candidateId)),
    unlessNotFound(reader.interviewsOf(ctx, candidateId)),
  ]);
  if (!applications && !notes && !interviews) await reader.candidate(ctx, candidateId);
  // What is on no job is not mirrored as an application, and nothing can refer to it.
  const mirrored = (applications ?? []).filter(({ job_id }) => text(job_id) !== undefined);
  const applicationIds = new Set(mirrored.map(({ id }) => id));
  return {
    notes: (notes ?? []).flatMap(noteOf),
    stageChanges: mirrored.flatMap(stageChangesOf),
    feedback: (interviews ?? []).flatMap((interview) => feedbackOf(interview, applicationIds)),
  };
}

/** A note that everybody in JobScore may read: only where JobScore says that it is not private. */
export function noteOf(note: JobScoreNote): readonly CandidateNote[] {
  const body = text(note.body);
  const createdAt = instant(note.created_on) ?? instant(note.updated_on);
  if (note.private !== false || body === undefined || createdAt === undefined) return [];
  return [{ remoteId: note.id, text: body, author: authorOf(note.author), createdAt }];
}

/** The stages that an application came to. JobScore has no ids for them; the same stage at the same time is one change. */
export function stageChangesOf({ id, stage_history }: JobScoreApplication): readonly StageChange[] {
  const changes = stage_history.flatMap(({ stage, entered_on }): StageChange[] => {
    const name = text(stage?.name);
    const enteredAt = instant(entered_on);
    if (name === undefined || enteredAt === undefined) return [];
    const remoteId = `${id}/${text(stage?.id) ?? name}/${enteredAt}`;
    return [{ remoteId, applicationRemoteId: id, stage: name, enteredAt }];
  });
  return [...new Map(changes.map((change) => [change.remoteId, change])).values()];
}

/**
 * What was said of an interview; nothing before somebody said something. JobScore has one feedback for all interviewers: it
 * is told as the first one's.
 */
export function feedbackOf(
  interview: JobScoreInterview,
  applicationIds: ReadonlySet<string>,
): readonly InterviewFeedback[] {
  const { id, application_id: applicationRemoteId, interviewers, name, type } = interview;
  const said = present({ text: text(interview.feedback), recommendation: text(interview.recommendation) });
  const createdAt = saidAt(interview);
  if (Object.keys(said).length === 0 || createdAt === undefined) return [];
  if (applicationRemoteId == null || !applicationIds.has(applicationRemoteId)) return [];
  return [
    {
      remoteId: id,
      applicationRemoteId,
      interviewer: authorOf(interviewers[0]),
      // The sheet names no kind of interview (INFERRED).
      kind: /phone|call/i.test(`${name ?? ''} ${type ?? ''}`) ? 'phone' : 'onsite',
      ...said,
      createdAt,
    },
  ];
}

/**
 * JobScore does not say when feedback was given (INFERRED): at the interview, or when it was last changed where that was
 * before. A later change of the interview moves nothing then.
 */
function saidAt({ scheduled_on, updated_on, created_on }: JobScoreInterview): string | undefined {
  const [earliest] = [instant(scheduled_on), instant(updated_on)].filter((at) => at !== undefined).sort();
  return earliest ?? instant(created_on);
}

function authorOf(author: JobScoreAuthor): Author {
  return { firstName: text(author?.first_name) ?? '', lastName: text(author?.last_name) ?? '' };
}

import {
  type CallContext,
  type CandidateRecord,
  type ExportCapability,
  type ExportField,
  ExportInterruptedError,
  type ExportLimits,
  type ExportRequest,
  type ExportTarget,
  type ExportWarning,
  isHubError,
  JobNotOpenError,
  type RemoteReference,
  type ResumeFile,
} from '@talentbridge/contracts';
import { type JobScoreClient, oldestFirst, referenceTo } from './client.js';
import { contactChanges } from './contact.js';
import { candidateBody, isOffered, jobOf, tagNames } from './mapping.js';
import { withoutPersonalData } from './vendor-errors.js';
import type { JobScoreCandidate } from './vendor-records.js';

/** What the export writes beside the candidate itself. */
export interface JobScoreExportChoices {
  /** The database source that candidates carry. */
  readonly sourceName: string;
  readonly sendResume: boolean;
}

/** What is sent, as the set-up article lists it; limits of two emails and three phones are CONFIRMED (JobScore sheet §4.5). */
const FIELDS: readonly ExportField[] = [
  { name: 'firstName', label: 'First name', required: true },
  { name: 'lastName', label: 'Last name', required: true },
  {
    name: 'source',
    label: 'Source',
    note: 'The source name of the connection; a database source that exists in JobScore, capitals included.',
  },
  { name: 'address', label: 'Address', note: "The candidate's home address." },
  {
    name: 'emails',
    label: 'Email addresses',
    required: true,
    maxCount: 2,
    note: 'The first becomes the email address, the second the work email.',
  },
  {
    name: 'phones',
    label: 'Phone numbers',
    maxCount: 3,
    note: 'One each for mobile, home and work: by type, then in order.',
  },
  {
    name: 'tags',
    label: 'Tags',
    note: 'Tags that exist in JobScore; capitals do not matter. JobScore shows them in lower case.',
  },
  { name: 'socialUrls', label: 'Social URLs', note: 'As profile links.' },
  {
    name: 'workExperience',
    label: 'Work experience',
    datePrecision: 'year',
    note: 'Employer, title, first and last year; titles at one employer are grouped.',
  },
  {
    name: 'education',
    label: 'Education',
    datePrecision: 'year',
    note: 'School, degree, major and year of graduation.',
  },
  { name: 'resume', label: 'Résumé', note: 'The generated PDF. JobScore takes files up to 10 MB.' },
];

// JobScore looks for duplicates later, on its own schedule (JobScore sheet §6): sending a person twice makes two
// records and, in time, a merge prompt. Hence no `absorbsRepeats`, and `findExported` after silence.
const LIMITS: ExportLimits = { concurrency: 2, tagMatching: 'caseInsensitive', settleMs: 5_000 };

/**
 * How far JobScore's clock and ours may be apart when a record is dated. Records that other items made of the same
 * person in that time are told apart by `notThese`.
 */
const CLOCK_SKEW_MS = 2 * 60_000;

/** Export into JobScore: a candidate, then its application, then its résumé. */
export function jobScoreExport(
  client: JobScoreClient,
  { sourceName, sendResume }: JobScoreExportChoices,
): ExportCapability {
  return {
    fields: sendResume ? FIELDS : FIELDS.filter(({ name }) => name !== 'resume'),
    limits: LIMITS,

    async listJobs(ctx, { cursor, first }) {
      const { items, ...rest } = await client.jobs(ctx, cursor, first);
      return { ...rest, items: items.filter(isOffered).map(jobOf) };
    },

    async exportCandidate(ctx, request) {
      const { candidate, target, existing, source } = request;
      const reference = existing ?? (await client.createCandidate(ctx, candidateBody(candidate, sourceName, source)));
      try {
        if (target.kind === 'job') await attach(client, ctx, reference, target, request);
        // Nothing else would tell that they are gone.
        else if (existing) await client.candidate(ctx, existing.remoteId);
        const warnings =
          sendResume && request.resume ? await addResume(client, ctx, reference, request.resume, request) : [];
        return { ...reference, outcome: 'CREATED', warnings };
      } catch (failure) {
        throw new ExportInterruptedError(reference, failure);
      }
    },

    async findExported(ctx, request) {
      const { email } = candidateBody(request.candidate, sourceName);
      const sameEmail = await client.candidates(ctx, typeof email === 'string' ? email : undefined);
      const [found] = oldestFirst(sameEmail.filter((candidate) => isOutcomeOf(request, sourceName, candidate)));
      return found && referenceTo(found);
    },

    async addContact(ctx, addition) {
      const { changes, leftOut } = contactChanges(await client.candidate(ctx, addition.remoteId), addition);
      if (Object.keys(changes).length === 0) return { outcome: 'KNOWN', leftOut };
      await client.changeCandidate(ctx, addition.remoteId, changes);
      return { outcome: 'UPDATED', leftOut };
    },

    async listTags(ctx) {
      return tagNames(await client.tagNames(ctx));
    },

    async checkSource(ctx) {
      const names = await client.databaseNames(ctx);
      // Capitals matter to JobScore (JobScore sheet §4.3, CONFIRMED).
      if (names.includes(sourceName)) return { name: sourceName, present: true };
      const lookalike = names.find((name) => name.trim().toLowerCase() === sourceName.toLowerCase());
      const remedy =
        lookalike === undefined
          ? `In JobScore, add a database named "${sourceName}" under Admin > Sources > Database. Capitals matter.`
          : `JobScore has a database named "${lookalike}". Add one named exactly "${sourceName}" under Admin > Sources > Database, or enter "${lookalike}" as the source name of this connection.`;
      return { name: sourceName, present: false, remedy };
    },
  };
}

/**
 * Puts the candidate onto the job once. A refusal is read from what JobScore holds, not from its words: on the job
 * already is as good as done.
 */
async function attach(
  client: JobScoreClient,
  ctx: CallContext,
  { remoteId }: RemoteReference,
  { jobRemoteId }: Extract<ExportTarget, { kind: 'job' }>,
  request: ExportRequest,
): Promise<void> {
  // That JobScore refuses a second application to the same job is INFERRED, so after an earlier try we look first.
  if (request.existing && (await client.jobIdsOf(ctx, remoteId)).includes(jobRemoteId)) return;
  const outcome = await client.apply(ctx, remoteId, jobRemoteId);
  if (outcome.done || (await client.jobIdsOf(ctx, remoteId)).includes(jobRemoteId)) return;
  throw new JobNotOpenError('JobScore', jobRemoteId, outcome.reason && impersonal(outcome.reason, request.candidate));
}

/**
 * Uploads the résumé once, and answers what to warn of. Only a definite refusal is a warning: after silence the next
 * try completes it.
 */
async function addResume(
  client: JobScoreClient,
  ctx: CallContext,
  { remoteId }: RemoteReference,
  resume: ResumeFile,
  request: ExportRequest,
): Promise<readonly ExportWarning[]> {
  if (request.existing) {
    const arrived = await resumeArrived(client, ctx, remoteId, request.firstTriedAt);
    if (arrived === 'yes') return [];
    if (arrived === 'unknown') {
      return [
        resumeWarning(
          'RESUME_UNCLEAR',
          'JobScore does not let us see whether the résumé arrived. Look at the candidate there',
        ),
      ];
    }
  }
  const outcome = await client.uploadResume(ctx, remoteId, resume);
  if (outcome.done) return [];
  const reason =
    outcome.reason === undefined ? '' : `: ${impersonal(outcome.reason, request.candidate, resume.filename)}`;
  return [
    resumeWarning('RESUME_REFUSED', `JobScore did not take the résumé${reason}. Add it there by hand if it is needed`),
  ];
}

/** Whether an earlier try of the same item has left its résumé: one that is as young as the item. */
async function resumeArrived(
  client: JobScoreClient,
  ctx: CallContext,
  candidateId: string,
  firstTriedAt: string,
): Promise<'yes' | 'no' | 'unknown'> {
  try {
    const documents = await client.documents(ctx, candidateId);
    const ours = documents.some(
      (document) => document.document_type === 'resume' && isSince(document.created_on, firstTriedAt),
    );
    return ours ? 'yes' : 'no';
  } catch (error) {
    // Reading documents may be a right of its own, and the list is a SECONDARY fact; neither may fail the candidate.
    if (isHubError(error) && LIST_REFUSED.has(error.code)) return 'unknown';
    throw error;
  }
}

/** Failures by which JobScore refuses a list for good. */
const LIST_REFUSED: ReadonlySet<string> = new Set([
  'ATS_PERMISSION_MISSING',
  'ATS_RECORD_NOT_FOUND',
  'ATS_REQUEST_REFUSED',
]);

function resumeWarning(code: string, message: string): ExportWarning {
  return { code, message: `${message}.`, field: 'resume' };
}

/** Whether this candidate in JobScore can only have been made by this item. */
function isOutcomeOf(request: ExportRequest, sourceName: string, found: JobScoreCandidate): boolean {
  const sent = candidateBody(request.candidate, sourceName, request.source);
  const sentEmail = typeof sent.email === 'string' ? sent.email : undefined;
  return (
    !request.notThese.includes(found.id) &&
    found.source_detail === sent.source_detail &&
    isSince(found.created_on, request.firstTriedAt) &&
    isSameText(found.email, sentEmail) &&
    isSameText(found.first_name, sent.first_name) &&
    isSameText(found.last_name, sent.last_name)
  );
}

function isSince(createdOn: string, firstTriedAt: string): boolean {
  return Date.parse(createdOn) >= Date.parse(firstTriedAt) - CLOCK_SKEW_MS;
}

/** Compares without capitals and spacing: whether JobScore keeps them as sent is not known. */
function isSameText(a: string | null | undefined, b: string | null | undefined): boolean {
  return comparable(a) === comparable(b);
}

function comparable(text: string | null | undefined): string {
  return (text ?? '').normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}

function impersonal(reason: string, { firstName, lastName }: CandidateRecord, ...others: readonly string[]): string {
  return withoutPersonalData(reason, [firstName, lastName, `${firstName} ${lastName}`, ...others]);
}

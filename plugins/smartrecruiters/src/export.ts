import {
  type CallContext,
  type CandidateRecord,
  CandidateRejectedError,
  type ContactAddition,
  type ContactReceipt,
  type ExportCapability,
  type ExportField,
  ExportInterruptedError,
  type ExportLimits,
  type ExportReceipt,
  type ExportRequest,
  type ExportTarget,
  type ExportWarning,
  JobNotOpenError,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import type { AddOutcome, SmartRecruitersClient } from './client.js';
import { contactChanges } from './contact.js';
import { JobDirectory, type JobState } from './job-directory.js';
import { candidateBody, emailOf, isOpen, isSameText, jobOf, linksOf, SENT_NETWORKS } from './mapping.js';
import { addResume } from './resume.js';
import { type SourceAnswer, SourceDirectory } from './source-directory.js';
import type { CandidateAnswer, CandidateDetails } from './vendor-records.js';

const ATS = 'SmartRecruiters';

/** What is sent: the body of the sheet's §7, CONFIRMED; limits of tags are SECONDARY, that of files is INFERRED (§9). */
const FIELDS: readonly ExportField[] = [
  { name: 'firstName', label: 'First name', required: true },
  { name: 'lastName', label: 'Last name', required: true },
  {
    name: 'source',
    label: 'Source',
    note: 'The source name of the connection; without such a source in SmartRecruiters it becomes "API".',
  },
  {
    name: 'address',
    label: 'Location',
    parts: ['city', 'region', 'country'],
    note: 'City, region and country: SmartRecruiters has no street or postal code for people.',
  },
  { name: 'emails', label: 'Email address', required: true, maxCount: 1 },
  { name: 'phones', label: 'Phone number', maxCount: 1 },
  { name: 'tags', label: 'Tags', maxCount: 100, maxLength: 150 },
  {
    name: 'socialUrls',
    label: 'Web links',
    networks: SENT_NETWORKS,
    note: 'One each for LinkedIn, Facebook, Twitter and the website; a GitHub page takes the place of a missing website.',
  },
  { name: 'workExperience', label: 'Work experience' },
  { name: 'education', label: 'Education', note: 'The date of graduation becomes the end date.' },
  { name: 'resume', label: 'Résumé', note: 'The generated PDF, up to 2 MB.' },
];

const LIMITS: ExportLimits = {
  // As many as one endpoint answers at once (SmartRecruiters sheet §13).
  concurrency: 8,
  // GET /candidates shows people with an application alone (sheet §5, CONFIRMED): a prospect cannot be found again.
  findable: ['job'],
  // A search answers from an index; how far it lags is not public.
  settleMs: 10_000,
};

/** How far SmartRecruiters' clock and ours may be apart when a record is dated. */
const CLOCK_SKEW_MS = 2 * 60_000;

/** What an export works with. */
interface Exporter {
  readonly client: SmartRecruitersClient;
  readonly jobs: JobDirectory;
  readonly sources: SourceDirectory;
}

/** A candidate that is where it should be, whether this item made it, and what to warn of. */
interface Arrival {
  readonly candidate: CandidateAnswer;
  readonly outcome: ExportReceipt['outcome'];
  readonly warnings: readonly ExportWarning[];
}

/** Export into SmartRecruiters: a candidate on a job or in the talent pool, then the résumé. */
export function smartRecruitersExport(client: SmartRecruitersClient, sourceName: string): ExportCapability {
  const sources = new SourceDirectory(client, sourceName);
  const exporter: Exporter = { client, sources, jobs: new JobDirectory(client) };
  return {
    fields: FIELDS,
    limits: LIMITS,

    async listJobs(ctx, query) {
      const { items, ...rest } = await client.jobs(ctx, query);
      return { ...rest, items: items.filter(isOpen).map(jobOf) };
    },

    async exportCandidate(ctx, request) {
      const { resume, target, existing } = request;
      const { candidate, outcome, warnings } = existing
        ? await arrived(exporter, ctx, request, existing.remoteId)
        : await arrive(exporter, ctx, request);
      const reference = client.referenceTo(candidate.id);
      try {
        const place = { candidateId: candidate.id, jobId: jobIdOf(target) };
        const resumeWarnings = resume
          ? await addResume(client, ctx, place, resume, { mayBeThere: existing !== undefined })
          : [];
        return { ...reference, outcome, warnings: [...warnings, ...resumeWarnings, ...linkWarnings(request)] };
      } catch (failure) {
        throw new ExportInterruptedError(reference, failure);
      }
    },

    async findExported(ctx, request) {
      const found = (await namesakes(exporter, ctx, request)).find(
        (one) => isOutcomeOf(request, one) && isAt(request.target, one),
      );
      return found && client.referenceTo(found.id);
    },

    addContact: (ctx, addition) => addContact(client, ctx, addition),

    checkSource: (ctx) => sources.check(ctx),
  };
}

/**
 * A candidate that is there. What an earlier try of this item made, SmartRecruiters made and attached in one request, so that there is
 * nothing to attach later.
 */
async function arrived(
  exporter: Exporter,
  ctx: CallContext,
  request: ExportRequest,
  candidateId: string,
): Promise<Arrival> {
  const { client } = exporter;
  const candidate = await client.candidate(ctx, candidateId);
  if (!candidate) throw new RecordNotFoundError(ATS, 'candidate', candidateId);
  if (isAt(request.target, candidate)) return { candidate, outcome: outcomeOf(request, candidate), warnings: [] };
  try {
    if (!isOutcomeOf(request, candidate, -1)) return await attach(exporter, ctx, request, candidate);
    throw new CandidateRejectedError(ATS, 'an earlier try created it, and it is not on the job any more');
  } catch (failure) {
    throw new ExportInterruptedError(client.referenceTo(candidateId), failure);
  }
}

/**
 * Puts somebody who was there before onto a job: by sending them once more as SmartRecruiters has them, because it has no call for
 * that. Whether it takes them for the same person is not public (SmartRecruiters sheet §7).
 */
async function attach(
  exporter: Exporter,
  ctx: CallContext,
  request: ExportRequest,
  { id }: CandidateAnswer,
): Promise<Arrival> {
  const details = await exporter.client.candidateDetails(ctx, id);
  if (!details) throw new RecordNotFoundError(ATS, 'candidate', id);
  const asKnown = { ...request, candidate: knownAs(details) };
  requireEssentials(asKnown);
  await requireOpenJob(exporter, ctx, request.target);
  const outcome = await add(exporter, ctx, asKnown, await exporter.sources.find(ctx));
  if (outcome.kind === 'refused') throw new CandidateRejectedError(ATS, outcome.codes);
  const candidate =
    outcome.kind === 'added' ? outcome.candidate : await afterConflict(exporter, ctx, asKnown, outcome.codes);
  if (candidate.id !== id) {
    throw new CandidateRejectedError(
      ATS,
      'it made a second record of this person, which is on the job. Merge the two there',
    );
  }
  const warnings = outcome.kind === 'added' ? sourceWarnings(exporter, outcome.source) : [];
  return { candidate, outcome: 'UPDATED', warnings };
}

/** Just enough of a person for SmartRecruiters to know them again: the rest of them stays as it is there. */
function knownAs({ firstName, lastName, email }: CandidateDetails): CandidateRecord {
  return {
    firstName: firstName ?? '',
    lastName: lastName ?? '',
    emails: email == null ? [] : [email],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [],
    tags: [],
  };
}

/** Gets a candidate to where it should be: whoever is there already is not sent again. */
async function arrive(exporter: Exporter, ctx: CallContext, request: ExportRequest): Promise<Arrival> {
  const { target } = request;
  requireEssentials(request);
  const known = await lookedUp(exporter, ctx, request);
  if (known && isAt(target, known)) {
    // Mostly there before; but an earlier try of this item may have made it, so the dates decide, without allowance.
    return { candidate: known, outcome: outcomeOf(request, known, -1), warnings: [] };
  }
  await requireOpenJob(exporter, ctx, target);

  const source = await exporter.sources.find(ctx);
  const outcome = await add(exporter, ctx, request, source);
  switch (outcome.kind) {
    case 'added': {
      const { candidate } = outcome;
      const isKnown = candidate.id === known?.id;
      return {
        candidate,
        outcome: isKnown ? 'UPDATED' : outcomeOf(request, candidate),
        warnings: [...sourceWarnings(exporter, outcome.source), ...(known && !isKnown ? [SECOND_RECORD] : [])],
      };
    }
    case 'conflict': {
      const candidate = await afterConflict(exporter, ctx, request, outcome.codes);
      return { candidate, outcome: outcomeOf(request, candidate), warnings: [] };
    }
    case 'refused':
      throw new CandidateRejectedError(ATS, outcome.codes);
  }
}

/**
 * Sends the candidate. A refusal may be about the job or the source, which both can change under our hands; nothing was written
 * then, so that it is safe to look again and to send once more.
 */
async function add(
  { client, jobs, sources }: Exporter,
  ctx: CallContext,
  { candidate, target }: ExportRequest,
  source: SourceAnswer,
): Promise<AddOutcome & { readonly source: SourceAnswer }> {
  const jobId = jobIdOf(target);
  const send = (carried: SourceAnswer): Promise<AddOutcome> =>
    client.add(ctx, jobId, candidateBody(candidate, carried.kind === 'present' ? carried.details : undefined));
  const outcome = await send(source);
  if (outcome.kind !== 'refused') return { ...outcome, source };
  if (jobId !== undefined) requireOpen(jobId, await jobs.findNow(ctx, jobId), outcome.codes);
  if (source.kind !== 'present') return { ...outcome, source };
  const current = await sources.findNow(ctx);
  if (isSameSource(current, source)) return { ...outcome, source };
  return { ...(await send(current)), source: current };
}

function isSameSource(one: SourceAnswer, other: SourceAnswer): boolean {
  if (one.kind !== 'present' || other.kind !== 'present') return one.kind === other.kind;
  const { sourceTypeId, sourceSubTypeId, sourceId } = one.details;
  const { details } = other;
  return (
    sourceTypeId === details.sourceTypeId &&
    sourceSubTypeId === details.sourceSubTypeId &&
    sourceId === details.sourceId
  );
}

/**
 * Somebody there has this email address and last name. If it is the candidate of an earlier try, or one that the search shows
 * by now, it is the one that we want; otherwise SmartRecruiters' API cannot bring the two together.
 */
async function afterConflict(
  exporter: Exporter,
  ctx: CallContext,
  request: ExportRequest,
  codes: string,
): Promise<CandidateAnswer> {
  const found = (await namesakes(exporter, ctx, request)).find((one) => isAt(request.target, one));
  if (found) return found;
  const where = request.target.kind === 'job' ? 'Add them to the job there' : 'They may be in the talent pool';
  throw new CandidateRejectedError(
    ATS,
    `it has somebody with the same email address and last name already (${codes}). ${where}`,
    'emails',
  );
}

/** Fills what is free of the one email address and the one phone number. */
async function addContact(
  client: SmartRecruitersClient,
  ctx: CallContext,
  addition: ContactAddition,
): Promise<ContactReceipt> {
  const { remoteId } = addition;
  const person = await client.candidateDetails(ctx, remoteId);
  if (!person) throw new RecordNotFoundError(ATS, 'candidate', remoteId);
  const { changes, leftOut } = contactChanges(person, addition);
  if (Object.keys(changes).length === 0) return { outcome: 'KNOWN', leftOut };
  const outcome = await client.change(ctx, remoteId, changes);
  switch (outcome.kind) {
    case 'changed':
      return { outcome: 'UPDATED', leftOut };
    case 'gone':
      throw new RecordNotFoundError(ATS, 'candidate', remoteId);
    case 'conflict':
      throw new CandidateRejectedError(
        ATS,
        `it has somebody else with this email address and last name (${outcome.codes}). Merge the two there`,
        'emails',
      );
    case 'refused':
      throw new CandidateRejectedError(ATS, outcome.codes);
  }
}

/** Who is there already, and the one on the job rather than another. */
async function lookedUp(
  exporter: Exporter,
  ctx: CallContext,
  request: ExportRequest,
): Promise<CandidateAnswer | undefined> {
  const { lookedUp: asked, target } = request;
  if (asked) return asked.found && exporter.client.candidate(ctx, asked.found.remoteId);
  const found = await namesakes(exporter, ctx, request);
  return found.find((one) => isAt(target, one)) ?? found[0];
}

/**
 * Everybody with an application who has the email address and last name of this candidate, oldest first: the pair by which
 * SmartRecruiters tells people apart (SmartRecruiters sheet §6, CONFIRMED).
 */
async function namesakes(
  { client }: Exporter,
  ctx: CallContext,
  { candidate, target }: ExportRequest,
): Promise<readonly CandidateAnswer[]> {
  const email = emailOf(candidate);
  const found = (await client.candidatesByEmail(ctx, email)).filter(
    (one) => isSameText(one.email, email) && isSameText(one.lastName, candidate.lastName),
  );
  // Whoever is in the list is on a job, but the list need not say on which (sheet §5).
  const told = found.map(async (one) =>
    target.kind === 'job' && jobIdsOf(one).length === 0 ? ((await client.candidate(ctx, one.id)) ?? one) : one,
  );
  return (await Promise.all(told)).toSorted(
    (one, other) => Date.parse(one.createdOn ?? '') - Date.parse(other.createdOn ?? '') || (one.id < other.id ? -1 : 1),
  );
}

/** What SmartRecruiters needs, told before anything is sent. */
function requireEssentials({ candidate }: ExportRequest): void {
  const { firstName, lastName } = candidate;
  if (firstName.trim() === '') throw new CandidateRejectedError(ATS, 'it needs a first name', 'firstName');
  if (lastName.trim() === '') throw new CandidateRejectedError(ATS, 'it needs a last name', 'lastName');
  if (emailOf(candidate) === '') throw new CandidateRejectedError(ATS, 'it needs an email address', 'emails');
}

async function requireOpenJob({ jobs }: Exporter, ctx: CallContext, target: ExportTarget): Promise<void> {
  if (target.kind === 'job') requireOpen(target.jobRemoteId, await jobs.find(ctx, target.jobRemoteId));
}

/** Whether SmartRecruiters refuses candidates for a job that is not open is not known, so we do. */
function requireOpen(jobId: string, state: JobState, codes?: string): void {
  if (!state.open)
    throw new JobNotOpenError(ATS, jobId, codes === undefined ? state.reason : `${state.reason}; ${codes}`);
}

function jobIdOf(target: ExportTarget): string | undefined {
  return target.kind === 'job' ? target.jobRemoteId : undefined;
}

function jobIdsOf({ primaryAssignment, secondaryAssignments }: CandidateAnswer): readonly string[] {
  return [primaryAssignment, ...(secondaryAssignments ?? [])].map((one) => one?.job?.id).filter((id) => id != null);
}

/** Whether the candidate is where the export is to take it. A prospect is anywhere in SmartRecruiters. */
function isAt(target: ExportTarget, candidate: CandidateAnswer): boolean {
  return target.kind === 'prospect' || jobIdsOf(candidate).includes(target.jobRemoteId);
}

function outcomeOf(request: ExportRequest, candidate: CandidateAnswer, skewMs?: number): ExportReceipt['outcome'] {
  return isOutcomeOf(request, candidate, skewMs) ? 'CREATED' : 'UPDATED';
}

/**
 * Whether this candidate can only have been made by this item.
 *
 * @param skewMs How much older than the first try it may be; -1: it must be younger.
 */
function isOutcomeOf(
  { firstTriedAt, notThese }: ExportRequest,
  { id, createdOn }: CandidateAnswer,
  skewMs: number = CLOCK_SKEW_MS,
): boolean {
  const isYoung = createdOn != null && Date.parse(createdOn) >= Date.parse(firstTriedAt) - skewMs;
  return isYoung && !notThese.includes(id);
}

/** What SmartRecruiters does about a person whom it has already is not public (SmartRecruiters sheet §7). */
const SECOND_RECORD: ExportWarning = {
  code: 'SECOND_RECORD',
  message: 'SmartRecruiters had this person already, on another job, and made a second record. Merge the two there.',
};

function sourceWarnings({ sources: { name } }: Exporter, { kind }: SourceAnswer): readonly ExportWarning[] {
  if (kind === 'present') return [];
  const why = kind === 'absent' ? `has no source named "${name}"` : 'does not let these credentials see its sources';
  const message = `SmartRecruiters ${why}: the candidate arrived with the source "API". Verify the connection for what to do.`;
  return [{ code: 'SOURCE_MISSING', message, field: 'source' }];
}

function linkWarnings({ candidate }: ExportRequest): readonly ExportWarning[] {
  const { homeless } = linksOf(candidate);
  if (homeless === 0) return [];
  const message = `SmartRecruiters has one place each for LinkedIn, Facebook, Twitter and a website; ${homeless} more ${homeless === 1 ? 'link was' : 'links were'} left out.`;
  return [{ code: 'LINK_DROPPED', message, field: 'socialUrls' }];
}

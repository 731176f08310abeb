import {
  type CallContext,
  CandidateRejectedError,
  type ExportCapability,
  type ExportField,
  type ExportFieldName,
  ExportInterruptedError,
  type ExportLimits,
  type ExportRequest,
  type ExportWarning,
  JobNotOpenError,
  type ResumeFile,
} from '@talentbridge/contracts';
import type { IcimsClient } from './client.js';
import { addContact } from './contact.js';
import type { PortalJobs } from './jobs.js';
import { type ArrivedPerson, addressOf, type People } from './people.js';
import { ATS, reasonOf } from './vendor-errors.js';
import type { Workflows } from './workflows.js';

/** What the export works with. */
export interface IcimsExportParts {
  readonly client: IcimsClient;
  readonly jobs: PortalJobs;
  readonly people: People;
  readonly workflows: Workflows;
  readonly sendResume: boolean;
}

/** What is sent: the fields of the set-up article, in its order. */
const FIELDS: readonly ExportField[] = [
  { name: 'firstName', label: 'First name' },
  { name: 'lastName', label: 'Last name' },
  {
    name: 'emails',
    label: 'Email address',
    required: true,
    maxCount: 1,
    note: 'iCIMS knows a person by it: the same address again updates that person.',
  },
  { name: 'phones', label: 'Phone numbers', parts: ['number', 'type'], note: 'Number and type.' },
  {
    name: 'socialUrls',
    label: 'LinkedIn URL',
    networks: ['linkedin'],
    maxCount: 1,
    note: 'As a social account, or in the field that the settings name.',
  },
  {
    name: 'workExperience',
    label: 'Work experience',
    parts: ['employer', 'title', 'startDate', 'endDate'],
    note: 'For new people only. A date known by month goes out as the first of the month.',
  },
  {
    name: 'education',
    label: 'Education',
    parts: ['school', 'degree'],
    note: 'For new people only. iCIMS adds schools and degrees to its lists by itself.',
  },
  {
    name: 'source',
    label: 'Source',
    note: 'On the recruiting workflow, with the status Recruiter Submitted. Prospects have none.',
  },
  {
    name: 'resume',
    label: 'Résumé',
    note: 'The generated PDF, for people without a résumé in iCIMS.',
  },
];

// Nothing in iCIMS keeps two people with one address apart (iCIMS sheet §6.3), so a request that is sent twice at once would make
// two. Hence no `absorbsRepeats`, and `findExported` after silence.
const LIMITS: ExportLimits = { concurrency: 4, lookUpBatch: 100, settleMs: 5_000 };

/** Export into iCIMS: a person, then the recruiting workflow, then the résumé. */
export function icimsExport(parts: IcimsExportParts): ExportCapability {
  const { jobs, people, sendResume } = parts;
  return {
    fields: sendResume ? FIELDS : FIELDS.filter(({ name }) => name !== 'resume'),
    limits: LIMITS,

    listJobs: (ctx, query) => jobs.page(ctx, query),

    async exportCandidate(ctx, request) {
      const known = request.existing ?? requiredAddressOf(request);
      await prepare(ctx, request, parts);
      const person =
        typeof known === 'string'
          ? await people.send(ctx, request, known)
          : await people.known(ctx, known, request.firstTriedAt);
      try {
        const attached =
          request.target.kind === 'job' ? await attach(ctx, person, request.target.jobRemoteId, parts) : [];
        const uploaded = sendResume && request.resume ? await addResume(ctx, person, request.resume, parts) : [];
        return {
          ...person.reference,
          outcome: person.origin === 'known' ? 'UPDATED' : 'CREATED',
          warnings: [...person.warnings, ...attached, ...uploaded],
        };
      } catch (failure) {
        throw new ExportInterruptedError(person.reference, failure);
      }
    },

    async findExported(ctx, request) {
      const email = addressOf(request);
      // Without an address nothing was ever sent.
      return email === undefined ? undefined : people.findMade(ctx, request, email);
    },

    addContact: (ctx, addition) => addContact(ctx, addition, parts),

    async lookUp(ctx, requests) {
      const emails = requests.map(addressOf);
      const found = await people.lookUp(
        ctx,
        emails.filter((email) => email !== undefined),
      );
      return Object.fromEntries(
        requests.flatMap(({ itemId }, index) => {
          const reference = found.get(emails[index]?.toLowerCase() ?? '');
          return reference ? [[itemId, reference]] : [];
        }),
      );
    },
  };
}

/** @throws CandidateRejectedError */
function requiredAddressOf(request: ExportRequest): string {
  const email = addressOf(request);
  if (email !== undefined) return email;
  throw new CandidateRejectedError(
    ATS,
    'it takes no candidate without an email address; reveal one, or let dummy addresses be generated',
    'emails' satisfies ExportFieldName,
  );
}

/** Reads what may fail before anything is written. Each of it is read once for many candidates. */
async function prepare(
  ctx: CallContext,
  request: ExportRequest,
  { jobs, people, workflows }: IcimsExportParts,
): Promise<void> {
  const { target, existing } = request;
  if (!existing) await people.fields(ctx);
  if (target.kind !== 'job') return;
  // A candidate that arrived stays, and may be on the job already: that is seen first.
  if (!existing) await jobs.requireOpen(ctx, target.jobRemoteId);
  await workflows.prepare(ctx);
}

async function attach(
  ctx: CallContext,
  { reference, origin }: ArrivedPerson,
  jobId: string,
  { jobs, workflows }: IcimsExportParts,
): Promise<readonly ExportWarning[]> {
  // A person who was made a moment ago is on no job yet: no need to ask.
  if (origin !== 'fresh') {
    if (await workflows.isThere(ctx, reference.remoteId, jobId)) return [];
    await jobs.requireOpen(ctx, jobId);
  }
  try {
    return await workflows.attach(ctx, reference.remoteId, jobId);
  } catch (error) {
    if (error instanceof JobNotOpenError) jobs.forget();
    throw error;
  }
}

/** Adds the résumé once, and answers what to warn of. Only a definite refusal is a warning: after silence the next try completes it. */
async function addResume(
  ctx: CallContext,
  { reference, origin }: ArrivedPerson,
  resume: ResumeFile,
  { client }: IcimsExportParts,
): Promise<readonly ExportWarning[]> {
  const { remoteId } = reference;
  // Uploading replaces: a résumé of the candidate's own is worth more than a generated one.
  const held = origin === 'known' ? await client.hasResume(ctx, remoteId) : 'no';
  if (held !== 'no') {
    const why =
      held === 'yes'
        ? 'The person has a résumé in iCIMS already. It was kept'
        : 'The API user may not see whether the person has a résumé in iCIMS. None was replaced';
    return [{ code: 'RESUME_KEPT', field: 'resume', message: `${why}, and the generated one was not sent.` }];
  }
  const outcome = await client.uploadResume(ctx, remoteId, resume);
  if (outcome.done) return [];
  return [
    {
      code: 'RESUME_REFUSED',
      field: 'resume',
      message: `iCIMS did not take the résumé: ${reasonOf(outcome.refusal)}. Add it there by hand if it is needed.`,
    },
  ];
}

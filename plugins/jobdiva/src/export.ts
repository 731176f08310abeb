import type {
  CallContext,
  ExportCapability,
  ExportField,
  ExportLimits,
  Job,
  JobQuery,
  Page,
} from '@talentbridge/contracts';
import type { JobDivaClient } from './client.js';
import { addContact } from './contact.js';
import { CandidateExport, type ExportChoices } from './export-candidate.js';
import { findOwn } from './find-candidate.js';
import { hasWords, isOpen, jobOf, NETWORKS } from './mapping.js';
import { ExportSource } from './resume-sources.js';

/** What is sent, with JobDiva's limits (JobDiva sheet §6: unverified; those of titles and education are INFERRED). */
const FIELDS: readonly ExportField[] = [
  { name: 'firstName', label: 'First name', required: true, maxLength: 50 },
  { name: 'lastName', label: 'Last name', required: true, maxLength: 50 },
  {
    name: 'source',
    label: 'Source',
    note: 'The résumé source of the connection; it must exist in JobDiva. Set when the candidate is created, and on the résumé and the application.',
  },
  {
    name: 'address',
    label: 'Address',
    maxLength: 100,
    note: 'Country and US state by their two letters. A postal code of more than 20 characters is left out.',
  },
  {
    name: 'emails',
    label: 'Email addresses',
    required: true,
    maxCount: 2,
    maxLength: 100,
    note: 'Email and alternate email. JobDiva knows people by them.',
  },
  {
    name: 'phones',
    label: 'Phone numbers',
    maxCount: 3,
    maxLength: 20,
    note: 'One each for cell, home and work: by type, then in order.',
  },
  { name: 'socialUrls', label: 'Social URLs', networks: NETWORKS, note: 'One for each network.' },
  {
    name: 'workExperience',
    label: 'Work experience',
    maxLength: 98,
    datePrecision: 'month',
    note: 'New candidates only: "title at employer" among titles, skills and certifications, with dates. JobDiva has no place for employers, and an entry without a title stays out.',
  },
  {
    name: 'education',
    label: 'Education',
    maxLength: 100,
    datePrecision: 'year',
    note: 'New candidates only: school, degree, major and year.',
  },
  { name: 'resume', label: 'Résumé', note: 'The generated PDF.' },
];

// One request at a time is what works (JobDiva sheet §4), so a second candidate would only wait. Whether JobDiva refuses an
// address that is taken is unverified; hence no `absorbsRepeats`, and `findExported` after silence.
const LIMITS: ExportLimits = { concurrency: 1, settleMs: 10_000 };

/** The largest page that a client of JobDiva was seen to ask for. */
const PAGE_SIZE = 200;

/** A reference number, as JobDiva gives it to jobs: `26-02701`. */
const REFERENCE = /^\d{2}-\d{3,}$/;

/** What an admin chose for exports. */
export interface JobDivaExportChoices extends ExportChoices {
  /** Name of the résumé source. */
  readonly sourceName: string;
}

/** Export into JobDiva: jobs to choose from, and one candidate at a time. */
export function jobDivaExport(client: JobDivaClient, choices: JobDivaExportChoices): ExportCapability {
  const source = new ExportSource(client, choices.sourceName);
  return {
    fields: choices.sendResume ? FIELDS : FIELDS.filter(({ name }) => name !== 'resume'),
    limits: LIMITS,
    listJobs: (ctx, query) => listJobs(client, ctx, query),
    exportCandidate: (ctx, request) => new CandidateExport(client, source, choices, ctx, request).run(),
    async findExported(ctx, request) {
      const own = await findOwn(client, ctx, request);
      return own && client.candidateReference(own.id);
    },
    addContact: (ctx, addition) => addContact(client, ctx, addition),
    checkSource: (ctx) => source.check(ctx),
  };
}

/**
 * Open jobs, page by page. JobDiva sometimes answers jobs that were not asked for (JobDiva sheet §6), so each is looked at
 * again; and a page that begins as the one before means that it takes no notice of the offset.
 */
async function listJobs(client: JobDivaClient, ctx: CallContext, query: JobQuery): Promise<Page<Job>> {
  const search = query.search?.trim() ?? '';
  if (REFERENCE.test(search)) {
    const job = await client.jobByReference(ctx, search);
    if (job) return { items: isOpen(job) ? [jobOf(job, client.jobUrl(job.id))] : [] };
  }
  const { offset, size, firstId } = readCursor(query.cursor, query.first);
  const page = await client.openJobs(ctx, { offset, size, ...(search === '' ? {} : { title: search }) });
  const [first] = page;
  if (first === undefined || first.id === firstId) return { items: [] };
  const wanted = page.filter((job) => isOpen(job) && hasWords(job, search));
  const items = [...new Map(wanted.map((job) => [job.id, jobOf(job, client.jobUrl(job.id))])).values()];
  return page.length < size ? { items } : { items, cursor: `${offset + page.length}/${size}/${first.id}` };
}

function readCursor(
  cursor: string | undefined,
  first = PAGE_SIZE,
): { readonly offset: number; readonly size: number; readonly firstId?: string } {
  const [, offset, size, firstId] = /^(\d{1,9})\/(\d{1,3})\/(\d{1,18})$/.exec(cursor ?? '') ?? [];
  if (offset === undefined || size === undefined || firstId === undefined)
    return { offset: 0, size: Math.min(Math.max(Math.trunc(first), 1), PAGE_SIZE) };
  return { offset: Number(offset), size: Number(size), firstId };
}

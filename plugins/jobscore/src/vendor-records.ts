import { z } from 'zod';

// JobScore adds properties when it likes and never changes or removes one (JobScore sheet §2, CONFIRMED). So only what
// the plugin uses is described, and what it can do without may be absent, null or odd. Names are INFERRED from v1.

const timestamp = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'not a timestamp');
const optionalText = z.string().nullish().catch(undefined);

/** Where a list has got to (JobScore sheet §2: the wrapper `items` is SECONDARY, `meta` in v2 is INFERRED). */
export const pageMeta = z
  .object({ pagination: z.object({ pages: z.number() }) })
  .optional()
  .catch(undefined);

/** A user of the account (JobScore sheet §4.1). */
export const userRecord = z.object({ id: z.string().min(1), created_on: timestamp });

/** A job (JobScore sheet §4.2). */
export const jobRecord = z.object({
  id: z.string().min(1),
  title: z.string(),
  status: z.string(),
  department: z.object({ name: optionalText }).nullish().catch(undefined),
  location: z.object({ city: optionalText, state: optionalText, country: optionalText }).nullish().catch(undefined),
});

/** A job as JobScore describes it. */
export type JobScoreJob = z.output<typeof jobRecord>;

/** A database source or a tag (JobScore sheet §4.3 and §4.4). */
export const namedRecord = z.object({ id: z.string().min(1), name: z.string() });

/** What comes back from creating anything. */
export const createdRecord = z.object({ id: z.string().min(1) });

/** What comes back from creating a candidate (JobScore sheet §4.5). */
export const createdCandidate = createdRecord.extend({ url: optionalText });

/** A candidate in a list (JobScore sheet §4.8 and §9a). */
export const candidateRecord = createdCandidate.extend({
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  source_detail: optionalText,
  created_on: timestamp,
});

/** A candidate as JobScore lists it. */
export type JobScoreCandidate = z.output<typeof candidateRecord>;

/** A candidate's place on a job (JobScore sheet §4.6). */
export const applicationRecord = z.object({ id: z.string().min(1), job_id: z.string().min(1) });

/** A file of a candidate (JobScore sheet §4.7). */
export const documentRecord = z.object({ id: z.string().min(1), document_type: optionalText, created_on: timestamp });

/** A file as JobScore lists it. */
export type JobScoreDocument = z.output<typeof documentRecord>;

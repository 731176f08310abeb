import { z } from 'zod';

// JobScore adds properties when it likes and never changes or removes one (JobScore sheet §2, CONFIRMED). So only what
// the plugin uses is described, and what it can do without may be absent, null or odd. Names are INFERRED from v1.

const timestamp = z.string().refine((value) => !Number.isNaN(Date.parse(value)), 'not a timestamp');
const optionalText = z.string().nullish().catch(undefined);

/** Where a list has got to (JobScore sheet §2: the wrapper `items` is SECONDARY, `meta` in v2 is INFERRED). */
export const pageMeta = z
  .object({ pagination: z.object({ pages: z.number(), resources: z.number().optional().catch(undefined) }) })
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

// What the read side of the API sends (JobScore sheet §9a, INFERRED). A record with an odd part is mirrored without that
// part: one strange entry must not keep all the others out.

const instant = timestamp.nullish().catch(undefined);
const named = z.object({ id: optionalText, name: optionalText }).nullish().catch(undefined);

/** A list without the items that are not what they should be. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((one): z.output<Item>[] => {
        const parsed = item.safeParse(one);
        return parsed.success ? [parsed.data] : [];
      }),
    );
}

const year = z.union([z.number(), z.string()]).nullish().catch(undefined);

/** A candidate, whole (JobScore sheet §4.5 and §9a). */
export const mirroredCandidateRecord = createdCandidate.extend({
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  work_email: optionalText,
  home_phone: optionalText,
  mobile_phone: optionalText,
  work_phone: optionalText,
  home_street1: optionalText,
  home_street2: optionalText,
  home_city: optionalText,
  home_state: optionalText,
  home_postal_code: optionalText,
  home_country: optionalText,
  source: optionalText,
  source_detail: optionalText,
  // Names, as they are written; objects with a name, as `GET /tags` has them (INFERRED).
  tags: listOf(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])),
  profile_links: listOf(z.object({ type: optionalText, url: z.string() })),
  employers: listOf(
    z.object({
      employer_name: z.string(),
      titles: listOf(z.object({ title: optionalText, start_year: year, end_year: year })),
    }),
  ),
  schools: listOf(
    z.object({ name: z.string(), degree_type: optionalText, degree_major: optionalText, graduation_year: year }),
  ),
  created_on: instant,
  updated_on: instant,
});

/** A candidate as JobScore describes it in full. */
export type JobScorePerson = z.output<typeof mirroredCandidateRecord>;

/** An application, whole. Without a job there is nothing to mirror. */
export const mirroredApplicationRecord = z.object({
  id: z.string().min(1),
  // Not in the list of a candidate's applications, which says whose they are by its address.
  candidate_id: optionalText,
  job_id: optionalText,
  workflow_stage: named,
  status: optionalText,
  disposition: named,
  stage_history: listOf(z.object({ stage: named, entered_on: instant })),
  created_on: instant,
  updated_on: instant,
});

/** An application as JobScore describes it in full. */
export type JobScoreApplication = z.output<typeof mirroredApplicationRecord>;

/** An application that was asked for by its own id (JobScore sheet §4.6). */
export const loneApplicationRecord = mirroredApplicationRecord.extend({ candidate_id: z.string().min(1) });

/**
 * A job, whole. What it is about and where to apply stand here under the names of the public feed, which alone is known to
 * have them (JobScore sheet §8, SECONDARY; for `GET /jobs` INFERRED).
 */
export const mirroredJobRecord = jobRecord.extend({
  description: optionalText,
  apply_url: optionalText,
  detail_url: optionalText,
  created_on: instant,
  updated_on: instant,
});

/** A job as JobScore describes it in full. */
export type JobScorePosting = z.output<typeof mirroredJobRecord>;

/** A file of a candidate, as the list has it (type and size are INFERRED). */
export const mirroredDocumentRecord = z.object({
  id: z.string().min(1),
  filename: optionalText,
  document_type: optionalText,
  content_type: optionalText,
  size: z.number().nullish().catch(undefined),
  created_on: instant,
  updated_on: instant,
});

/** A file as JobScore describes it in full. */
export type JobScoreFile = z.output<typeof mirroredDocumentRecord>;

const author = z.object({ first_name: optionalText, last_name: optionalText }).nullish().catch(undefined);

/** A note about a candidate. */
export const noteRecord = z.object({
  id: z.string().min(1),
  body: optionalText,
  author,
  private: z.boolean().nullish().catch(undefined),
  created_on: instant,
  updated_on: instant,
});

/** A note as JobScore lists it. */
export type JobScoreNote = z.output<typeof noteRecord>;

/** An interview. The sheet knows no name or type of one. */
export const interviewRecord = z.object({
  id: z.string().min(1),
  application_id: optionalText,
  name: optionalText,
  type: optionalText,
  scheduled_on: instant,
  interviewers: listOf(author),
  feedback: optionalText,
  recommendation: optionalText,
  created_on: instant,
  updated_on: instant,
});

/** An interview as JobScore lists it. */
export type JobScoreInterview = z.output<typeof interviewRecord>;

/** Who wrote something, as JobScore names them. */
export type JobScoreAuthor = z.output<typeof author>;

/** What `GET /documents/{id}` says of a file: where it can be had (INFERRED, because every answer is JSON: §2). */
export const documentLink = z.object({ content_type: optionalText, url: z.string().min(1) });

/**
 * A webhook (JobScore sheet §7: `target_url` and `event_types` are SECONDARY). How JobScore shows that it gave one up is
 * INFERRED: `enabled`, or a word in `status`.
 */
export const subscriptionRecord = z.object({
  id: z.string().min(1),
  target_url: z.string().catch(''),
  event_types: listOf(z.string()),
  enabled: z.boolean().nullish().catch(undefined),
  status: optionalText,
});

/** A webhook as JobScore lists it. */
export type JobScoreSubscription = z.output<typeof subscriptionRecord>;

// Every id has 22 characters (JobScore sheet §2, CONFIRMED); the alphabet is SECONDARY. Whoever knows the address can send
// a delivery, and what it names becomes part of a path: nothing else is taken for an id.
const namedId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/)
  .optional()
  .catch(undefined);
const namedObject = z.object({ id: namedId }).optional().catch(undefined);

/**
 * What is read of a delivery (JobScore sheet §7: the names of events are SECONDARY in part, the shape is INFERRED). What
 * else it tells of a record is not believed.
 */
export const deliveryBody = z.object({
  id: z.string().min(1).max(200).optional().catch(undefined),
  // Names are shown to people.
  event_type: z.string().regex(/^[a-z][a-z._]{0,79}$/),
  created_on: timestamp.max(40).optional().catch(undefined),
  data: z
    .object({
      candidate: namedObject,
      application: z.object({ id: namedId, candidate_id: namedId }).optional().catch(undefined),
      job: namedObject,
    })
    .catch({ candidate: undefined, application: undefined, job: undefined }),
});

/** A delivery as JobScore sends it. */
export type JobScoreDelivery = z.output<typeof deliveryBody>;

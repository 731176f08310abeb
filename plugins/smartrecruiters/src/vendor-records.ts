import { secretField } from '@talentbridge/contracts';
import { z } from 'zod';

// What is read of SmartRecruiters' answers (SmartRecruiters sheet §4 to §10). Everything that the vendor does not promise may
// be absent or null; what is unreadable beside the point counts as absent.

const text = z.string().nullish().catch(undefined);
const id = z.string().min(1);
const assignment = z.object({ job: z.object({ id: text }).nullish().catch(undefined) });

/** A candidate of the list or by itself. Both name the jobs; the list leaves out what an export does not need. */
export const candidateRecord = z.object({
  id,
  lastName: text,
  email: text,
  createdOn: text,
  primaryAssignment: assignment.nullish().catch(undefined),
  secondaryAssignments: z.array(assignment).nullish().catch(undefined),
});

/** A candidate as far as an export looks at it. */
export type CandidateAnswer = z.output<typeof candidateRecord>;

/** A candidate of the list, as far as a mirror looks at it: whom to read. */
export const candidateSummaryRecord = z.object({ id });

const label = z.object({ label: text }).nullish().catch(undefined);
const number = z.number().nullish().catch(undefined);
const flag = z.boolean().nullish().catch(undefined);

/** A list of which what is unreadable is left out. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(item.nullable().catch(null))
    .nullish()
    .catch(undefined)
    .transform((items) => (items ?? []).filter((one) => one !== null));
}

const assignmentDetails = z.object({
  job: z.object({ id: text, title: text }).nullish().catch(undefined),
  status: text,
  subStatus: text,
  source: text,
  reasonOfRejection: label,
  reasonOfWithdrawal: label,
});

/** A candidate on one job, in the candidate's details. */
export type AssignmentDetails = z.output<typeof assignmentDetails>;

/** A candidate by itself, whole (SmartRecruiters sheet §6). */
export const candidateDetailsRecord = z.object({
  id,
  firstName: text,
  lastName: text,
  email: text,
  phoneNumber: text,
  location: z
    .object({ country: text, countryCode: text, regionCode: text, region: text, city: text, lat: number, lng: number })
    .nullish()
    .catch(undefined),
  web: z.object({ linkedin: text, facebook: text, twitter: text, website: text }).nullish().catch(undefined),
  createdOn: text,
  updatedOn: text,
  tags: listOf(z.string()),
  education: listOf(z.object({ institution: text, degree: text, major: text, endDate: text })),
  experience: listOf(z.object({ title: text, company: text, current: flag, startDate: text, endDate: text })),
  primaryAssignment: assignmentDetails.nullish().catch(undefined),
  secondaryAssignments: listOf(assignmentDetails),
});

/** A candidate, whole. */
export type CandidateDetails = z.output<typeof candidateDetailsRecord>;

/** The statuses that an application came to (SmartRecruiters sheet §7). */
export const statusHistoryAnswer = z.object({
  content: listOf(z.object({ changedOn: text, status: text, subStatus: text })),
});

/** A status that an application came to. */
export type StatusChange = z.output<typeof statusHistoryAnswer>['content'][number];

/** A job, of the list or by itself. */
export const jobRecord = z.object({
  id,
  title: z.string(),
  refNumber: text,
  status: text,
  createdOn: text,
  updatedOn: text,
  template: z.boolean().nullish().catch(undefined),
  department: z.object({ label: text }).nullish().catch(undefined),
  location: z
    .object({ city: text, region: text, regionCode: text, country: text, countryCode: text })
    .nullish()
    .catch(undefined),
});

/** A job. */
export type JobAnswer = z.output<typeof jobRecord>;

/** A file of a candidate. */
export const attachmentRecord = z.object({
  id,
  name: text,
  type: text,
  contentType: text,
  actions: z
    .object({ download: z.object({ url: text }).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});

/** A file of a candidate. */
export type AttachmentAnswer = z.output<typeof attachmentRecord>;

/** Whose account it is. */
export const companyRecord = z.object({ identifier: z.string().min(1), name: text });

/** A kind of source. */
export const sourceTypeRecord = z.object({ id, label: text });

/** A source. */
export const sourceRecord = z.object({
  id,
  label: z.string(),
  sourceSubType: z.object({ id: text }).nullish().catch(undefined),
});

/** An event that a subscription is for: answered as an object with a version (SmartRecruiters sheet §12, CONFIRMED). */
const subscribedEvent = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

/** A webhook subscription, with the names of its events. */
export const subscriptionRecord = z.object({
  id,
  callbackUrl: z.string(),
  status: text,
  events: listOf(subscribedEvent),
});

/** A webhook subscription. */
export type SubscriptionAnswer = z.output<typeof subscriptionRecord>;

/** A key as it arrives: a placeholder. */
export const secretKeyRecord = z.object({
  secretKey: secretField(),
});

/** A request that was made of a callback address. */
export const callbackRecord = z
  .object({
    timestamp: z.string(),
    requestDetails: z.object({
      // Text, as it was sent; should it come as JSON, it is written anew.
      body: z.unknown().transform((body) => (typeof body === 'string' ? body : (JSON.stringify(body) ?? ''))),
      headers: z
        .record(z.string(), z.unknown())
        .nullish()
        .catch(undefined)
        .transform((headers) => headers ?? {}),
    }),
  })
  .nullable()
  .catch(null);

/** A request that was made of a callback address; `null`: what the log says of it cannot be read. */
export type CallbackAnswer = z.output<typeof callbackRecord>;

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

/** A job, of the list or by itself. */
export const jobRecord = z.object({
  id,
  title: z.string(),
  refNumber: text,
  status: text,
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
export const attachmentRecord = z.object({ id, name: text, type: text });

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

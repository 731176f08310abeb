import { z } from 'zod';

// iCIMS adds keys at any time (iCIMS sheet §1, CONFIRMED), and leaves out what is empty or hidden. So only what the plugin uses
// is described, and nearly all of it is optional.

const optionalText = z.string().optional().catch(undefined);

/** An id is a number in recordings and a string in prose (iCIMS sheet §1): both are read. */
const id = z.union([
  z.number().int().positive(),
  z
    .string()
    .regex(/^[1-9]\d*$/)
    .transform(Number),
]);

const listValue = z
  .object({ value: optionalText })
  .transform(({ value }) => value)
  .optional()
  .catch(undefined);

/** What a search answers; a missing list is an empty one (iCIMS sheet §9). */
export const searchAnswer = z.object({ searchResults: z.array(z.object({ id })).nullish() });

/** What a portal answers (iCIMS sheet §7.1, CONFIRMED). */
export const portalAnswer = z.object({
  searchResults: z.array(z.object({ id, portalUrl: optionalText, updatedDate: optionalText })).nullish(),
});

/** A job as a portal lists it: without a title. */
export type PortalJob = NonNullable<z.output<typeof portalAnswer>['searchResults']>[number];

/** The profile of a job (iCIMS sheet §7.2, CONFIRMED). */
export const jobProfile = z.object({
  jobtitle: optionalText,
  jobid: optionalText,
  folder: listValue,
  joblocation: listValue,
});

/** A job's own words. */
export type JobProfile = z.output<typeof jobProfile>;

/** What is read of a person (iCIMS sheet §6.5). */
export const personProfile = z.object({ email: optionalText, folder: listValue });

/** A person's address, and the folder that tells whether the person is still in use. */
export type PersonProfile = z.output<typeof personProfile>;

const leafSchema = z.object({ title: optionalText, type: z.unknown() });

/** The fields of a person that the API user may see (iCIMS sheet §5; how collections are nested is INFERRED). */
export const personSchema = z.object({
  properties: z.record(
    z.string(),
    leafSchema
      .extend({
        items: z
          .object({ properties: z.record(z.string(), leafSchema.catch({ title: undefined, type: undefined })) })
          .optional()
          .catch(undefined),
      })
      .catch({ title: undefined, type: undefined, items: undefined }),
  ),
});

/** The schema of persons. */
export type PersonSchema = z.output<typeof personSchema>;

/** The names of the tenant's lists (iCIMS sheet §5, CONFIRMED). */
export const listNames = z.object({ lists: z.array(z.string()) });

/** One page of a list (iCIMS sheet §5, INFERRED). */
export const listNodes = z.object({
  nodes: z.array(z.object({ id: z.string(), value: z.string(), hidden: z.boolean().optional().catch(undefined) })),
  next: z.string().nullish().catch(undefined),
});

/** One value of a list. */
export type ListNode = z.output<typeof listNodes>['nodes'][number];

/** A profile as it comes, to be read field by field: which fields there are is each tenant's own business. */
export const profileRecord = z.record(z.string(), z.unknown());

/** A person, a job or a workflow, by the ids of its fields. */
export type VendorProfile = z.output<typeof profileRecord>;

/** The fields of a recruiting workflow that the API user may see. */
export const submittalSchema = z.object({ properties: z.record(z.string(), z.unknown()) });

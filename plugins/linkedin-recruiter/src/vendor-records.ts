import { secretField } from '@talentbridge/contracts';
import { z } from 'zod';

// What LinkedIn answers, as far as it is read. Unknown properties are LinkedIn's right.

const text = z.string().min(1).optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const texts = z.array(z.string()).catch([]);
const moment = z.number().int().positive().max(8_640_000_000_000_000);
/** An identifier: a number in one place, a text in the other (LinkedIn sheet §7). */
const id = z.union([z.string().min(1), z.number().int()]).transform(String);
/** A map by keys, own properties alone. */
const byKey = z
  .custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  .transform((map): ReadonlyMap<string, unknown> => new Map(Object.entries(map)));

/** A token. One old sample has the number as a text (LinkedIn sheet §2.1). */
export const accessToken = z.object({
  access_token: secretField(),
  expires_in: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]),
});

/** A refused sign-in: the code is a word of OAuth. */
export const signInRefusal = z
  .object({
    error: z
      .string()
      .regex(/^\w{1,60}$/)
      .optional()
      .catch(undefined),
  })
  .catch({ error: undefined });

/** An error, of a request or of one record (LinkedIn sheet §4, CONFIRMED; of records INFERRED). */
export const errorBody = z
  .object({ serviceErrorCode: number, message: text })
  .catch({ serviceErrorCode: undefined, message: undefined });

/** What became of one record: an error, or a status in `results`. */
export const recordOutcome = z
  .object({ status: number, serviceErrorCode: number, message: text })
  .catch({ status: undefined, serviceErrorCode: undefined, message: undefined });

/** The answer to a batch (LinkedIn sheet §4, CONFIRMED). */
export const batchAnswer = z.object({ results: byKey, errors: byKey.catch(new Map()) });

/** Whom a candidate is taken for (LinkedIn sheet §5.2, INFERRED). */
export const matchRecord = z
  .object({ matchedMembers: texts, manualMatchedMember: text })
  .catch({ matchedMembers: [], manualMatchedMember: undefined });

/** One integration (LinkedIn sheet §3.3, INFERRED). */
export const integrationRecord = z.object({
  integrationContext: z.string(),
  integrationType: z.string(),
  status: text,
});

/** The value of a configuration (LinkedIn sheet §3.2; that a read answers it like this is INFERRED). */
export const configurationRecord = z.object({ configurationValue: z.object({ string: z.string() }) });

/** What became of one element of a batch of jobs, first (LinkedIn sheet §5.1, INFERRED). */
export const jobElement = z.object({ id: text, status: number, error: recordOutcome.optional() });

/** What became of it in the end (LinkedIn sheet §5.1, INFERRED). */
export const jobTask = z
  .object({ status: text, errorMessage: text })
  .catch({ status: undefined, errorMessage: undefined });

/** A Recruiter licence (LinkedIn sheet §7.1; the numeric id INFERRED). */
export const seatRecord = z.object({
  id,
  firstName: z.string().catch(''),
  lastName: z.string().catch(''),
  member: text,
  contract: z.string(),
  state: z.string(),
});

/** An InMail (LinkedIn sheet §7.2, names INFERRED). */
export const messageRecord = z.object({
  id,
  conversation: z.string(),
  author: z.string(),
  recipients: texts,
  createdAt: moment,
  visibility: text,
  content: z.object({ subject: text, body: z.string().catch('') }).catch({ subject: undefined, body: '' }),
});

/** A note of a recruiter (LinkedIn sheet §7.4, partly INFERRED). */
export const noteRecord = z.object({
  id,
  active: z.boolean(),
  created: moment,
  lastModified: moment,
  owner: z.string(),
  prospect: z.string(),
  note: z.string().catch(''),
  visibility: text,
});

/** What LinkedIn tells of a member (LinkedIn sheet §6.4, §7.3, names INFERRED). What is not to be kept is not read. */
const profileRecord = z.object({
  member: z.string(),
  firstName: z.string().catch(''),
  lastName: z.string().catch(''),
  currentTitles: texts,
  currentEmployerNames: texts,
});
/** The same, in any answer. */
export type ProfileRecord = z.output<typeof profileRecord>;

/** What a member agreed to share (LinkedIn sheet §7.3). */
export const stubRecord = z.object({
  id,
  createdDate: moment,
  stubProfile: profileRecord.extend({ emailAddress: text, phoneNumber: text }),
});

/** Somebody who was exported (LinkedIn sheet §6.4). */
export const exportRecord = z.object({
  integrationContext: z.string(),
  externalJobPostingId: text,
  exporter: text,
  exportedAt: moment,
  candidate: profileRecord,
});

/** Somebody who left (LinkedIn sheet §6.5, INFERRED). */
export const closedRecord = z.object({ member: z.string(), closedAt: moment });

/** A job that a group may see (LinkedIn sheet §5.6, INFERRED). */
export const listRecord = z.object({ atsEntityAclId: z.string(), atsEntityId: z.string() });

/** Somebody who belongs to a group (LinkedIn sheet §5.6, INFERRED). */
export const assigneeRecord = z.object({ atsEntityAclId: z.string(), assignee: z.string() });

/** A page of a list, whose elements are read one by one (LinkedIn sheet §7, SECONDARY). */
export const anyPage = z.object({ elements: z.array(z.unknown()) });

/** A page that is read as a whole. */
export function pageOf<Schema extends z.ZodType>(element: Schema) {
  return z.object({ elements: z.array(element) });
}

/** A notification (LinkedIn sheet §6.3, SECONDARY). */
export const notification = z.object({
  id: z.union([z.string().regex(/^[^\p{Cc}]{1,400}$/u), z.number().int().transform(String)]),
  type: z.string(),
  expiresAt: number,
});

import { z } from 'zod';
import { badRequest, invalid } from './refusal.js';

// Rest.li refuses properties that a record does not have, hence strict objects throughout.
const text = z.string().min(1);
const optionalText = z.string().nullish();
const moment = z.number().int().positive();
const email = z.string().regex(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'must look like X@X.X');
const webAddress = z.string().regex(/^https?:\/\/\S+$/, 'must be a web address');
const person = z.strictObject({ firstName: text, lastName: text });

function inOrder(record: { readonly atsCreatedAt: number; readonly atsLastModifiedAt: number }): boolean {
  return record.atsLastModifiedAt >= record.atsCreatedAt;
}
const NOT_IN_ORDER = 'atsLastModifiedAt must not be before atsCreatedAt';

/** A job (LinkedIn sheet §5.1). */
export const jobInput = z
  .strictObject({
    integrationContext: text,
    externalJobPostingId: text,
    title: text.max(200),
    description: text,
    state: z.enum(['LISTED', 'CLOSED']).optional(),
    jobPostingOperationType: z.enum(['CREATE', 'UPDATE', 'CLOSE', 'RENEW']).optional(),
    companyApplyUrl: webAddress,
    listedAt: moment,
    location: z
      .string()
      .regex(/^[^,]*[^,\s][^,]*,[^,]*[^,\s][^,]*$/, 'must be CITY,STATE or CITY,COUNTRY')
      .optional(),
    countryCode: z.string().length(2).optional(),
    postalCode: text.optional(),
    availability: z.enum(['PUBLIC', 'PRIVATE_TO_ATS_INTEGRATION']).optional(),
    workplaceTypes: z.array(text).optional(),
  })
  .refine(({ state, jobPostingOperationType }) => state ?? jobPostingOperationType, 'state is required')
  .refine(
    ({ location, countryCode, postalCode }) => location ?? (countryCode && postalCode),
    'location, or countryCode and postalCode, is required',
  );

/** A candidate (LinkedIn sheet §5.2). */
export const candidateInput = z
  .strictObject({
    atsCreatedAt: moment,
    atsLastModifiedAt: moment,
    firstName: text,
    lastName: text,
    middleInitial: optionalText,
    prefix: optionalText,
    suffix: optionalText,
    emailAddresses: z.array(email).nullish(),
    phoneNumbers: z.array(z.strictObject({ number: text, extension: optionalText })),
    addresses: z.array(
      z.strictObject({
        line1: optionalText,
        line2: optionalText,
        city: optionalText,
        geographicArea: optionalText,
        geographicAreaType: optionalText,
        postalCode: optionalText,
        country: optionalText,
      }),
    ),
    currentCompanyName: optionalText,
    currentJobTitle: optionalText,
    externalProfileUrl: webAddress,
    linkedInProfileUrl: webAddress.nullish(),
    doNotContact: z.boolean().nullish(),
    manualMatchedMember: z
      .string()
      .regex(/^urn:li:person:\w+$/)
      .nullish(),
  })
  .refine(inOrder, NOT_IN_ORDER)
  .refine(
    ({ emailAddresses, manualMatchedMember }) => (emailAddresses ?? []).length > 0 || manualMatchedMember,
    'emailAddresses is required when no person is attached',
  );

/** An application (LinkedIn sheet §5.4; that the names are required is INFERRED). */
export const applicationInput = z
  .strictObject({
    atsCandidateId: text.nullish(),
    atsJobPostingId: text,
    atsJobPostingName: text,
    atsCreatedAt: moment,
    atsLastModifiedAt: moment,
    candidateEmail: email.nullish(),
    firstName: text,
    lastName: text,
    source: optionalText,
    dispositionReason: optionalText,
  })
  .refine(inOrder, NOT_IN_ORDER);

/** A note on a candidate or an application (LinkedIn sheet §5.3, §5.5). */
export const noteInput = z.strictObject({ atsCreatedAt: moment, note: text, author: person });

/** Feedback after an interview (LinkedIn sheet §5.5). */
export const feedbackInput = z.strictObject({
  atsCreatedAt: moment,
  interviewType: z.enum(['PHONE_SCREEN', 'ONSITE']),
  feedback: text,
  interviewer: person,
  evaluations: z.array(z.strictObject({ attribute: text, result: optionalText })).nullish(),
});

/** One entry of a stage history (LinkedIn sheet §5.5). */
export const stageInput = z.strictObject({
  atsCreatedAt: moment,
  stage: text.refine((stage) => stage.trim() !== '' && stage !== 'Not Available', 'must say something'),
});

/** The value of an ACL (LinkedIn sheet §5.6). */
export const aclInput = z.strictObject({});

/** A batch of partial updates of one property. */
export const attachInput = z.strictObject({
  patch: z.strictObject({
    $set: z.strictObject({ manualMatchedMember: z.string().regex(/^urn:li:person:\w+$/) }).optional(),
    $delete: z.tuple([z.literal('manualMatchedMember')]).optional(),
  }),
});
export const nameInput = z.strictObject({
  patch: z.strictObject({ $set: z.strictObject({ integrationName: text }) }),
});
export const configurationInput = z.strictObject({ configurationValue: z.strictObject({ string: text }) });

/** A child application (LinkedIn sheet §2.3). */
export const applicationSetUpInput = z.strictObject({
  uniqueForeignId: text,
  name: text.max(50).refine((name) => !/linkedin/i.test(name), 'must not contain "LinkedIn"'),
  description: z.string().optional(),
  oauth2AuthorizedCallbackUrls: z.array(webAddress).optional(),
  validJsSdkDomains: z.array(webAddress.refine((url) => !url.endsWith('/'), 'must not end with a slash')).optional(),
});
export const applicationPatchInput = z.strictObject({
  patch: z.strictObject({
    $set: z
      .strictObject({
        oauth2AuthorizedCallbackUrls: applicationSetUpInput.shape.oauth2AuthorizedCallbackUrls,
        validJsSdkDomains: applicationSetUpInput.shape.validJsSdkDomains,
      })
      .refine((set) => Object.keys(set).length > 0, 'must set something'),
  }),
});

/** Bodies of batches. A record of zod leaves the key `__proto__` out, which may be an id as well. */
const entitiesInput = z.strictObject({
  entities: z.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
});
const elementsInput = z.strictObject({ elements: z.array(z.unknown()).min(1) });

/** @throws Refusal with status 422 that names the first property at fault. */
export function readRecord<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(firstIssue(parsed.error));
}

/** @throws Refusal with status 400: of a request that is no batch, or of a single record. */
export function readBody<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badRequest(firstIssue(parsed.error));
}

/** The entities of a batch, by their keys as they were written. */
export function entitiesOf(body: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(readBody(entitiesInput, body).entities));
}

/** The elements of a batch that creates. */
export function elementsOf(body: unknown): readonly unknown[] {
  return readBody(elementsInput, body).elements;
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  const path = issue?.path.join('.') ?? '';
  return path === '' ? (issue?.message ?? 'invalid') : `${path}: ${issue?.message}`;
}

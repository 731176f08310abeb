import { z } from 'zod';
import type { CandidateInput, PersonalDetails, SourceDetails } from './records.js';
import { badRequest } from './refusal.js';

const text = z.string().optional();
const name = z.string().min(1);
const email = z.string().regex(/^[^\s@]+@[^\s@]+$/, 'is not an email address');

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (SmartRecruiters sheet §2, CONFIRMED). */
const when = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'is not a date')
  .optional();

const location = z
  .object({
    country: text,
    countryCode: text,
    regionCode: text,
    region: text,
    city: text,
    lat: z.number().optional(),
    lng: z.number().optional(),
  })
  .optional();
const web = z.object({ skype: text, linkedin: text, facebook: text, twitter: text, website: text }).optional();
const dated = { current: z.boolean().optional(), location: text, startDate: when, endDate: when, description: text };

// Unknown properties are dropped: whether SmartRecruiters refuses them is NOT FOUND. The contract test refuses them.
const personal = { firstName: name, lastName: name, email, phoneNumber: text, location, web };
const sourceDetails = z.object({ sourceTypeId: z.string(), sourceSubTypeId: text, sourceId: z.string() });
const candidateInput = z.object({
  ...personal,
  // Limits of tags: sheet §6, SECONDARY.
  tags: z.array(z.string().min(1).max(150)).max(100).optional(),
  education: z.array(z.object({ institution: text, degree: text, major: text, ...dated })).optional(),
  experience: z.array(z.object({ title: text, company: text, ...dated })).optional(),
  sourceDetails: sourceDetails.optional(),
  internal: z.boolean().optional(),
});
const personalDetails = z.object(personal).partial();

/**
 * Reads a new candidate (SmartRecruiters sheet §7).
 * @throws Refusal with status 400
 */
export function readCandidate(body: unknown): CandidateInput {
  return read(candidateInput, body);
}

/**
 * Reads a change of a candidate (SmartRecruiters sheet §6).
 * @throws Refusal with status 400
 */
export function readPersonalDetails(body: unknown): Partial<PersonalDetails> {
  return Object.fromEntries(
    Object.entries(read(personalDetails, body)).filter(([, value]) => value !== undefined),
  ) as Partial<PersonalDetails>;
}

/**
 * Reads the source of an application (SmartRecruiters sheet §7).
 * @throws Refusal with status 400
 */
export function readSource(body: unknown): SourceDetails {
  return read(sourceDetails, body);
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw badRequest(wrong.join('; '));
}

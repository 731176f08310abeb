import { z } from 'zod';
import type { CandidateInput } from './records.js';
import { Refusal, type RefusalDetail } from './refusal.js';

const text = z.string().nullish();
const emailAddress = z.string().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'is not an email address');
const LINK_TYPES = ['linkedin', 'github', 'twitter', 'facebook', 'website', 'other'];

const candidateInput = z.object({
  first_name: z.string('is required').trim().min(1, 'is required'),
  last_name: z.string('is required').trim().min(1, 'is required'),
  email: z.string('is required').trim().min(1, 'is required').pipe(emailAddress),
  work_email: emailAddress.nullish(),
  home_phone: text,
  mobile_phone: text,
  work_phone: text,
  home_street1: text,
  home_street2: text,
  home_city: text,
  home_state: text,
  home_postal_code: text,
  home_country: text,
  // Values seen in v1, and the family that exports belong to (JobScore sheet §4.5).
  source: z.enum(['database', 'user', 'other']).nullish(),
  source_detail: text,
  tags: z.array(z.string()).optional(),
  profile_links: z.array(z.object({ type: z.enum(LINK_TYPES), url: z.url() })).optional(),
  employers: z
    .array(
      z.object({
        employer_name: z.string().min(1),
        titles: z.array(
          z.object({ title: text, start_year: z.number().int().nullish(), end_year: z.number().int().nullish() }),
        ),
      }),
    )
    .optional(),
  schools: z
    .array(z.object({ name: z.string().min(1), degree_type: text, degree_major: text, graduation_year: text }))
    .optional(),
});

/** What the account has set up, and what a candidate is checked against. */
export interface CandidateRules {
  readonly databases: readonly string[];
  readonly tags: readonly string[];
}

/**
 * Reads a new or changed candidate as strictly as JobScore might: everything that is wrong is named at once
 * (JobScore sheet §4.5 and §10.3).
 * @throws Refusal with status 422
 */
export function readCandidate(body: unknown, { databases, tags }: CandidateRules): CandidateInput {
  const parsed = candidateInput.safeParse(body);
  if (!parsed.success) throw new Refusal(422, ...parsed.error.issues.map(detailOf));
  const candidate = parsed.data;
  const details: RefusalDetail[] = [];
  if (candidate.source === 'database' && !databases.includes(candidate.source_detail ?? '')) {
    const message = `Source does not exist: ${candidate.source_detail ?? '(none)'}`;
    details.push({ code: 'not_found', field: 'source_detail', message });
  }
  const wanted = candidate.tags?.map((tag) => tag.trim().toLowerCase()) ?? [];
  const known = new Set(tags.map((tag) => tag.toLowerCase()));
  const unknown = wanted.filter((tag) => !known.has(tag));
  if (unknown.length > 0) {
    const message = `${unknown.length === 1 ? 'Tag does' : 'Tags do'} not exist: ${unknown.join(', ')}`;
    details.push({ code: 'not_found', field: 'tags', message });
  }
  if (details.length > 0) throw new Refusal(422, ...details);
  return { ...candidate, ...(candidate.tags ? { tags: [...new Set(wanted)] } : {}) };
}

function detailOf(issue: z.core.$ZodIssue): RefusalDetail {
  const field = issue.path.map(String).join('.');
  const message = `${field === '' ? 'The candidate' : field} ${issue.message}`;
  return { code: 'invalid', message, ...(field === '' ? {} : { field }) };
}

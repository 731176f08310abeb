import type { CandidateRecord, ExportCapability, ExportField, ExportWarning } from '@talentbridge/contracts';
import { type Adjustment, fitToFields } from '@talentbridge/plugin-host';
import { dummyEmail, isDummyEmail } from '../../directory/dummy-email.js';
import type { Profile } from '../../directory/profile.js';
import { toCandidateRecord } from '../../directory/to-candidate-record.js';
import { tagDifference } from './export-preflight.js';

/** What an export may know before it prepares candidates. */
export interface Preparation {
  readonly exporter: ExportCapability;
  /** The tags that the ATS knows; `undefined` when it takes any. */
  readonly knownTags: readonly string[] | undefined;
  readonly dummyEmailDomain: string;
}

/** A candidate as it would go out. */
export interface PreparedCandidate {
  readonly record: CandidateRecord;
  /** Each value that is dropped or shortened, with the reason. Holds the values: for the preview only. */
  readonly adjustments: readonly Adjustment[];
  /** Required fields that are empty: the candidate cannot be sent. */
  readonly missing: readonly ExportField[];
}

/**
 * Turns a profile into the exact record that goes out: revealed contact data, tags that the ATS knows, trimmed to what
 * the plugin declares. The preview and the export both come through here, so that the one cannot promise what the
 * other does not keep.
 *
 * @param dummyNumber Taken for a placeholder address when there is no other; `null`: none is made.
 */
export function prepareCandidate(
  profile: Profile,
  dummyNumber: number | null,
  preparation: Preparation,
): PreparedCandidate {
  const { exporter, knownTags, dummyEmailDomain } = preparation;
  const whole = toCandidateRecord(profile);
  // A host platform that syncs with the ATS may hand a placeholder back; it is nobody's address.
  const emails = whole.emails.filter((email) => !isDummyEmail(email, dummyEmailDomain));
  const tags = knownTags && tagDifference(exporter, whole.tags, knownTags);
  const own: CandidateRecord = { ...whole, emails, tags: tags?.present ?? whole.tags };
  const addressed: CandidateRecord =
    emails.length === 0 && dummyNumber !== null
      ? { ...own, emails: [dummyEmail({ domain: dummyEmailDomain, number: dummyNumber })] }
      : own;
  const { record, adjustments, missing } = fitToFields(addressed, exporter.fields);
  const unknownTags = (tags?.missing ?? []).map(
    (tag): Adjustment => ({
      field: 'tags',
      kind: 'DROPPED',
      reason: 'The ATS does not know this tag. Create it there first.',
      value: tag,
    }),
  );
  return { record, adjustments: [...unknownTags, ...adjustments], missing };
}

/** Why a candidate without required fields is refused, and what to do about it. */
export function refusalOf(missing: readonly ExportField[]): { readonly reason: string; readonly remedy: string } {
  return {
    reason: `The ATS requires: ${missing.map(({ label }) => label).join(', ')}.`,
    remedy: missing.some(({ name }) => name === 'emails')
      ? 'Reveal an email address, or export with generated dummy email addresses.'
      : 'Complete the profile, then try again.',
  };
}

/** What the result of an item says of its adjustments: counts and reasons, never the values. Tags are no personal data. */
export function warningsOf(
  adjustments: readonly Adjustment[],
  fields: readonly ExportField[],
): readonly ExportWarning[] {
  const warnings: ExportWarning[] = [];
  const unknownTags = adjustments.filter((adjustment) => adjustment.field === 'tags' && adjustment.kind === 'DROPPED');
  if (unknownTags.length > 0) {
    const names = unknownTags.map((adjustment) => adjustment.value).join(', ');
    warnings.push({
      code: 'TAGS_DROPPED',
      field: 'tags',
      message: `Tags not sent because the ATS does not take them: ${names}.`,
    });
  }
  const others = adjustments.filter((adjustment) => adjustment.field !== 'tags' || adjustment.kind !== 'DROPPED');
  for (const group of Map.groupBy(others, ({ field, kind, reason }) => `${field}/${kind}/${reason}`).values()) {
    const [first] = group;
    // What the ATS has no field for is a property of the ATS, not of this candidate.
    if (!first || first.kind === 'NOT_SENT') continue;
    const label = fields.find(({ name }) => name === first.field)?.label ?? first.field;
    const code = first.kind === 'DROPPED' ? 'VALUES_DROPPED' : 'VALUES_SHORTENED';
    warnings.push({ code, field: first.field, message: `${label} (${group.length}): ${first.reason}` });
  }
  return warnings;
}

import type { CallContext, ExportWarning, ResumeFile } from '@talentbridge/contracts';
import { isHubError } from '@talentbridge/contracts';
import type { AttachmentPlace, SmartRecruitersClient } from './client.js';

/** SmartRecruiters' other API takes 2 MB a file; for this one no limit is public (SmartRecruiters sheet §9, INFERRED). */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Uploads the résumé once, and answers what to warn of. Only a definite refusal is a warning: after silence the next try
 * completes it.
 *
 * @param mayBeThere An earlier try may have uploaded it.
 */
export async function addResume(
  client: SmartRecruitersClient,
  ctx: CallContext,
  place: AttachmentPlace,
  resume: ResumeFile,
  { mayBeThere }: { readonly mayBeThere: boolean },
): Promise<readonly ExportWarning[]> {
  if (resume.bytes.length > MAX_BYTES) {
    return [
      warning('RESUME_TOO_LARGE', 'The résumé is larger than the 2 MB that SmartRecruiters takes, and was not sent.'),
    ];
  }
  if (mayBeThere) {
    const there = await isThere(client, ctx, place, resume.filename);
    if (there === 'yes') return [];
    if (there === 'unknown') {
      return [
        warning(
          'RESUME_UNCLEAR',
          'SmartRecruiters does not let us see whether the résumé arrived. Look at the candidate there.',
        ),
      ];
    }
  }
  const outcome = await client.uploadResume(ctx, place, resume);
  if (outcome.kind === 'done') return [];
  return [
    warning(
      'RESUME_REFUSED',
      `SmartRecruiters did not take the résumé (${outcome.codes}). Add it there by hand if it is needed.`,
    ),
  ];
}

/** Attachments have no date, so a résumé of the same file name is taken for ours. */
async function isThere(
  client: SmartRecruitersClient,
  ctx: CallContext,
  place: AttachmentPlace,
  filename: string,
): Promise<'yes' | 'no' | 'unknown'> {
  try {
    const attachments = await client.attachments(ctx, place);
    return attachments.some(({ type, name }) => type === 'RESUME' && name === filename) ? 'yes' : 'no';
  } catch (error) {
    // Reading may be refused where writing is not, and may not fail the candidate.
    if (isHubError(error) && LIST_REFUSED.has(error.code)) return 'unknown';
    throw error;
  }
}

/** Failures by which SmartRecruiters refuses a list for good. */
const LIST_REFUSED: ReadonlySet<string> = new Set(['ATS_PERMISSION_MISSING', 'ATS_REQUEST_REFUSED']);

function warning(code: string, message: string): ExportWarning {
  return { code, message, field: 'resume' };
}

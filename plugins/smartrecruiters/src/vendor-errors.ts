import type { HttpResponse } from '@talentbridge/contracts';
import { z } from 'zod';

const code = z.string().optional().catch(undefined);

const errorBody = z.object({
  errors: z
    .array(z.object({ code }).catch({ code: undefined }))
    .optional()
    .catch(undefined),
  code,
});

/** What a code looks like; anything else could be a sentence, and sentences repeat what was sent. */
const CODE = /^[A-Za-z][A-Za-z0-9_.-]{1,59}$/;

/**
 * The codes of a refusal, joined; `undefined` when it gives none. Messages are left aside: they repeat what was sent, and that
 * is personal data. Of an error `code` alone is promised, and one API has it at the top (SmartRecruiters sheet §14, CONFIRMED).
 */
export function refusalCodes(response: HttpResponse): string | undefined {
  const body = errorBody.safeParse(response.json);
  if (!body.success) return undefined;
  const { errors = [], code: single } = body.data;
  const codes = [...errors.map((error) => error.code), single].filter((one) => one !== undefined && CODE.test(one));
  return codes.length === 0 ? undefined : [...new Set(codes)].join(', ');
}

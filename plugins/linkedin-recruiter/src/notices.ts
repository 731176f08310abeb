import type { NetworkNotice } from '@talentbridge/contracts';

const EXPORT = 'export/';
const INTEGRATIONS = 'integrations/';

/** Types of notifications that something follows from (LinkedIn sheet §6.3, CONFIRMED). */
const NOTICE_IDS: ReadonlyMap<string, string> = new Map([
  ['EXPORT_CANDIDATE_PROFILE', EXPORT],
  ['INTEGRATION_STATUS_CHANGE', INTEGRATIONS],
]);

/** The types that the plugin wants to be told of. */
export const NOTICE_TYPES: readonly string[] = [...NOTICE_IDS.keys()];

/** The id of the notice of a notification; `undefined` when nothing follows from its type. */
export function noticeIdOf(type: string, id: string): string | undefined {
  const beginning = NOTICE_IDS.get(type);
  return beginning === undefined ? undefined : `${beginning}${id}`;
}

/** What such an id says. */
export function readNotice(id: string): NetworkNotice {
  if (id.startsWith(EXPORT) && id.length > EXPORT.length) return { kind: 'export', requestId: id.slice(EXPORT.length) };
  return { kind: id.startsWith(INTEGRATIONS) ? 'integrations' : 'unknown' };
}

import { AtsAnswerUnreadableError, type RecordReference } from '@talentbridge/contracts';
import { applicationOf, isNewerActivity } from './mirror-mapping.js';
import { type FeedName, idOfRow } from './records.js';
import { idOf, type VendorRow } from './vendor-rows.js';

/** A row with the key by which it is ordered within its window. */
export interface KeyedRow {
  readonly key: string;
  readonly row: VendorRow;
}

/**
 * Rows in an order that is the same whenever the window is read, each record once; of several submittals of a pair the newest.
 * @throws AtsAnswerUnreadableError when no row names a record.
 */
export function keyed(feed: FeedName, rows: readonly VendorRow[]): readonly KeyedRow[] {
  const records = new Map<string, VendorRow>();
  for (const row of rows) {
    const key = keyOf(feed, row);
    const known = key === undefined ? undefined : records.get(key);
    if (key !== undefined && (!known || feed !== 'activities' || isNewerActivity(row, known))) records.set(key, row);
  }
  if (records.size === 0 && rows.length > 0) {
    throw new AtsAnswerUnreadableError('JobDiva', `the list of ${feed}`, 'none of its rows has an id');
  }
  return [...records]
    .map(([key, row]) => ({ key, row }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function keyOf(feed: FeedName, row: VendorRow): string | undefined {
  return feed === 'activities' ? pairOf(row) || undefined : idOfRow(feed, row);
}

/** Candidate and job of a row; empty when it does not name both. */
export function pairOf(row: VendorRow): string {
  const [candidateId, jobId] = [idOf(row, 'candidateid'), idOf(row, 'jobid')];
  return candidateId === undefined || jobId === undefined ? '' : `${candidateId}/${jobId}`;
}

/** When an application was last acted on, in milliseconds since the epoch; 0 when it does not say. */
export function touchedAt(row: VendorRow): number {
  const updatedAt = applicationOf(row, undefined)?.updatedAt;
  return updatedAt === undefined ? 0 : Date.parse(updatedAt);
}

/** Which records rows speak of, each once. */
export function referencesOf(kind: 'candidate' | 'job', rows: readonly VendorRow[]): readonly RecordReference[] {
  const ids = rows.map((row) => idOf(row, `${kind}id`)).filter((id) => id !== undefined);
  return [...new Set(ids)].map((remoteId) => ({ kind, remoteId }));
}

import type { RecordReference } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { MirrorPlace, RemovedRecords } from './mirror-write.js';

/**
 * The rows of a connection whose column is one of a list of texts, as a table. Each is looked up by itself: before the
 * first statistics the planner takes a list for all rows there are.
 * @param wanted The parameter that holds the list.
 * @param connection The parameter that holds the connection.
 */
export function rowsNamed(
  tx: Transaction,
  kind: RecordReference['kind'] | 'attachment',
  column: 'remote_id' | 'candidate_remote_id',
  wanted: string,
  connection = '$1',
): string {
  return `unnest(${wanted}::text[]) as wanted (text) cross join lateral (
    select x.* from talentbridge.mirror_${kind} x
    where ${tx.own('x')} and x.connection_id = ${connection} and x.${column} = wanted.text collate "C" offset 0)`;
}

/**
 * Runs a query with `rowsNamed` in it, whose plan is kept while the mirror is about as large: a plan that does for a few rows may
 * read all of many for each of them.
 * @param mirrored How many records the mirror holds. `undefined`: it is planned anew.
 */
export function lookUp<Result extends object>(
  tx: Transaction,
  mirrored: number | undefined,
  sql: string,
  parameters: readonly unknown[],
): Promise<readonly Result[]> {
  if (mirrored === undefined) return tx.rows(sql, parameters);
  const digits = Math.ceil(Math.log2(Math.max(0, mirrored) + 1) / 2);
  return tx.preparedRows(`${sql} -- of less than ${4 ** digits}`, parameters);
}

/** The records of one kind that are named, as far as the mirror has them. */
export async function rowsOf(
  tx: Transaction,
  { connectionId }: Pick<MirrorPlace, 'connectionId'>,
  kind: RecordReference['kind'],
  named: readonly RecordReference[],
): Promise<readonly { readonly id: string; readonly remoteId: string }[]> {
  const remoteIds = named.filter((reference) => reference.kind === kind).map(({ remoteId }) => remoteId);
  if (remoteIds.length === 0) return [];
  return tx.rows(`select r.id, r.remote_id as "remoteId" from ${rowsNamed(tx, kind, 'remote_id', '$2')} r`, [
    connectionId,
    remoteIds,
  ]);
}

/** The records of the mirror that are named. @param except Ids that are left out. */
export async function idsOf(
  tx: Transaction,
  place: Pick<MirrorPlace, 'connectionId'>,
  named: readonly RecordReference[],
  except: ReadonlySet<string> = new Set(),
): Promise<RemovedRecords> {
  const ofKind = async (kind: RecordReference['kind']): Promise<readonly string[]> =>
    (await rowsOf(tx, place, kind, named)).map((row) => row.id).filter((id) => !except.has(id));
  return {
    candidateIds: await ofKind('candidate'),
    jobIds: await ofKind('job'),
    applicationIds: await ofKind('application'),
  };
}

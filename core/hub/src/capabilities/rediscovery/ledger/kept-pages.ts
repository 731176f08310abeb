import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { PulledPage } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { TakenRun } from './taken-run.js';

const compress = promisify(zstdCompress);
/** The quickest level that still makes a tenth of such text. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A page that was read and is not written yet, as it is kept. */
export interface KeptPage {
  /** The cursor that it was asked with. `null`: none, it is the first. */
  readonly cursor: string | null;
  /** When it was asked for, by the clock of the database. */
  readonly beganAt: Date;
  /** Requests of the run to the ATS until it was there. */
  readonly requests: number;
  /** What `packed` made of it. */
  readonly page: Uint8Array;
}

/** A page in the form in which it is kept. `undefined`: it is no plain data, and cannot be kept. */
export async function packed(page: PulledPage): Promise<Uint8Array | undefined> {
  try {
    return await compress(JSON.stringify(page), COMPRESSION);
  } catch {
    return undefined;
  }
}

/** The page that was packed. `undefined`: nobody can read it any more. */
export function unpacked({ page }: Pick<KeptPage, 'page'>): PulledPage | undefined {
  try {
    // Written by `packed`, and looked at record by record like any page.
    return JSON.parse(zstdDecompressSync(page).toString()) as PulledPage;
  } catch {
    return undefined;
  }
}

/**
 * Keeps a page until it is written, in the place of the one that was kept before. The caller holds the lock on the run.
 * @param evenIfErased Somebody looked whether erased people are in it. Otherwise it is kept only where nobody was ever erased.
 * @returns Whether it is kept.
 */
export async function keepPage(
  tx: Transaction,
  { id, connectionId, credentialVersion }: Pick<TakenRun, 'id' | 'connectionId' | 'credentialVersion'>,
  { cursor, beganAt, requests, page }: KeptPage,
  evenIfErased = false,
): Promise<boolean> {
  const kept = await tx.preparedRows(
    `insert into talentbridge.sync_page as p
       (organization_id, connection_id, run_id, credential_version, cursor, began_at, requests, page)
     select $1, $2, $3, $4, $5, $6, $7, $8
     where $9 or not exists (select from talentbridge.mirror_erasure_key k where ${tx.own('k')})
     on conflict (organization_id, connection_id) do update
     set run_id = excluded.run_id, credential_version = excluded.credential_version, cursor = excluded.cursor,
       began_at = excluded.began_at, requests = excluded.requests, page = excluded.page
     returning p.run_id`,
    [tx.organizationId, connectionId, id, credentialVersion, cursor, beganAt, requests, page, evenIfErased],
  );
  return kept.length > 0;
}

/**
 * Takes what is kept of a run. It is not kept any longer: the worker that goes on with it does not read on before it is written.
 * @returns `undefined`: nothing is, or nothing that is good still.
 */
export async function takeKeptPage(
  tx: Transaction,
  {
    id,
    connectionId,
    credentialVersion,
    cursor,
  }: Pick<TakenRun, 'id' | 'connectionId' | 'credentialVersion' | 'cursor'>,
): Promise<KeptPage | undefined> {
  const kept = await tx.row<KeptPage & { readonly credentialVersion: number }>(
    `${forgettingPage(tx, '$1')} and p.run_id = $2
     returning p.cursor, p.began_at as "beganAt", p.requests, p.page, p.credential_version as "credentialVersion"`,
    [connectionId, id],
  );
  return kept?.cursor === cursor && kept.credentialVersion === credentialVersion ? kept : undefined;
}

/** Throws away what is kept of a connection. @param runId Only if it is a page of this run. */
export async function forgetPage(tx: Transaction, connectionId: string, runId?: string): Promise<void> {
  await tx.rows(`${forgettingPage(tx, '$1')} and ($2::uuid is null or p.run_id = $2)`, [connectionId, runId ?? null]);
}

/** The statement that does so, to run together with others. @param connection The parameter that holds the connection. */
export function forgettingPage(tx: Transaction, connection: string): string {
  return `delete from talentbridge.sync_page p where ${tx.own('p')} and p.connection_id = ${connection}`;
}

/**
 * Throws away what is kept of the whole organization, whoever is in it: a run whose worker ends just then reads one page more.
 * @returns How many pages that were.
 */
export async function forgetAllPages(tx: Transaction): Promise<number> {
  return (await tx.rows(`delete from talentbridge.sync_page p where ${tx.own('p')} returning p.run_id`)).length;
}

import { NETWORK_KINDS } from '@talentbridge/contracts';
import { type Page, type PageRequest, pageOf } from '../../../kernel/persistence/page.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { DueKind, KindProgress, PushProgress, RefusedRecord } from './push-model.js';

/** How far the pushing of a pair is. `undefined`: there is none. */
export async function pushProgress(tx: Transaction, connectionId: string): Promise<PushProgress | undefined> {
  const state = await tx.row<Omit<PushProgress, 'kinds' | 'waiting' | 'firstSync'> & FirstSyncRow>(
    `select p.phase, p.seed_done as done, p.seed_total as total, p.first_sync_at as "endedAt", p.pushed_at as "pushedAt", p.reason,
       p.resume_at as "resumeAt", p.left_behind as "leftBehind"
     from talentbridge.network_push p where ${tx.own('p')} and p.connection_id = $1`,
    [connectionId],
  );
  if (!state) return undefined;
  const kinds = await tx.rows<KindProgress>(
    `select r.kind, (count(*) filter (where r.status = 'SENT'))::int as sent,
       (count(*) filter (where r.status = 'REFUSED'))::int as refused
     from talentbridge.network_record r where ${tx.own('r')} and r.connection_id = $1 and r.at > '-infinity' group by r.kind`,
    [connectionId],
  );
  const due = await tx.rows<{ kind: DueKind; count: number }>(
    `select d.kind, count(*)::int as count from talentbridge.network_due d
     where ${tx.own('d')} and d.connection_id = $1 and d.next_at > '-infinity' group by d.kind`,
    [connectionId],
  );
  const { done, total, endedAt, ...rest } = state;
  const waiting = (kind: DueKind): number => due.find((one) => one.kind === kind)?.count ?? 0;
  return {
    ...rest,
    firstSync: { done, total, endedAt },
    waiting: { jobs: waiting('job'), candidates: waiting('candidate') },
    kinds: NETWORK_KINDS.map((kind) => kinds.find((one) => one.kind === kind) ?? { kind, sent: 0, refused: 0 }),
  };
}

/** Records that the network refuses as they are. */
export function refusedRecords(tx: Transaction, connectionId: string, page: PageRequest): Promise<Page<RefusedRecord>> {
  return pageOf<RefusedRecord>(tx, page, {
    select: `r.id, r.kind, r.remote_id as "remoteId", r.parent_id as "parentId",
      r.mirror_id as "mirrorId", r.reason, r.at`,
    from: `talentbridge.network_record r where ${tx.own('r')} and r.connection_id = $1 and r.status = 'REFUSED'`,
    parameters: [connectionId],
    order: 'r.id',
    after: { column: 'r.id', comparison: '>' },
  });
}

interface FirstSyncRow {
  readonly done: number;
  readonly total: number;
  readonly endedAt: Date | null;
}

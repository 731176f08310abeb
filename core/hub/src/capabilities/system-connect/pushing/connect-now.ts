import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { type PairStanding, pairStanding } from '../pair-standing.js';
import { makeDue } from './due-records.js';
import { type PushLedger, PushOvertakenError } from './push-ledger.js';
import type { DueKind } from './push-model.js';
import { type OpenedPair, PushRun, type PushRunParts } from './push-run.js';
import { SideFailedError } from './record-sender.js';

/** What candidates are pushed ahead with. */
export interface ConnectNowParts extends PushRunParts {
  readonly entitlements: Entitlements;
  readonly ledger: PushLedger;
  readonly open: (standing: Extract<PairStanding, { kind: 'WORKING' }>) => Promise<OpenedPair>;
}

/** Pushes candidates, with the jobs of their applications, ahead of all others. @param deadline In milliseconds of `Date.now()`. */
export async function connectNow(
  parts: ConnectNowParts,
  scope: OrganizationScope,
  connectionId: string,
  candidateRemoteIds: readonly string[],
  deadline: number,
): Promise<void> {
  const ready = await scope.transaction((tx) => prepare(parts, tx, connectionId, candidateRemoteIds));
  if (!ready) return;
  const taken = await parts.ledger.overtake(scope, connectionId);
  if (!taken) return;
  try {
    const state = await scope.transaction((tx) => parts.ledger.current(tx, taken));
    const isAtWork = state.phase === 'SEEDING' || state.phase === 'FOLLOWING';
    if (!isAtWork || state.resumeAt) return;
    const run = new PushRun(parts, scope, taken, await parts.open(ready.standing), { deadline });
    await run.some(state, ready.candidateIds, ready.jobIds);
  } catch (error) {
    if (!(error instanceof SideFailedError || error instanceof PushOvertakenError)) throw error;
  } finally {
    // Whoever was at work has stopped.
    await scope.transaction((tx) => parts.ledger.now(tx, connectionId));
  }
}

interface Ready {
  readonly standing: Extract<PairStanding, { kind: 'WORKING' }>;
  readonly candidateIds: readonly string[];
  readonly jobIds: readonly string[];
}

/** Makes due what the network does not have yet. `undefined`: there is nothing to do, or nothing may be done. */
async function prepare(
  { entitlements, mirror }: ConnectNowParts,
  tx: Transaction,
  connectionId: string,
  candidateRemoteIds: readonly string[],
): Promise<Ready | undefined> {
  const standing = await pairStanding(tx, entitlements, connectionId);
  if (standing.kind !== 'WORKING' || !standing.enabled.has('push')) return undefined;
  const { atsConnectionId } = standing.pair;
  const people = await mirror.idsNamed(tx, atsConnectionId, 'candidate', candidateRemoteIds);
  const contents = await mirror.candidates(
    tx,
    atsConnectionId,
    people.map(({ id }) => id),
  );
  const jobs = await mirror.jobsNamed(tx, atsConnectionId, [
    ...new Set(contents.flatMap(({ applications }) => applications.map(({ jobRemoteId }) => jobRemoteId))),
  ]);
  const candidateIds = await unfinished(tx, connectionId, 'candidate', people);
  const jobIds = await unfinished(
    tx,
    connectionId,
    'job',
    jobs.map(({ id, job }) => ({ id, remoteId: job.remoteId })),
  );
  return candidateIds.length === 0 ? undefined : { standing, candidateIds, jobIds };
}

/** Those that are due, unknown to the network, or nobody asked it about. They are due from now on. */
async function unfinished(
  tx: Transaction,
  connectionId: string,
  kind: DueKind,
  records: readonly { readonly id: string; readonly remoteId: string }[],
): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: string; isDue: boolean; isKnown: boolean }>(
    `select w.id, d.mirror_id is not null as "isDue", r.remote_id is not null as "isKnown"
     from unnest($3::uuid[], $4::text[]) as w (id, remote_id)
     left join talentbridge.network_due d
       on ${tx.own('d')} and d.connection_id = $1 and d.kind = $2 and d.mirror_id = w.id
     left join talentbridge.network_record r
       on ${tx.own('r')} and r.connection_id = $1 and r.kind = $2 and r.remote_id = w.remote_id and r.parent_id = ''
     left join talentbridge.network_candidate n
       on ${tx.own('n')} and n.connection_id = $1 and n.remote_id = w.remote_id and $2 = 'candidate'
     where d.mirror_id is not null or r.remote_id is null or (n.match_at is not null and n.match_tries = 0)`,
    [connectionId, kind, records.map(({ id }) => id), records.map(({ remoteId }) => remoteId)],
  );
  const unknown = rows.filter(({ isDue, isKnown }) => !isDue && !isKnown).map(({ id }) => id);
  await makeDue(tx, connectionId, kind, unknown, true);
  return rows.map(({ id }) => id);
}

import { type HubError, isHubError, type RediscoveryCapability } from '@talentbridge/contracts';
import { toldToWait } from '../../../kernel/jobs/wait-after.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { Links } from '../links.js';
import type { CandidateContent, MirrorContent } from '../mirror-content.js';
import { noteGone, noteLookedAt } from './candidates-at-network.js';
import { makeDue, settleDue } from './due-records.js';
import { jobsNamed } from './job-chunk.js';
import { giveTo, ownersChanged, storedRecords } from './network-records.js';
import { type KnownHistory, outgoingRecords, recordsToRemove } from './outgoing-records.js';
import { type Chunk, type DueRecord, keyOf, type StoredRecord } from './push-model.js';
import { pushContext } from './push-waits.js';
import { readHistory } from './read-history.js';
import { SideFailedError } from './record-sender.js';

/** What candidates are looked at with. */
export interface CandidateChunkParts {
  readonly scope: OrganizationScope;
  readonly connectionId: string;
  readonly atsConnectionId: string;
  readonly mirror: MirrorContent;
  readonly links: Links;
  readonly ats: RediscoveryCapability | undefined;
  readonly historiesAtOnce: number;
  readonly deadline: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly isPlaceholder: (address: string) => boolean;
}

/** Candidates that are due, with all that belongs to them. */
export interface CandidateChunk extends Chunk {
  /** Those that the mirror has. */
  readonly people: readonly { readonly content: CandidateContent; readonly history: KnownHistory }[];
  /** Those whose history could not be read this time. */
  readonly unread: ReadonlyMap<string, HubError>;
  /** What goes with another row of the mirror from now on: somebody went and came back. */
  readonly moved: readonly StoredRecord[];
}

/** Reads candidates that are due. @throws SideFailedError */
export async function candidateChunk(parts: CandidateChunkParts, due: readonly DueRecord[]): Promise<CandidateChunk> {
  const { scope, connectionId, atsConnectionId, mirror, links, isPlaceholder } = parts;
  const ids = due.map(({ mirrorId }) => mirrorId);
  const read = await scope.transaction(async (tx) => {
    const contents = await mirror.candidates(tx, atsConnectionId, ids);
    const applications = contents.flatMap((content) => content.applications);
    const stored = await storedRecords(tx, connectionId, ids, [
      ...contents.map(({ candidate }) => ({ kind: 'candidate' as const, remoteId: candidate.remoteId, parentId: '' })),
      ...applications.map(({ remoteId }) => ({ kind: 'application' as const, remoteId, parentId: '' })),
    ]);
    const jobs = await jobsNamed(tx, parts, [...new Set(applications.map(({ jobRemoteId }) => jobRemoteId))]);
    const members = await links.saidMembers(
      tx,
      connectionId,
      contents.map(({ candidate }) => candidate.remoteId),
    );
    const moved = await movedRecords(tx, parts, stored, new Set(contents.map(({ id }) => id)));
    return { contents, stored, jobs, members, moved };
  });
  const { histories, unread, unasked } = await readHistories(parts, read.contents);
  const people = read.contents.flatMap((content) => {
    const history = histories.get(content.id);
    return history === undefined ? [] : [{ content, history }];
  });
  const outgoing = people.flatMap(({ content, history }) =>
    outgoingRecords({
      content,
      history,
      member: read.members.get(content.candidate.remoteId),
      jobs: read.jobs,
      stored: read.stored,
      isPlaceholder,
    }),
  );
  const wanted = new Set(outgoing.map(keyOf));
  const byOwner = Map.groupBy(read.stored, ({ mirrorId }) => mirrorId);
  const there = new Set(read.contents.map(({ id }) => id));
  // What went over to somebody else is theirs.
  const moved = read.moved.filter((record) => !wanted.has(keyOf(record)));
  const movedKeys = new Set(moved.map(keyOf));
  const removals = [
    ...people.flatMap(({ content, history }) =>
      recordsToRemove({ content, history }, wanted, byOwner.get(content.id) ?? []),
    ),
    ...read.stored.filter(
      (record) =>
        ids.includes(record.mirrorId) &&
        !there.has(record.mirrorId) &&
        !wanted.has(keyOf(record)) &&
        !movedKeys.has(keyOf(record)),
    ),
  ];
  return {
    due: due.filter(({ mirrorId }) => !unasked.has(mirrorId)),
    outgoing,
    removals,
    stored: read.stored,
    people,
    unread,
    moved,
  };
}

/** Notes what came of candidates that were looked at. */
export async function finishCandidates(
  tx: Transaction,
  connectionId: string,
  chunk: CandidateChunk,
  held: ReadonlyMap<string, HubError | undefined>,
  links: Pick<Links, 'forget'>,
): Promise<void> {
  const { due, people, moved } = chunk;
  await giveTo(tx, connectionId, [...moved, ...ownersChanged(chunk)]);
  await makeDue(
    tx,
    connectionId,
    'candidate',
    moved.map(({ mirrorId }) => mirrorId),
  );
  const seen = people.filter(({ content }) => !held.has(content.id));
  await noteLookedAt(
    tx,
    connectionId,
    seen.map(({ content, history }) => ({
      remoteId: content.candidate.remoteId,
      mirrorId: content.id,
      active: content.applications.some(({ status }) => status === 'active'),
      // One that cannot be read at all has its turn as the others have.
      historyRead: history !== 'NONE',
    })),
  );
  const gone = chunk.removals.flatMap(({ kind, remoteId, mirrorId }) =>
    kind === 'candidate' && !held.has(mirrorId) ? [remoteId] : [],
  );
  await noteGone(tx, connectionId, gone);
  await links.forget(tx, connectionId, gone);
  await settleDue(tx, connectionId, 'candidate', due, held);
}

/** What belongs to candidates that went, and came back under the same id of the ATS as another row. */
async function movedRecords(
  tx: Transaction,
  { mirror, atsConnectionId }: CandidateChunkParts,
  stored: readonly StoredRecord[],
  there: ReadonlySet<string>,
): Promise<readonly StoredRecord[]> {
  const gone = stored.filter(({ kind, mirrorId }) => kind === 'candidate' && !there.has(mirrorId));
  if (gone.length === 0) return [];
  const back = await mirror.idsNamed(
    tx,
    atsConnectionId,
    'candidate',
    gone.map(({ remoteId }) => remoteId),
  );
  const newIds = new Map(back.map(({ remoteId, id }) => [remoteId, id]));
  const owners = new Map(
    gone.flatMap(({ mirrorId, remoteId }) => {
      const id = newIds.get(remoteId);
      return id === undefined ? [] : [[mirrorId, id] as const];
    }),
  );
  return stored.flatMap((record) => {
    const owner = owners.get(record.mirrorId);
    return owner === undefined ? [] : [{ ...record, mirrorId: owner }];
  });
}

/** What came of reading histories. */
interface ReadHistories {
  readonly histories: ReadonlyMap<string, KnownHistory>;
  /** Those that could not be read this time. */
  readonly unread: ReadonlyMap<string, HubError>;
  /** Those that were not asked for, because the work is to stop. */
  readonly unasked: ReadonlySet<string>;
}

async function readHistories(
  { ats, historiesAtOnce, deadline, signal }: CandidateChunkParts,
  contents: readonly CandidateContent[],
): Promise<ReadHistories> {
  const histories = new Map<string, KnownHistory>();
  const unread = new Map<string, HubError>();
  const unasked = new Set<string>();
  if (!ats?.readHistory) {
    return { histories: new Map(contents.map(({ id }) => [id, 'NONE'])), unread, unasked };
  }
  let everybodys: HubError | undefined;
  const left = contents.values();
  const readOn = async (): Promise<void> => {
    for (const { id, candidate, applications } of left) {
      if (signal?.aborted) {
        unasked.add(id);
        continue;
      }
      if (everybodys) {
        unread.set(id, everybodys);
        continue;
      }
      try {
        const answer = await ats.readHistory?.(pushContext(deadline), candidate.remoteId);
        histories.set(id, readHistory(answer, new Set(applications.map(({ remoteId }) => remoteId))));
      } catch (error) {
        if (!isHubError(error)) throw error;
        if (error.recovery === 'reconnect') throw new SideFailedError('ats', error);
        // What cannot be read at all keeps nothing else of them back.
        if (error.recovery !== 'retry') histories.set(id, 'UNREAD');
        else {
          unread.set(id, error);
          if (toldToWait(error) !== undefined) everybodys = error;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, historiesAtOnce) }, readOn));
  return { histories, unread, unasked };
}

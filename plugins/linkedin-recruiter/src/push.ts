import {
  type CallContext,
  type HubError,
  isHubError,
  type JsonValue,
  type NetworkBatch,
  type NetworkKey,
  type NetworkKind,
  type NetworkResult,
} from '@talentbridge/contracts';
import { AccessLists } from './access-lists.js';
import type { Customer, LinkedInApi } from './client.js';
import type { Collections, DependentKind, Entities } from './collections.js';
import { JobPostings } from './jobs.js';
import { canBeKey } from './keys.js';
import { DONE, failed, type Outcomes, refused } from './outcomes.js';
import {
  applicationRecord,
  candidateRecord,
  feedbackRecord,
  jobRecord,
  noteRecord,
  stageRecord,
  type Written,
} from './pushed-records.js';

/** A record of a batch: what it is called, what it belongs to, and what it is. */
interface Outgoing {
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly written: Written;
}

/** What the ATS holds, on its way to LinkedIn (LinkedIn sheet §5). */
export class Pushing {
  readonly #jobs: JobPostings;
  readonly #collections: Collections;
  readonly #access: AccessLists;
  readonly #customer: Customer;

  constructor(api: LinkedInApi, collections: Collections) {
    this.#jobs = new JobPostings(api);
    this.#collections = collections;
    this.#access = new AccessLists(api);
    this.#customer = api.customer;
  }

  /** Sends complete records. One answer for each, in their order. */
  push(ctx: CallContext, batch: NetworkBatch): Promise<readonly NetworkResult[]> {
    if (batch.kind === 'access') return this.#access.write(ctx, batch.records);
    const { kind } = batch;
    return eachParent(kind, outgoing(batch, this.#customer), (parentId, entities) =>
      kind === 'job' ? this.#jobs.write(ctx, entities) : this.#collection(kind, parentId).write(ctx, entities),
    );
  }

  /** Removes records. Jobs are pushed closed instead: LinkedIn is not asked. One answer for each, in their order. */
  async remove(ctx: CallContext, kind: NetworkKind, keys: readonly NetworkKey[]): Promise<readonly NetworkResult[]> {
    if (kind === 'job') return keys.map(() => DONE);
    if (kind === 'access') {
      return this.#access.remove(
        ctx,
        keys.map(({ remoteId }) => remoteId),
      );
    }
    const gone = keys.map(({ remoteId, parentId }) => ({ id: remoteId, parentId, written: NOTHING }));
    return eachParent(kind, gone, (parentId, entities) =>
      this.#collection(kind, parentId).remove(ctx, [...entities.keys()]),
    );
  }

  #collection(kind: Exclude<NetworkKind, 'job' | 'access'>, parentId: string) {
    if (kind === 'candidate') return this.#collections.candidates;
    return kind === 'application' ? this.#collections.applications : this.#collections.under(kind, parentId);
  }
}

/** A removal needs no record. */
const NOTHING: Written = { record: null };

function outgoing(
  batch: Exclude<NetworkBatch, { readonly kind: 'access' }>,
  { organization, careersUrl }: Customer,
): readonly Outgoing[] {
  switch (batch.kind) {
    case 'job':
      return batch.records.map((job) => ({ id: job.remoteId, written: jobRecord(job, organization, careersUrl) }));
    case 'candidate':
      return batch.records.map((one) => ({ id: one.candidate.remoteId, written: candidateRecord(one) }));
    case 'application':
      return batch.records.map((one) => ({ id: one.application.remoteId, written: applicationRecord(one) }));
    case 'candidateNote':
      return batch.records.map(({ note, candidateRemoteId: parentId }) => ({
        id: note.remoteId,
        parentId,
        written: noteRecord(note),
      }));
    case 'applicationNote':
      return batch.records.map(({ note }) => ({
        id: note.remoteId,
        parentId: note.applicationRemoteId,
        written: noteRecord(note),
      }));
    case 'feedback':
      return batch.records.map((one) => ({
        id: one.remoteId,
        parentId: one.applicationRemoteId,
        written: feedbackRecord(one),
      }));
    case 'stage':
      return batch.records.map((one) => ({
        id: one.remoteId,
        parentId: one.applicationRemoteId,
        written: stageRecord(one),
      }));
  }
}

/** So many parents in a row that fail say that LinkedIn does. */
const FAILURES_IN_A_ROW = 3;

/**
 * Sends records parent by parent, and answers for each in the order in which they came. Of two with the same key the later one
 * counts. A parent whose records fail holds up no other, and what has arrived is told, so that the next try has less to do.
 */
async function eachParent(
  kind: NetworkKind,
  records: readonly Outgoing[],
  send: (parentId: string, entities: Entities) => Promise<Outcomes>,
): Promise<readonly NetworkResult[]> {
  const parents = new Map<string, Map<string, JsonValue>>();
  const keyed = records.map((outgoing) => ({ ...outgoing, parentId: isDependent(kind) ? outgoing.parentId : '' }));
  for (const one of keyed) {
    if (refusalOf(kind, one) !== undefined || 'refused' in one.written || one.parentId === undefined) continue;
    const siblings = parents.get(one.parentId) ?? new Map<string, JsonValue>();
    parents.set(one.parentId, siblings.set(one.id, one.written.record));
  }
  const outcomes = new Map<string, Outcomes>();
  const failures: HubError[] = [];
  let inARow = 0;
  for (const [parentId, siblings] of parents) {
    try {
      outcomes.set(parentId, await send(parentId, siblings));
      inARow = 0;
    } catch (error) {
      if (!isHubError(error) || error.recovery !== 'retry') throw error;
      failures.push(error);
      inARow += 1;
      if (inARow === FAILURES_IN_A_ROW || error.code === 'ATS_RATE_LIMITED') break;
    }
  }
  const last = failures.at(-1);
  if (last && outcomes.size === 0) throw last;
  return keyed.map((one) => {
    const refusal = refusalOf(kind, one);
    if (refusal !== undefined) return refused(refusal);
    return outcomes.get(one.parentId ?? '')?.get(one.id) ?? failed(last?.message ?? 'it was not sent');
  });
}

/** Why a record cannot go out; `undefined` when it can. */
function refusalOf(kind: NetworkKind, { id, parentId, written }: Outgoing): string | undefined {
  if ('refused' in written) return written.refused;
  if (!canBeKey(id)) return 'the id cannot be written in an address';
  if (isDependent(kind) && !canBeKey(parentId))
    return 'what the record belongs to is not named, or cannot be written in an address';
  return undefined;
}

function isDependent(kind: NetworkKind): kind is DependentKind {
  return kind !== 'job' && kind !== 'candidate' && kind !== 'application' && kind !== 'access';
}

import type { CallContext, NetworkAccess, NetworkResult } from '@talentbridge/contracts';
import type { z } from 'zod';
import type { LinkedInApi } from './client.js';
import { RecordCollection } from './collections.js';
import { assigneeKeys, canBeKey, type InGroup, listKeys, pairId, pairIn } from './keys.js';
import { DONE, type Outcomes, refused } from './outcomes.js';
import { assigneeRecord, listRecord } from './vendor-records.js';

/** The group of all who have a seat. The group of one person is called as the person is. */
const EVERY_SEAT = 'every-seat';

/**
 * Who may see jobs (LinkedIn sheet §5.6). LinkedIn ties jobs to groups, and people to at most ten groups: so each person has one
 * of their own, all who have a seat have one together, and a job is tied to the groups of those who may see it.
 */
export class AccessLists {
  readonly #lists: RecordCollection;
  readonly #assignees: RecordCollection;

  constructor(private readonly api: LinkedInApi) {
    const { family, customer } = api;
    this.#lists = new RecordCollection(api, {
      resource: 'atsEntityAcls',
      keys: listKeys(family, customer.organization),
      lane: LANE,
      what: 'access lists',
    });
    this.#assignees = new RecordCollection(api, {
      resource: 'atsEntityAclAssignees',
      keys: assigneeKeys(family, customer.organization),
      lane: LANE,
      what: 'people on access lists',
    });
  }

  /** Puts the people of each job in the place of those before. One answer for each, in their order. */
  async write(ctx: CallContext, given: readonly NetworkAccess[]): Promise<readonly NetworkResult[]> {
    // Of two for the same job the later one counts.
    const records = new Map(given.filter(isNameable).map((record) => [record.remoteId, record]));
    if (records.size === 0) return given.map(() => UNNAMEABLE);
    const wanted = [...records.values()].flatMap(({ remoteId, ...who }) =>
      groupsOf(who).map((group) => ({ group, of: remoteId })),
    );
    const belonging = [...records.values()].flatMap(({ members, everySeat }) =>
      members.map((member) => ({ group: everySeat ? EVERY_SEAT : member, of: member })),
    );
    const lists = await this.#allLists(ctx);
    const people = await this.#allAssignees(ctx);
    const added = await this.#assignees.write(ctx, emptyRecords(without(belonging, people)));
    const tied = await this.#lists.write(ctx, emptyRecords(without(wanted, lists)));
    const surplus = without(
      lists.filter(({ of }) => records.has(of)),
      wanted,
    );
    const untied = await this.#lists.remove(ctx, surplus.map(pairId));
    // All who have a seat are the same for every job that they see.
    const isEvery =
      belonging.some(({ group }) => group === EVERY_SEAT) || wanted.some(({ group }) => group === EVERY_SEAT);
    const left = isEvery
      ? without(
          people.filter(({ group }) => group === EVERY_SEAT),
          belonging,
        )
      : [];
    const gone = await this.#assignees.remove(ctx, left.map(pairId));
    await this.#emptyUnused(ctx, people, [...without(lists, surplus), ...wanted]);
    return given.map((record) => {
      if (!isNameable(record)) return UNNAMEABLE;
      const groups = new Set(groupsOf(records.get(record.remoteId) ?? record));
      return worstOf([
        ...resultsOf(added, ({ group }) => groups.has(group)),
        ...resultsOf(tied, ({ of }) => of === record.remoteId),
        ...resultsOf(untied, ({ of }) => of === record.remoteId),
        ...resultsOf(gone, ({ group }) => groups.has(group)),
      ]);
    });
  }

  /** Leaves jobs to whom the configuration says. One answer for each, in their order. */
  async remove(ctx: CallContext, jobIds: readonly string[]): Promise<readonly NetworkResult[]> {
    const jobs = new Set(jobIds);
    const lists = await this.#allLists(ctx);
    const surplus = lists.filter(({ of }) => jobs.has(of));
    const untied = await this.#lists.remove(ctx, surplus.map(pairId));
    if (surplus.length > 0) await this.#emptyUnused(ctx, await this.#allAssignees(ctx), without(lists, surplus));
    return jobIds.map((id) => worstOf(resultsOf(untied, ({ of }) => of === id)));
  }

  /** Nobody stays in a group that sees nothing. */
  async #emptyUnused(ctx: CallContext, people: readonly InGroup[], lists: readonly InGroup[]): Promise<void> {
    const used = new Set(lists.map(({ group }) => group));
    await this.#assignees.remove(ctx, people.filter(({ group }) => !used.has(group)).map(pairId));
  }

  /** Every job with a group that sees it (that an element has the parts of its key is INFERRED). */
  async #allLists(ctx: CallContext): Promise<readonly InGroup[]> {
    const found = await this.#all(ctx, 'atsEntityAcls', listRecord);
    return found.map(({ atsEntityAclId: group, atsEntityId: of }) => ({ group, of }));
  }

  /** Every person with a group of theirs (INFERRED as above). */
  async #allAssignees(ctx: CallContext): Promise<readonly InGroup[]> {
    const found = await this.#all(ctx, 'atsEntityAclAssignees', assigneeRecord);
    return found.map(({ atsEntityAclId: group, assignee: of }) => ({ group, of }));
  }

  async #all<Schema extends z.ZodType>(
    ctx: CallContext,
    resource: string,
    element: Schema,
  ): Promise<readonly z.output<Schema>[]> {
    const parameters = { q: 'criteria', integrationContext: this.api.customer.organization };
    const found: z.output<Schema>[] = [];
    let cursor: string | undefined;
    do {
      const call = { resource, parameters, action: 'list access lists', lane: LANE, cursor };
      const page = await this.api.list(ctx, call, element);
      found.push(...page.elements);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found;
  }
}

const LANE = 'acls';

const UNNAMEABLE = refused('the id of the job, or of a member, cannot be written in an address');

function isNameable({ remoteId, members }: NetworkAccess): boolean {
  return canBeKey(remoteId) && members.every(canBeKey);
}

function groupsOf({ members, everySeat }: Pick<NetworkAccess, 'members' | 'everySeat'>): readonly string[] {
  return everySeat ? [EVERY_SEAT] : members;
}

/** Those of the one that are not among the others, each once. */
function without(some: readonly InGroup[], others: readonly InGroup[]): readonly InGroup[] {
  const known = new Set(others.map(pairId));
  return [...new Map(some.map((one) => [pairId(one), one])).values()].filter((one) => !known.has(pairId(one)));
}

/** The records say nothing: their keys say all. */
function emptyRecords(some: readonly InGroup[]): ReadonlyMap<string, Record<string, never>> {
  return new Map(some.map((one) => [pairId(one), {}]));
}

function resultsOf(outcomes: Outcomes, concerns: (one: InGroup) => boolean): readonly NetworkResult[] {
  return [...outcomes].flatMap(([id, result]) => (concerns(pairIn(id)) ? [result] : []));
}

/** What passes is tried again before anything is refused. */
function worstOf(results: readonly NetworkResult[]): NetworkResult {
  const bad = results.filter((result) => !result.ok);
  return bad.find(({ retry }) => retry) ?? bad[0] ?? DONE;
}

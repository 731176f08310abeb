import type { PushedCandidate, SubResource } from './ats-records.js';
import {
  type Answer,
  type BatchMethod,
  batchMethodOf,
  type Call,
  entitiesByKey,
  fieldsOf,
  forEachKey,
  keysOf,
  writeEach,
} from './call.js';
import { type Key, PLAIN_KEYS } from './keys.js';
import { pageOf } from './paging.js';
import type { PushedRecord } from './records.js';
import { badRequest, notFound } from './refusal.js';
import {
  applicationInput,
  attachInput,
  candidateInput,
  feedbackInput,
  noteInput,
  readRecord,
  stageInput,
} from './validation.js';
import type { World } from './world.js';

/** `/atsCandidates`, and the notes under a candidate (LinkedIn sheet §5.2, §5.3). */
export function candidates(world: World, call: Call): Answer {
  const kind = world.keys('candidate', call.versioned);
  const recordsOf = ({ parts }: Key, purpose: 'use' | 'delete' = 'use') =>
    world.recordsFor(call.application, parts['integrationContext'] ?? '', purpose);
  const idOf = ({ parts }: Key): string => parts['atsCandidateId'] ?? '';
  const [parent, sub, ...rest] = call.path;
  if (parent !== undefined) {
    if (sub !== 'notes' || rest.length > 0) throw notFound('Resource');
    const key = kind.fromText(parent);
    return subRecords(call, sub, recordsOf(key, purposeOf(call)).candidate(idOf(key)).notes);
  }
  const method = batchMethodOf(call, ['batch_update', 'batch_partial_update', 'batch_get', 'batch_delete']);
  if (method === 'batch_update') {
    const entities = entitiesByKey(call, kind);
    call.takeRecords('candidates', entities.length);
    return writeEach(kind, entities, (key, value) => {
      const matchedFrom = call.now + world.behaviour.matchDelayMs;
      recordsOf(key).putCandidate(idOf(key), readRecord(candidateInput, value), matchedFrom);
    });
  }
  if (method === 'batch_partial_update') {
    const entities = entitiesByKey(call, kind);
    call.takeRecords('candidates', entities.length);
    return writeEach(kind, entities, (key, value) => {
      const { $set, $delete } = readRecord(attachInput, value).patch;
      if (($set === undefined) === ($delete === undefined)) throw badRequest('A patch has $set or $delete');
      recordsOf(key).attach(idOf(key), $set?.manualMatchedMember ?? null);
    });
  }
  const keys = keysOf(call, kind);
  if (method === 'batch_delete') {
    call.takeRecords('candidates', keys.length);
    return forEachKey(kind, keys, (key) => recordsOf(key, 'delete').deleteCandidate(idOf(key)));
  }
  return forEachKey(kind, keys, (key) => {
    const records = recordsOf(key);
    return fieldsOf(call.query, shownCandidate(records.candidate(idOf(key)), call.now, world));
  });
}

/** `/atsApplications`, and what stands under an application (LinkedIn sheet §5.4, §5.5). */
export function applications(world: World, call: Call): Answer {
  const kind = world.keys('application', call.versioned);
  const recordsOf = ({ parts }: Key, purpose: 'use' | 'delete' = 'use') =>
    world.recordsFor(call.application, parts['integrationContext'] ?? '', purpose);
  const idOf = ({ parts }: Key): string => parts['atsJobApplicationId'] ?? '';
  const [parent, sub, ...rest] = call.path;
  if (parent !== undefined) {
    if (!isSubResource(sub) || rest.length > 0) throw notFound('Resource');
    const key = kind.fromText(parent);
    return subRecords(call, sub, recordsOf(key, purposeOf(call)).application(idOf(key))[sub]);
  }
  const method = batchMethodOf(call, ['batch_update', 'batch_get', 'batch_delete']);
  if (method === 'batch_update') {
    const entities = entitiesByKey(call, kind);
    call.takeRecords('applications', entities.length);
    return writeEach(kind, entities, (key, value) =>
      recordsOf(key).putApplication(idOf(key), readRecord(applicationInput, value)),
    );
  }
  const keys = keysOf(call, kind);
  if (method === 'batch_delete') {
    call.takeRecords('applications', keys.length);
    return forEachKey(kind, keys, (key) => recordsOf(key, 'delete').deleteApplication(idOf(key)));
  }
  return forEachKey(kind, keys, (key) => fieldsOf(call.query, recordsOf(key).application(idOf(key)).record));
}

const SUB_METHODS: readonly BatchMethod[] = ['batch_update', 'batch_get', 'batch_delete'];
const SUB_INPUTS = { notes: noteInput, interviewFeedback: feedbackInput, stages: stageInput } as const;

/** Notes, feedback or stages of one candidate or application. Without ids, a read lists them (INFERRED). */
function subRecords(call: Call, sub: SubResource, held: Map<string, PushedRecord>): Answer {
  const method = batchMethodOf(call, SUB_METHODS);
  if (method === 'batch_update') {
    const entities = entitiesByKey(call, PLAIN_KEYS);
    call.takeRecords(sub, entities.length);
    return writeEach(PLAIN_KEYS, entities, ({ identity }, value) => {
      held.set(identity, readRecord<PushedRecord>(SUB_INPUTS[sub], value));
    });
  }
  if (method === 'batch_get' && !call.query.has('ids')) {
    return { body: pageOf(call.query, [...held], ([id, record]) => ({ id, ...record })) };
  }
  const keys = keysOf(call, PLAIN_KEYS);
  if (method === 'batch_delete') call.takeRecords(sub, keys.length);
  return forEachKey(PLAIN_KEYS, keys, ({ identity }) => {
    const record = held.get(identity);
    if (record === undefined) throw notFound('Record');
    if (method === 'batch_get') return record;
    held.delete(identity);
    return undefined;
  });
}

function purposeOf({ method }: Call): 'use' | 'delete' {
  return method === 'DELETE' ? 'delete' : 'use';
}

function isSubResource(name: string | undefined): name is SubResource {
  return name !== undefined && Object.hasOwn(SUB_INPUTS, name);
}

/** What a read answers: the record, and whom LinkedIn takes it for (LinkedIn sheet §5.2). */
function shownCandidate(
  candidate: PushedCandidate,
  now: number,
  { members }: World,
): Readonly<Record<string, unknown>> {
  const open = candidate.matched.filter((urn) => members.closedAt(urn) === undefined);
  return { ...candidate.record, matchedMembers: candidate.matchedFrom > now ? [] : open };
}

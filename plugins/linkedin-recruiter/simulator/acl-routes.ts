import { type Answer, batchMethodOf, type Call, entitiesByKey, forEachKey, keysOf, writeEach } from './call.js';
import type { Key } from './keys.js';
import { pageOf, required } from './paging.js';
import { badRequest, invalid, notFound } from './refusal.js';
import { aclInput, readRecord } from './validation.js';
import type { World } from './world.js';

/** At most so many groups for one person (LinkedIn sheet §5.6, CONFIRMED). */
const MOST_GROUPS = 10;

/** `/atsEntityAcls`, which ties jobs to groups, and `/atsEntityAclAssignees`, which ties people to them (LinkedIn sheet §5.6). */
export function accessLists(world: World, call: Call, resource: 'acl' | 'assignee'): Answer {
  const kind = world.keys(resource, call.versioned);
  const heldFor = ({ parts }: Key, purpose: 'use' | 'delete' = 'use') => {
    const { acls, assignees } = world.recordsFor(call.application, parts['integrationContext'] ?? '', purpose);
    return resource === 'acl' ? acls : assignees;
  };
  if (call.path.length > 0) throw notFound('Resource');
  if (call.method === 'GET' && call.query.get('q') === 'criteria') {
    const organization = required(call.query, 'integrationContext');
    const { acls, assignees } = world.recordsFor(call.application, organization);
    return { body: pageOf(call.query, [...(resource === 'acl' ? acls : assignees).values()], (parts) => parts) };
  }
  const method = batchMethodOf(call, ['batch_update', 'batch_get', 'batch_delete']);
  if (method === 'batch_update') {
    const entities = entitiesByKey(call, kind);
    call.takeRecords('acls', entities.length);
    return writeEach(kind, entities, (key, value) => {
      readRecord(aclInput, value);
      const held = heldFor(key);
      const { assignee } = key.parts;
      if (assignee !== undefined) demandPlace(world, [...held.values()], key, held.has(key.identity));
      held.set(key.identity, key.parts);
    });
  }
  const keys = keysOf(call, kind);
  if (method === 'batch_delete') call.takeRecords('acls', keys.length);
  return forEachKey(kind, keys, (key) => {
    const held = heldFor(key, method === 'batch_delete' ? 'delete' : 'use');
    const found = held.get(key.identity);
    if (!found) throw notFound('Access list');
    if (method === 'batch_get') return found;
    held.delete(key.identity);
    return undefined;
  });
}

function demandPlace(world: World, held: readonly Key['parts'][], { parts }: Key, isKnown: boolean): void {
  const { assignee = '' } = parts;
  if (!/^urn:li:person:\w+$/.test(assignee)) throw badRequest('assignee must be a person');
  if (!world.members.byUrn(assignee)) throw invalid('assignee: no such member');
  const groups = held.filter((one) => one['assignee'] === assignee).length;
  if (!isKnown && groups >= MOST_GROUPS) throw invalid(`assignee: has ${MOST_GROUPS} access lists already`);
}

import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { throwawayFolder } from '../../../../test/support/throwaway-files.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { type ContactRevealOrder, ContactReveals } from '../../src/directory/contacts/contact-reveals.js';
import {
  type ContactAnswer,
  type ContactQuestion,
  type ContactReply,
  type ContactSource,
  storedContacts,
} from '../../src/directory/contacts/contact-source.js';
import { ProfileStore } from '../../src/directory/profile-store.js';
import { Profiles } from '../../src/directory/profiles.js';
import { Projects } from '../../src/directory/projects.js';
import { openHub } from '../../src/hub.js';
import { AuditLog } from '../../src/kernel/audit/audit-log.js';
import { DiskFileStore } from '../../src/kernel/files/disk-file-store.js';
import { JobQueue } from '../../src/kernel/jobs/job-queue.js';
import { Notifications } from '../../src/kernel/notifications.js';
import { Database } from '../../src/kernel/persistence/database.js';
import type { OrganizationScope } from '../../src/kernel/persistence/organization-scope.js';
import { KeyRing } from '../../src/kernel/vault/key-ring.js';

const DUMMY_DOMAIN = 'dummy.example';

let url: string;
let database: Database;
let notifications: Notifications;
const lines: string[] = [];
const output = new PassThrough();
output.on('data', (line) => lines.push(String(line)));
const logger = pino({ level: 'trace' }, output);
const store = new ProfileStore();
const projects = new Projects();
const profiles = new Profiles(store, projects);
const audit = new AuditLog();

beforeAll(async () => {
  url = await freshDatabase();
  database = await Database.open({ url, entities: [Connection] });
  notifications = new Notifications(url, logger);
  await notifications.start();
});
afterAll(async () => {
  await notifications.close();
  await database.close();
});

/** One process of a deployment, with a source of its own. Its runs are begun by the test, as a worker would. */
function processWith(source: ContactSource): ContactReveals {
  return new ContactReveals({
    database,
    profiles: store,
    projects,
    source,
    isPlaceholder: (address) => address.endsWith(`@${DUMMY_DOMAIN}`),
    jobs: new JobQueue(),
    notifications,
    audit,
    logger,
  });
}

function newScope(): OrganizationScope {
  return database.scope({ organizationId: randomUUID(), userId: 'recruiter-1', roles: ['RECRUITER'] });
}

async function run(
  reveals: ContactReveals,
  scope: OrganizationScope,
  id: string,
  signal = neverAborted,
): Promise<void> {
  const [task] = Object.values(reveals.tasks);
  if (!task) throw new Error('There is no task.');
  await scope.close();
  await task({ organizationId: scope.organizationId, id }, signal);
}
const neverAborted = new AbortController().signal;

async function people(
  scope: OrganizationScope,
  count: number,
  emails: readonly object[] = [],
): Promise<readonly string[]> {
  const inputs = Array.from({ length: count }, (_, index) => ({
    key: `p-${index}`,
    firstName: `First${index}`,
    emails,
  }));
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1_000) {
    const upserted = await profiles.upsert(scope, inputs.slice(at, at + 1_000));
    ids.push(...upserted.profiles.map(({ id }) => id));
  }
  return ids;
}

/** Looks at what is stored now. */
async function look<Seen>(scope: OrganizationScope, work: (fresh: OrganizationScope) => Promise<Seen>): Promise<Seen> {
  await using fresh = database.scope(scope.caller);
  return await work(fresh);
}
const emailsOf = (scope: OrganizationScope, id: string) =>
  look(scope, async (fresh) => (await profiles.get(fresh, id))?.profile.emails);
const stateOf = (reveals: ContactReveals, scope: OrganizationScope, id: string) =>
  look(scope, (fresh) => reveals.get(fresh, id));
const order = (reveals: ContactReveals, scope: OrganizationScope, changes: Partial<ContactRevealOrder>) =>
  reveals.order(scope, { kinds: ['EMAIL'], idempotencyKey: randomUUID(), ...changes });
const auditOf = (scope: OrganizationScope) =>
  look(scope, async (fresh) => (await audit.list(fresh, { first: 50 })).items.toReversed());

/** A contact service that finds an address for everybody and remembers what it was asked. */
class ContactService implements ContactSource {
  readonly batchSize: number = 10;
  readonly asked: ContactQuestion[] = [];
  /** What it says instead, for the nth call from 0. */
  reply: (questions: readonly ContactQuestion[], call: number) => Promise<ContactReply> | undefined = () => undefined;
  private calls = 0;

  constructor(readonly answersStandForMs = 0) {}

  async find(_organizationId: string, questions: readonly ContactQuestion[]): Promise<ContactReply> {
    this.asked.push(...questions);
    const call = this.calls;
    this.calls += 1;
    return (await this.reply(questions, call)) ?? { answers: this.found(questions) };
  }

  found(questions: readonly ContactQuestion[]): Map<string, ContactAnswer> {
    return new Map(
      questions.map(({ profileId, profile }) => [
        profileId,
        { kind: 'FOUND', emails: [{ address: `${profile.key}@found.example`, type: 'personal' }] },
      ]),
    );
  }
}

describe('EXP-3: "get email for all" without a contact service', () => {
  it('reveals what the host platform has stored, for all of a project, and no placeholder', async () => {
    const scope = newScope();
    const reveals = processWith(storedContacts);
    const ids = await people(scope, 3, [{ address: 'a@x.example' }, { address: `no-email-7@${DUMMY_DOMAIN}` }]);
    const [project] = await projects.upsert(scope, [{ key: 'p', name: 'P', profileKeys: ['p-0', 'p-1'] }]);
    const ordered = await order(reveals, scope, { projectId: project?.id ?? '' });
    expect(ordered).toMatchObject({ status: 'QUEUED', total: 2, done: 0 });
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({
      status: 'COMPLETE',
      total: 2,
      done: 2,
      withContact: 2,
      revealed: 2,
      failed: 0,
    });
    expect((await emailsOf(scope, ids[0] ?? ''))?.map((email) => email.revealed)).toEqual([true, false]);
    expect((await emailsOf(scope, ids[2] ?? ''))?.map((email) => email.revealed)).toEqual([false, false]);
    await scope.close();
  });

  it('works through ten thousand people, and says how far it is', { timeout: 120_000 }, async () => {
    const scope = newScope();
    const reveals = processWith(storedContacts);
    await people(scope, 10_000, [{ address: 'a@x.example' }]);
    const { items } = await profiles.list(scope, { first: 1 });
    const keys = Array.from({ length: 10_000 }, (_, index) => `p-${index}`);
    await scope.close();
    const [project] = await projects.upsert(scope, [{ key: 'all', name: 'All', profileKeys: keys }]);
    const ordered = await order(reveals, scope, { projectId: project?.id ?? '', profileIds: [items[0]?.id ?? ''] });
    const seen: number[] = [];
    const changes = notifications.of(scope.organizationId, 'contactReveal', ordered.id);
    const watching = (async () => {
      for await (const _ of changes) {
        await using own = database.scope(scope.caller);
        const state = await reveals.get(own, ordered.id);
        seen.push(state?.done ?? 0);
        if (state?.status === 'COMPLETE') break;
      }
    })();
    await run(reveals, scope, ordered.id);
    await watching;
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(seen.at(-1)).toBe(10_000);
    await scope.close();
  });
});

describe('EXP-3: a contact service that a deployment hands in', () => {
  it('is asked in batches, and what it finds is revealed, kept and audited without being repeated', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const ids = await people(scope, 25);
    const ordered = await order(reveals, scope, { profileIds: ids });
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({ done: 25, withContact: 25, revealed: 25 });
    expect(new Set(service.asked.map((question) => question.idempotencyKey)).size).toBe(25);
    expect(service.asked).toHaveLength(25);
    const found = [{ address: 'p-3@found.example', revealed: true, type: 'personal', found: true }];
    expect(await emailsOf(scope, ids[3] ?? '')).toEqual(found);

    // The host platform writes its own copy, which does not have it.
    await people(scope, 25);
    expect(await emailsOf(scope, ids[3] ?? '')).toEqual(found);

    const entries = await auditOf(scope);
    expect(entries.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['contactReveal.order', 'recruiter-1'],
      ['contactReveal.complete', 'system'],
    ]);
    expect(JSON.stringify(entries)).not.toContain('found.example');
    expect(lines.join('')).not.toContain('found.example');
    await scope.close();
  });

  it('says none where it has none, and is not asked about a profile that was deleted', async () => {
    const scope = newScope();
    const service = new ContactService();
    service.reply = async (questions) => ({
      answers: new Map(questions.map(({ profileId }) => [profileId, { kind: 'NONE' }])),
    });
    const reveals = processWith(service);
    const [kept = '', deleted = ''] = await people(scope, 2);
    const ordered = await order(reveals, scope, { profileIds: [kept, deleted] });
    await scope.transaction((tx) =>
      tx.rows(`delete from talentbridge.profile p where ${tx.own('p')} and p.id = $1`, [deleted]),
    );
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({
      status: 'COMPLETE',
      done: 2,
      withContact: 0,
      deleted: 1,
      failed: 0,
    });
    expect(service.asked.map((question) => question.profileId)).toEqual([kept]);
    await scope.close();
  });

  it('a profile that is deleted while the service looks for it is counted, and does not come back', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const [gone = ''] = await people(scope, 1);
    service.reply = async (questions) => {
      await using own = database.scope(scope.caller);
      await own.transaction((tx) =>
        tx.rows(`delete from talentbridge.profile p where ${tx.own('p')} and p.id = $1`, [gone]),
      );
      return { answers: service.found(questions) };
    };
    const ordered = await order(reveals, scope, { profileIds: [gone] });
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({ status: 'COMPLETE', deleted: 1, withContact: 0 });
    expect(await emailsOf(scope, gone)).toBeUndefined();
    await scope.close();
  });

  it('is asked again about those alone whom it did not answer about, and then they are counted with a reason', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const ids = await people(scope, 10);
    const [never = '', refused = '', later = ''] = ids;
    service.reply = async (questions, call) => {
      const answers = service.found(questions);
      if (answers.has(never)) answers.set(never, { kind: 'FAILED', failure: 'UNAVAILABLE', retryAfterMs: 0 });
      if (answers.has(refused)) answers.set(refused, { kind: 'FAILED', failure: 'REFUSED' });
      if (call === 0) answers.set(later, { kind: 'FAILED', failure: 'RATE_LIMITED', retryAfterMs: 1 });
      return { answers };
    };
    const ordered = await order(reveals, scope, { profileIds: ids });
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({
      status: 'COMPLETE',
      done: 10,
      withContact: 8,
      failed: 2,
    });
    const failures = await look(scope, (fresh) => reveals.failures(fresh, [ordered.id]));
    expect(failures.get(ordered.id)?.map(({ code, count }) => [code, count])).toEqual([
      ['CONTACT_SOURCE_REFUSED', 1],
      ['CONTACT_SOURCE_UNAVAILABLE', 1],
    ]);
    const timesAsked = (id: string) => service.asked.filter((question) => question.profileId === id).length;
    expect(ids.map(timesAsked)).toEqual([5, 1, 2, 1, 1, 1, 1, 1, 1, 1]);
    await scope.close();
  });

  it('that breaks is asked again after a while, and its words go nowhere', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const ids = await people(scope, 5);
    service.reply = async (_questions, call) => {
      if (call === 0) throw new Error('p-3@found.example is not to be had');
      return { answers: new Map(service.found(service.asked.slice(0, 5))) };
    };
    const ordered = await order(reveals, scope, { profileIds: ids });
    // The back-off is about as long as a run waits before the job comes back later.
    while ((await stateOf(reveals, scope, ordered.id))?.status !== 'COMPLETE') await run(reveals, scope, ordered.id);
    expect(service.asked).toHaveLength(10);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({ done: 5, withContact: 5, failed: 0 });
    expect(lines.join('')).toContain('the contact source failed');
    expect(lines.join('')).not.toContain('found.example');
    await scope.close();
  });

  it('that serves nobody any more stops the order, and keeps what was answered', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const ids = await people(scope, 20);
    service.reply = async (questions, call) =>
      call === 0
        ? { answers: service.found(questions) }
        : { answers: service.found(questions.slice(0, 3)), closed: 'BUDGET_SPENT' };
    const ordered = await order(reveals, scope, { profileIds: ids });
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({
      status: 'STOPPED',
      statusReason: expect.stringContaining('budget'),
      done: 13,
      withContact: 13,
      failed: 0,
    });
    expect((await auditOf(scope)).at(-1)?.action).toBe('contactReveal.stop');
    await scope.close();
  });

  it('EXP-12: of a worker that died while it waited for the answer, the next one repeats that one batch', async () => {
    const scope = newScope();
    const first = new ContactService();
    const ids = await people(scope, 30);
    const waiting = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    first.reply = (questions, call) => {
      if (call === 0) return undefined;
      waiting.resolve();
      return answer.promise.then(() => ({ answers: first.found(questions) }));
    };
    const dying = processWith(first);
    const ordered = await order(dying, scope, { profileIds: ids });
    // Abandoned with the second batch under way: nothing of it is stored.
    const abandoned = run(dying, scope, ordered.id);
    await waiting.promise;
    const second = new ContactService();
    const reveals = processWith(second);
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({ status: 'COMPLETE', done: 30, revealed: 30 });
    const keys = (asked: readonly ContactQuestion[]) => new Set(asked.map((question) => question.idempotencyKey));
    expect(first.asked).toHaveLength(20);
    expect(second.asked).toHaveLength(20);
    expect(keys(first.asked).intersection(keys(second.asked)).size).toBe(10);
    // The first was only slow: its late answer changes nothing any more.
    answer.resolve();
    await abandoned;
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({ status: 'COMPLETE', done: 30, revealed: 30 });
    await scope.close();
  });

  it('a process that stops meanwhile leaves the rest to the next one, and counts no failure', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const ids = await people(scope, 20);
    const stopping = new AbortController();
    service.reply = (_questions, call) => {
      if (call !== 1) return undefined;
      stopping.abort();
      return new Promise(() => undefined);
    };
    const ordered = await order(reveals, scope, { profileIds: ids });
    await run(reveals, scope, ordered.id, stopping.signal);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({ status: 'RUNNING', done: 10 });
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({ status: 'COMPLETE', done: 20, failed: 0 });
    await scope.close();
  });
});

describe('EXP-3: an order that is cancelled', () => {
  it('keeps what was asked for already, asks about nobody else, and stops', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const ids = await people(scope, 30);
    const ordered = await order(reveals, scope, { profileIds: ids });
    service.reply = async (_questions, call) => {
      if (call === 1) await look(scope, (fresh) => reveals.cancel(fresh, ordered.id));
      return { answers: service.found(service.asked) };
    };
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({
      status: 'STOPPED',
      statusReason: 'It was cancelled.',
      done: 20,
      withContact: 20,
    });
    expect(service.asked).toHaveLength(20);
    await expect(reveals.cancel(scope, ordered.id)).rejects.toMatchObject({ code: 'WRONG_STATE', state: 'STOPPED' });
    await expect(reveals.cancel(scope, randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await auditOf(scope)).map(({ action, actorId }) => [action, actorId])).toEqual([
      ['contactReveal.order', 'recruiter-1'],
      ['contactReveal.cancel', 'recruiter-1'],
      ['contactReveal.stop', 'system'],
    ]);
    await scope.close();
  });

  it('asks about nobody where it has not begun', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const ordered = await order(reveals, scope, { profileIds: await people(scope, 3) });
    await reveals.cancel(scope, ordered.id);
    await reveals.cancel(scope, ordered.id);
    await run(reveals, scope, ordered.id);
    expect(await stateOf(reveals, scope, ordered.id)).toMatchObject({ status: 'STOPPED', done: 0 });
    expect(service.asked).toEqual([]);
    await scope.close();
  });
});

describe('EXP-3: what was answered is not asked again', () => {
  it('the same order with the same key is one order; another one with that key is refused', async () => {
    const scope = newScope();
    const reveals = processWith(new ContactService());
    const [one = '', two = ''] = await people(scope, 2);
    const idempotencyKey = randomUUID();
    const [first, second] = await Promise.all([
      order(reveals, database.scope(scope.caller), { profileIds: [one, two], idempotencyKey }),
      order(reveals, database.scope(scope.caller), { profileIds: [two, one], idempotencyKey }),
    ]);
    expect(second.id).toBe(first.id);
    await expect(order(reveals, scope, { profileIds: [one], idempotencyKey })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      problems: [{ field: 'idempotencyKey', message: expect.stringContaining(first.id) }],
    });
    await expect(order(reveals, scope, { profileIds: [one], idempotencyKey: 'short' })).rejects.toMatchObject({
      problems: [{ field: 'idempotencyKey' }],
    });
    await expect(order(reveals, scope, { profileIds: [randomUUID()] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(order(reveals, scope, { profileIds: [one], kinds: [] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await scope.close();
  });

  it('two orders on the same people at once ask about each person once while answers stand', async () => {
    const scope = newScope();
    const service = new ContactService(60_000);
    const reveals = processWith(service);
    const ids = await people(scope, 40);
    const both = await Promise.all(
      [0, 1].map(async () => {
        const own = database.scope(scope.caller);
        const { id } = await order(reveals, own, { profileIds: ids });
        await run(reveals, own, id);
        return stateOf(reveals, own, id);
      }),
    );
    for (const state of both) expect(state).toMatchObject({ status: 'COMPLETE', done: 40, withContact: 40 });
    expect(both.reduce((sum, state) => sum + (state?.revealed ?? 0), 0)).toBe(40);
    expect(service.asked.map((question) => question.profileId).sort()).toEqual(ids.toSorted());
    await scope.close();
  });

  it('a later order asks for the kind alone that has no answer yet', async () => {
    const scope = newScope();
    const service = new ContactService(60_000);
    const reveals = processWith(service);
    const ids = await people(scope, 2);
    const first = await order(reveals, scope, { profileIds: ids.slice(0, 1), kinds: ['EMAIL'] });
    await run(reveals, scope, first.id);
    const second = await order(reveals, scope, { profileIds: ids, kinds: ['PHONE', 'EMAIL'] });
    await run(reveals, scope, second.id);
    expect(service.asked.slice(1).map(({ profileId, kinds }) => [profileId, kinds])).toEqual([
      [ids[0], ['PHONE']],
      [ids[1], ['EMAIL', 'PHONE']],
    ]);
    expect(await stateOf(reveals, scope, second.id)).toMatchObject({ withContact: 2, revealed: 1 });
    await scope.close();
  });

  it('a profile that is written again while it is revealed loses nothing', async () => {
    const scope = newScope();
    const service = new ContactService();
    const reveals = processWith(service);
    const ids = await people(scope, 30);
    const ordered = await order(reveals, scope, { profileIds: ids });
    const writing = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await using own = database.scope(scope.caller);
        await profiles.upsert(
          own,
          ids.map((_, index) => ({ key: `p-${index}`, firstName: `Round${round}` })),
        );
      }
    })();
    await run(reveals, scope, ordered.id);
    await writing;
    for (const [index, id] of ids.entries()) {
      expect(await emailsOf(scope, id)).toMatchObject([{ address: `p-${index}@found.example`, revealed: true }]);
    }
    await scope.close();
  });
});

it('EXP-3: a deployment hands its contact service to the hub, and the job runner runs the orders', async () => {
  const service = new ContactService();
  const hub = await openHub({
    databaseUrl: url,
    deployment: {
      brand: 'Brand',
      dummyEmailDomain: DUMMY_DOMAIN,
      plugins: new PluginRegistry([]),
      tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: {} },
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: {},
    },
    keys: KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`),
    files: new DiskFileStore(throwawayFolder()),
    logger,
    contactSource: service,
  });
  await using scope = newScope();
  const ids = await people(scope, 15);
  const { id } = await hub.contactReveals.order(scope, {
    profileIds: ids,
    kinds: ['EMAIL'],
    idempotencyKey: randomUUID(),
  });
  await hub.startWorker();
  await vi.waitFor(
    async () => expect(await stateOf(hub.contactReveals, scope, id)).toMatchObject({ status: 'COMPLETE', done: 15 }),
    { timeout: 20_000 },
  );
  expect(service.asked.filter((question) => ids.includes(question.profileId))).toHaveLength(15);
  await hub.close();
});

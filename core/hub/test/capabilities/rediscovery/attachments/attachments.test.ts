import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AtsAnswerTooLargeError,
  AtsRateLimitedError,
  AtsUnavailableError,
  type AttachmentFile,
  credentialFields,
  definePlugin,
  RecordNotFoundError,
  type RediscoveryCapability,
  settingFields,
} from '@talentbridge/contracts';
import { PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
import { throwawayFolder } from '../../../../../../test/support/throwaway-files.ts';
import { FileLinks } from '../../../../dist/capabilities/rediscovery/attachments/file-links.js';
import { type Hub, openHub } from '../../../../dist/hub.js';
import { DiskFileStore } from '../../../../dist/kernel/files/disk-file-store.js';
import type { FileStore } from '../../../../dist/kernel/files/file-store.js';
import { KeyRing } from '../../../../dist/kernel/vault/key-ring.js';
import { InMemoryAts } from '../in-memory-ats.ts';
import { docx } from './documents.ts';

const KEYS = KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`);
const MEBIBYTE = 1024 * 1024;
/** For what comes at once on a machine that has nothing else to do. */
const WAITING = { timeout: 20_000 };

let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await freshDatabase();
});

type Fetch = NonNullable<RediscoveryCapability['fetchAttachment']>;

/** An ATS in this process with files, and how it hands them out. */
class AtsWithFiles extends InMemoryAts {
  /** The files that it was asked for. */
  readonly asked: string[] = [];
  hand: (candidateRemoteId: string, count: number) => Promise<AttachmentFile> | AttachmentFile = (candidate) =>
    file(docx([`Text of ${candidate}`]));

  async fetchAttachment(...[, { candidateRemoteId }]: Parameters<Fetch>): Promise<AttachmentFile> {
    this.asked.push(candidateRemoteId);
    return await this.hand(candidateRemoteId, this.asked.length);
  }
}

function file(bytes: Uint8Array): AttachmentFile {
  return { filename: 'cv.docx', contentType: 'text/html', bytes };
}

const opened: Hub[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((hub) => hub.close()));
});

interface World {
  readonly hub: Hub;
  readonly ats: AtsWithFiles;
  readonly folder: string;
  readonly organizationId: string;
  readonly connectionId: string;
  /** Another process of the same deployment. */
  another(options?: WorldOptions): Promise<Hub>;
  /** The ids of the files in the mirror, in the order of their candidates' ids at the ATS. */
  ids(): Promise<readonly string[]>;
  stored(): Promise<readonly string[]>;
  rows(sql: string): Promise<readonly Record<string, unknown>[]>;
}

interface WorldOptions {
  readonly fetchFiles?: 'lazy' | 'eager';
  readonly files?: FileStore;
  readonly candidates?: number;
  /** Default `true`. */
  readonly worker?: boolean;
}

/** A deployment whose mirror of an ATS is complete. */
async function world(options: WorldOptions = {}, ats = new AtsWithFiles()): Promise<World> {
  for (let index = 0; index < (options.candidates ?? 2); index += 1) ats.addCandidate();
  const plugin = definePlugin({
    id: 'in-memory',
    displayName: 'In-memory ATS',
    description: 'Is not asked over the network.',
    contracts: '^1.0.0',
    hosts: ['ats.test'],
    credentials: credentialFields({}),
    settings: settingFields({}),
    requirements: [],
    connect: () => ({}),
    identify: async () => ({ accountId: 'account' }),
    capabilities: { permissions: () => ({ check: async () => [] }), rediscovery: () => ats },
  });
  const folder = throwawayFolder();
  const open = async ({ fetchFiles, files, worker }: WorldOptions): Promise<Hub> => {
    const hub = await openHub({
      databaseUrl,
      deployment: {
        brand: 'Brand',
        dummyEmailDomain: 'dummy.example',
        plugins: new PluginRegistry([plugin]),
        tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] } },
        defaultTier: 'ENTERPRISE',
        outgoingAddresses: [],
        hostOverrides: {},
      },
      keys: KEYS,
      files: files ?? new DiskFileStore(folder),
      ...(fetchFiles ? { fetchFiles } : {}),
      logger: pino({ level: process.env['TB_LOG'] ?? 'silent' }),
    });
    opened.push(hub);
    if (worker ?? true) await hub.startWorker();
    return hub;
  };
  const hub = await open(options);
  const organizationId = randomUUID();
  const caller = { organizationId, userId: 'admin', roles: ['ADMIN'] as const };
  await using scope = hub.scope(caller);
  const { id: connectionId } = await hub.connections.create(scope, {
    pluginId: 'in-memory',
    capabilities: ['rediscovery'],
  });
  await hub.connections.acknowledgeRequirements(scope, connectionId);
  await hub.connections.submitCredentials(scope, { connectionId, credentials: {} });
  await hub.connections.finish(scope, connectionId);
  const rows: World['rows'] = async (sql) => {
    await using own = hub.scope(caller);
    return await own.transaction((tx) => tx.rows<Record<string, unknown>>(sql));
  };
  const ids = async (): Promise<readonly string[]> =>
    (await rows('select id from talentbridge.mirror_attachment order by candidate_remote_id, remote_id')).map(
      ({ id }) => String(id),
    );
  await vi.waitFor(async () => expect(await ids()).toHaveLength(ats.candidates.size), { timeout: 20_000 });
  return {
    hub,
    ats,
    folder,
    organizationId,
    connectionId,
    another: (further = {}) => open({ worker: false, ...further }),
    ids,
    rows,
    stored: async () =>
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
  };
}

const callerOf = ({ organizationId }: Pick<World, 'organizationId'>, userId = 'recruiter') => ({
  organizationId,
  userId,
  roles: ['RECRUITER'] as const,
});

async function ask<Answer>(
  { hub, organizationId }: Pick<World, 'hub' | 'organizationId'>,
  work: (hub: Hub['attachments'], scope: ReturnType<Hub['scope']>) => Promise<Answer>,
): Promise<Answer> {
  await using scope = hub.scope(callerOf({ organizationId }));
  return await work(hub.attachments, scope);
}

/** Puts the mirror in the state that the ATS is in. */
async function sync({ hub, organizationId, connectionId }: World): Promise<void> {
  await using scope = hub.scope(callerOf({ organizationId }));
  const { id } = await hub.mirror.start(scope, connectionId);
  await vi.waitFor(
    async () => {
      await using fresh = hub.scope(callerOf({ organizationId }));
      expect(await hub.mirror.run(fresh, id)).toMatchObject({ status: 'COMPLETE' });
    },
    { timeout: 20_000 },
  );
}

describe('RED-8: fetching a file', () => {
  it('whoever asks at the same time, in whichever process, causes one fetch', async () => {
    const one = await world();
    const other = await one.another();
    one.ats.hand = async (candidate) => {
      await sleep(300);
      return file(docx([candidate]));
    };
    const [id = ''] = await one.ids();
    const links = await Promise.all(
      [one.hub, other, one.hub, other].map((hub) => ask({ ...one, hub }, (files, scope) => files.link(scope, id))),
    );
    expect(links.map(({ state, link }) => [state, link !== undefined])).toEqual(Array(4).fill(['STORED', true]));
    expect(one.ats.asked).toHaveLength(1);
    expect(await one.stored()).toHaveLength(1);
    expect(await one.rows('select * from talentbridge.abandoned_file')).toEqual([]);
  });

  it('many at once are fetched some at a time, and all of them', async () => {
    const one = await world({ candidates: 20 });
    let now = 0;
    let most = 0;
    one.ats.hand = async (candidate) => {
      now += 1;
      most = Math.max(most, now);
      await sleep(50);
      now -= 1;
      return file(Buffer.from(candidate));
    };
    const links = await Promise.all((await one.ids()).map((id) => ask(one, (files, scope) => files.link(scope, id))));
    expect(links.map(({ state }) => state)).toEqual(Array(20).fill('STORED'));
    expect(most).toBeLessThanOrEqual(8);
    expect(one.ats.asked).toHaveLength(20);
  });

  it('a file that changed in the ATS is fetched again, and the one before is deleted with its text', async () => {
    const one = await world();
    const [id = ''] = await one.ids();
    expect(await ask(one, (files, scope) => files.text(scope, id))).toMatchObject({
      text: expect.stringMatching(/^Text of/),
    });
    const [before] = await one.stored();
    const [candidate = ''] = [...one.ats.candidates.keys()].sort();
    one.ats.changeCandidate(candidate, {
      attachments: [{ remoteId: 'cv', filename: 'cv.docx', kind: 'resume', updatedAt: '2026-07-01T00:00:00Z' }],
    });
    one.ats.hand = () => file(docx(['The new one']));
    await sync(one);
    expect((await ask(one, (files, scope) => files.contentsOf(scope, [id]))).get(id)).toMatchObject({
      state: 'NOT_FETCHED',
      textState: 'NONE',
      size: null,
    });
    await expect(ask(one, (files, scope) => files.open(scope, id))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await ask(one, (files, scope) => files.text(scope, id))).toMatchObject({ text: 'The new one' });
    await vi.waitFor(async () => {
      const left = await one.stored();
      expect([left.length, left.includes(before ?? '')]).toEqual([1, false]);
    }, WAITING);
  });

  it('what the ATS says it does not have is gone; an outage is tried again when it is time, and not before', async () => {
    const one = await world({ candidates: 3 });
    const [gone = '', down = '', slow = ''] = await one.ids();
    one.ats.hand = (candidate) => {
      throw new RecordNotFoundError('ATS', 'attachment', candidate);
    };
    expect(await ask(one, (files, scope) => files.link(scope, gone))).toMatchObject({ state: 'GONE', retryAt: null });
    one.ats.hand = () => {
      throw new AtsUnavailableError('ATS', 'answered 503');
    };
    const failed = await ask(one, (files, scope) => files.link(scope, down));
    expect(failed).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('503'),
      retryAt: expect.any(Date),
    });
    one.ats.hand = () => {
      throw new AtsRateLimitedError('ATS', 3_600_000);
    };
    const limited = await ask(one, (files, scope) => files.link(scope, slow));
    expect(limited.retryAt?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    const asked = one.ats.asked.length;
    for (const id of [gone, down, slow]) await ask(one, (files, scope) => files.link(scope, id));
    expect(one.ats.asked).toHaveLength(asked);
    await one.rows(`update talentbridge.attachment_content set retry_at = now() where state = 'FAILED'`);
    one.ats.hand = () => file(Buffer.from('here'));
    expect(await ask(one, (files, scope) => files.link(scope, down))).toMatchObject({ state: 'STORED', reason: null });
    await vi.waitFor(
      async () => expect(await one.rows('select * from talentbridge.abandoned_file')).toEqual([]),
      WAITING,
    );
  });

  it('a file beyond 25 MiB is not kept, whether the ATS says its size or not', async () => {
    const ats = new AtsWithFiles();
    ats.addCandidate({
      attachments: [{ remoteId: 'cv', filename: 'cv.pdf', kind: 'resume', size: 26 * MEBIBYTE }],
    });
    ats.hand = () => file(Buffer.alloc(25 * MEBIBYTE + 1));
    const one = await world({ candidates: 1 }, ats);
    const states = await Promise.all((await one.ids()).map((id) => ask(one, (files, scope) => files.link(scope, id))));
    expect(states.map(({ state }) => state)).toEqual(['TOO_LARGE', 'TOO_LARGE']);
    expect(one.ats.asked).toHaveLength(1);
    await vi.waitFor(async () => expect(await one.stored()).toEqual([]), WAITING);
  });

  it('a file that the plugin did not take for its size is not asked for again', async () => {
    const ats = new AtsWithFiles();
    ats.hand = () => {
      throw new AtsAnswerTooLargeError('ATS', 'a file', 25 * MEBIBYTE);
    };
    const one = await world({ candidates: 1 }, ats);
    const [id = ''] = await one.ids();
    for (let times = 0; times < 2; times += 1) {
      const state = await ask(one, (files, scope) => files.link(scope, id));
      expect(state).toMatchObject({ state: 'TOO_LARGE', reason: expect.stringContaining('25 MiB') });
    }
    expect(one.ats.asked).toHaveLength(1);
  });

  it('a plugin that answers nonsense, or cannot be asked at all, leaves a state and no crash', async () => {
    const one = await world();
    const [id = '', other = ''] = await one.ids();
    one.ats.hand = () => JSON.parse('{"bytes":"text"}');
    expect(await ask(one, (files, scope) => files.link(scope, id))).toMatchObject({
      state: 'FAILED',
      reason: expect.any(String),
    });
    one.ats.hand = () => {
      throw new TypeError('x is not a function');
    };
    expect(await ask(one, (files, scope) => files.link(scope, other))).toMatchObject({ state: 'FAILED' });
  });

  it('a file store that fails is no crash either, and what it lost is fetched again', async () => {
    const folder = throwawayFolder();
    const disk = new DiskFileStore(folder);
    let broken = true;
    const files: FileStore = {
      put: (...given) => (broken ? Promise.reject(new Error('The disk is full.')) : disk.put(...given)),
      read: (key) => disk.read(key),
      delete: (keys) => disk.delete(keys),
      deleteBelow: (path) => disk.deleteBelow(path),
    };
    const one = await world({ files });
    const [id = ''] = await one.ids();
    expect(await ask(one, (own, scope) => own.link(scope, id))).toMatchObject({
      state: 'FAILED',
      retryAt: expect.any(Date),
    });
    broken = false;
    await one.rows('update talentbridge.attachment_content set retry_at = now()');
    expect(await ask(one, (own, scope) => own.link(scope, id))).toMatchObject({ state: 'STORED' });
    await disk.deleteBelow(one.organizationId);
    await expect(ask(one, (own, scope) => own.open(scope, id))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await ask(one, (own, scope) => own.link(scope, id))).toMatchObject({ state: 'STORED' });
    expect((await ask(one, (own, scope) => own.open(scope, id))).size).toBeGreaterThan(0);
  });

  it('whoever waits longer than they may is told so, and the fetch goes on', async () => {
    const one = await world();
    const [id = ''] = await one.ids();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    one.ats.hand = async () => {
      await held;
      return file(Buffer.from('late'));
    };
    const waited = await ask(one, (files, scope) => files.link(scope, id));
    expect(waited.state).toBe('FETCHING');
    expect(waited.link).toBeUndefined();
    release();
    await vi.waitFor(
      async () =>
        expect((await ask(one, (files, scope) => files.contentsOf(scope, [id]))).get(id)?.state).toBe('STORED'),
      WAITING,
    );
    expect(one.ats.asked).toHaveLength(1);
  });

  it('while the connection cannot be used nothing is fetched, and what is stored is served', async () => {
    const one = await world();
    const [stored = '', other = ''] = await one.ids();
    await ask(one, (files, scope) => files.link(scope, stored));
    await one.rows(
      `update talentbridge.connection set status = 'NEEDS_ATTENTION', attention_reason = 'The key was revoked.'`,
    );
    expect(await ask(one, (files, scope) => files.link(scope, stored))).toMatchObject({ state: 'STORED' });
    expect(await ask(one, (files, scope) => files.link(scope, other))).toMatchObject({
      state: 'NOT_FETCHED',
      reason: 'The key was revoked.',
    });
    expect(one.ats.asked).toHaveLength(1);
  });
});

it('CON-2: while Rediscovery is off nothing of a file is shown, stored or not, and all of it again afterwards', async () => {
  const one = await world();
  const [stored = '', other = ''] = await one.ids();
  const { link } = await ask(one, (files, scope) => files.link(scope, stored));
  const switched = async (enabled: boolean) => {
    await using scope = one.hub.scope({ ...callerOf(one), roles: ['ADMIN'] });
    await one.hub.entitlements.setCapability(scope, { pluginId: 'in-memory', capability: 'rediscovery', enabled });
  };
  await switched(false);
  const { fileId } = one.hub.attachments.ticketOf(link?.token ?? '');
  for (const id of [stored, other]) {
    for (const look of [
      (files: Hub['attachments'], scope: ReturnType<Hub['scope']>): Promise<unknown> => files.find(scope, id),
      (files: Hub['attachments'], scope: ReturnType<Hub['scope']>): Promise<unknown> => files.contentsOf(scope, [id]),
      (files: Hub['attachments'], scope: ReturnType<Hub['scope']>): Promise<unknown> => files.link(scope, id),
      (files: Hub['attachments'], scope: ReturnType<Hub['scope']>): Promise<unknown> => files.text(scope, id),
      (files: Hub['attachments'], scope: ReturnType<Hub['scope']>): Promise<unknown> => files.open(scope, fileId),
    ]) {
      await expect(ask(one, look)).rejects.toMatchObject({ code: 'CAPABILITY_OFF' });
    }
  }
  expect(one.ats.asked).toHaveLength(1);
  await switched(true);
  expect(await ask(one, (files, scope) => files.link(scope, stored))).toMatchObject({ state: 'STORED' });
});

describe('RED-12: files of people who go', () => {
  it('whoever is erased while their file is on its way leaves nothing of it', async () => {
    const one = await world();
    const [id = ''] = await one.ids();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    one.ats.hand = async () => {
      await held;
      return file(docx(['Somebody']));
    };
    const linked = ask(one, (files, scope) => files.link(scope, id)).catch((error: unknown) => error);
    await vi.waitFor(() => expect(one.ats.asked).toHaveLength(1), WAITING);
    await using scope = one.hub.scope(callerOf(one));
    const candidate = await one.hub.attachments.find(scope, id);
    await one.hub.mirror.eraseCandidate(scope, candidate?.candidateId ?? '');
    release();
    expect(await linked).toMatchObject({ code: 'NOT_FOUND' });
    await vi.waitFor(async () => expect(await one.stored()).toEqual([]), WAITING);
    expect(await one.rows('select * from talentbridge.attachment_content')).toEqual([]);
  });

  it('what a process left that died between writing and telling is deleted', async () => {
    const one = await world();
    const id = randomUUID();
    const key = `${one.organizationId}/attachments/${one.connectionId}/00/${id}-dead`;
    await new DiskFileStore(one.folder).put(
      key,
      (async function* () {
        yield Buffer.from('left behind');
      })(),
    );
    await one.rows(
      `insert into talentbridge.abandoned_file (organization_id, file_key, attachment_id, due_at, written_until)
       values ('${one.organizationId}', '${key}', '${id}', now(), now())`,
    );
    await one.rows(
      `select talentbridge.add_job('rediscovery.sweepFiles',
         '{"organizationId":"${one.organizationId}","id":"${one.organizationId}/later"}', 'sweep-test', null)`,
    );
    await vi.waitFor(
      async () => {
        expect(await one.stored()).toEqual([]);
        expect(await one.rows('select * from talentbridge.abandoned_file')).toEqual([]);
      },
      { timeout: 10_000 },
    );
  });

  it('a file store that is away is asked again until the file is deleted', async () => {
    const disk = new DiskFileStore(throwawayFolder());
    let refusals = 1;
    const deleted: string[] = [];
    const files: FileStore = {
      put: (...given) => disk.put(...given),
      read: (key) => disk.read(key),
      async delete(keys) {
        refusals -= 1;
        if (refusals >= 0) throw new Error('The store is away.');
        deleted.push(...keys);
        await disk.delete(keys);
      },
      deleteBelow: (path) => disk.deleteBelow(path),
    };
    const one = await world({ files });
    const [id = ''] = await one.ids();
    await ask(one, (own, scope) => own.link(scope, id));
    await using scope = one.hub.scope(callerOf(one));
    const candidate = await one.hub.attachments.find(scope, id);
    await one.hub.mirror.eraseCandidate(scope, candidate?.candidateId ?? '');
    await vi.waitFor(() => expect(deleted).toHaveLength(1), { timeout: 15_000 });
  });
});

describe('RED-8: fetching files as soon as they are listed', () => {
  it('fetches and reads each once, and those that came before it was switched on', async () => {
    const one = await world({ candidates: 12 });
    expect(one.ats.asked).toEqual([]);
    const eager = await one.another({ fetchFiles: 'eager', worker: true });
    await one.hub.close();
    opened.splice(opened.indexOf(one.hub), 1);
    const now = { ...one, hub: eager };
    await sync(now);
    const all = async () => [
      ...(await ask(now, async (files, scope) => files.contentsOf(scope, await idsOf(scope)))).values(),
    ];
    await vi.waitFor(
      async () => expect(new Set((await all()).map(({ textState }) => textState))).toEqual(new Set(['READ'])),
      {
        timeout: 30_000,
      },
    );
    expect(one.ats.asked).toHaveLength(12);
    one.ats.addCandidate();
    await sync(now);
    await vi.waitFor(
      async () => expect((await all()).filter(({ textState }) => textState === 'READ')).toHaveLength(13),
      {
        timeout: 30_000,
      },
    );
    expect(one.ats.asked).toHaveLength(13);
  });

  it('goes on after an outage, and gives up on a file that always fails without troubling the others', async () => {
    const ats = new AtsWithFiles();
    const [bad = ''] = [ats.addCandidate()];
    ats.hand = (candidate) => {
      if (candidate === bad) throw new AtsUnavailableError('ATS', 'answered 503');
      return file(docx([candidate]));
    };
    const one = await world({ candidates: 6, fetchFiles: 'eager' }, ats);
    await vi.waitFor(
      async () =>
        expect(
          await one.rows(
            `select state, text_state, count(*)::int from talentbridge.attachment_content group by 1, 2 order by 1`,
          ),
        ).toEqual([
          { state: 'FAILED', text_state: 'NONE', count: 1 },
          { state: 'STORED', text_state: 'READ', count: 6 },
        ]),
      { timeout: 30_000 },
    );
    expect(one.ats.asked.filter((candidate) => candidate === bad)).toHaveLength(1);
    expect(
      await one.rows('select due_at = retry_at as later from talentbridge.attachment_content where due_at is not null'),
    ).toEqual([{ later: true }]);
  });
});

describe('CON-7: links to files', () => {
  const ticket = { organizationId: randomUUID(), fileId: randomUUID(), userId: 'somebody@example.com' };

  it('say whose they are until they expire after five minutes', () => {
    let now = 1_000_000;
    const links = new FileLinks(KEYS, () => now);
    const { token, expiresAt } = links.sign(ticket);
    expect(expiresAt.getTime()).toBe(now + 300_000);
    now += 299_999;
    expect(links.read(token)).toEqual(ticket);
    now += 1;
    expect(() => links.read(token)).toThrow(expect.objectContaining({ code: 'FILE_LINK_EXPIRED' }));
  });

  it('stay good while a key is rotated, and end with their key', () => {
    const old = new FileLinks(KEYS).sign(ticket).token;
    const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
    expect(new FileLinks(KeyRing.parse(`${key('n', 2)},${key('k', 1)}`)).read(old)).toEqual(ticket);
    expect(() => new FileLinks(KeyRing.parse(key('n', 2))).read(old)).toThrow(
      expect.objectContaining({ code: 'FILE_LINK_INVALID' }),
    );
    expect(() => new FileLinks(KeyRing.parse(key('k', 3))).read(old)).toThrow(
      expect.objectContaining({ code: 'FILE_LINK_INVALID' }),
    );
  });
});

async function idsOf(scope: ReturnType<Hub['scope']>): Promise<readonly string[]> {
  const rows = await scope.read((tx) => tx.rows<{ id: string }>('select id from talentbridge.mirror_attachment'));
  return rows.map(({ id }) => id);
}

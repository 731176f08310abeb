import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenConnection, RediscoveryCapability } from '@talentbridge/contracts';
import { pino } from 'pino';
import { AbandonedFiles } from '../../../../dist/capabilities/rediscovery/attachments/abandoned-files.js';
import { AttachmentContents } from '../../../../dist/capabilities/rediscovery/data-copy/attachment-contents.js';
import { CopyWriter } from '../../../../dist/capabilities/rediscovery/data-copy/copy-writer.js';
import {
  DATA_COPY_TASK,
  DataCopies,
  EXPIRE_TASK,
} from '../../../../dist/capabilities/rediscovery/data-copy/data-copies.js';
import { DataCopyLedger } from '../../../../dist/capabilities/rediscovery/data-copy/data-copy-ledger.js';
import type {
  DataCopyRecord,
  UploadedFile,
} from '../../../../dist/capabilities/rediscovery/data-copy/data-copy-model.js';
import { DataCopyModule } from '../../../../dist/capabilities/rediscovery/data-copy/data-copy-module.js';
import { ErasedPeople } from '../../../../dist/capabilities/rediscovery/erased-people.js';
import { Erasures } from '../../../../dist/capabilities/rediscovery/erasures.js';
import { MirrorWriter } from '../../../../dist/capabilities/rediscovery/mirror-writer.js';
import { DiskFileStore } from '../../../../dist/kernel/files/disk-file-store.js';
import { JobQueue } from '../../../../dist/kernel/jobs/job-queue.js';
import { KeyRing } from '../../../../dist/kernel/vault/key-ring.js';
import { Vault } from '../../../../dist/kernel/vault/vault.js';
import type { MirrorDatabase, MirrorWorld } from '../mirror-world.ts';
import type { CopyingAts } from './copying-ats.ts';

/** The key ring of `mirror-world.ts`. */
const KEYS = KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`);

/** One connection whose data copies can be imported, without a worker: tests begin the jobs. */
export interface CopyWorld extends AsyncDisposable {
  readonly copies: DataCopies;
  readonly module: DataCopyModule;
  readonly files: DiskFileStore;
  upload(id: string, path: string, text: string | Uint8Array): Promise<UploadedFile>;
  /** Does what a worker does: one job of an import, to its end. */
  work(id: string, signal?: AbortSignal): Promise<DataCopyRecord>;
  /** Imports files from beginning to end. */
  importFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<DataCopyRecord>;
  expire(id: string): Promise<void>;
  report(id: string): Promise<string>;
  /** Names of the files that lie in the store. */
  stored(): Promise<readonly string[]>;
  /** Lets the transaction of so many batches from now on fail, after its rows and before its commit. */
  failBatch(number: number): void;
  /** Erases a candidate by the ATS's id. */
  erase(remoteId: string): Promise<void>;
  /** Rows of a table of this connection. */
  count(table: string): Promise<number>;
}

/** A world of data copies beside the world of a mirror. */
export async function copyWorld(db: MirrorDatabase, world: MirrorWorld, ats: CopyingAts): Promise<CopyWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'data-copy-'));
  const files = new DiskFileStore(folder);
  const logger = pino({ level: process.env['TB_LOG'] ?? 'silent' });
  const jobs = new JobQueue();
  const erased = new ErasedPeople(new Vault(KEYS));
  const opener = { open: async () => connectionOf(ats) };
  const contents = new AttachmentContents(new AbandonedFiles({ files, jobs, logger }), {
    written: async () => undefined,
  });
  let failsAfter = Number.POSITIVE_INFINITY;
  const writer = new CopyWriter(new MirrorWriter(erased), erased, contents);
  const write = writer.write.bind(writer);
  writer.write = async (...given) => {
    const report = await write(...given);
    failsAfter -= 1;
    // After the rows, before the commit.
    if (failsAfter === 0) throw new Error('The database went away.');
    return report;
  };
  const { entitlements, notifications, audit, database } = db;
  const ledger = new DataCopyLedger({ entitlements, writer, jobs, notifications });
  const module = new DataCopyModule({ database, opener, ledger, files, jobs, logger });
  const copies = new DataCopies({ entitlements, opener, files, jobs, notifications, audit });
  const { organizationId } = world.scope;
  const task = (name: string, id: string, signal = new AbortController().signal): Promise<void> | undefined =>
    module.tasks[name]?.({ organizationId, id }, signal);
  const found = async (id: string): Promise<DataCopyRecord> => {
    const copy = await world.look((scope) => copies.get(scope, id));
    if (!copy) throw new Error('There is no such import.');
    return copy;
  };
  const upload: CopyWorld['upload'] = (id, path, text) =>
    copies.upload(world.scope, id, path, piecesOf(Buffer.from(text)), 100_000_000);
  const work: CopyWorld['work'] = async (id, signal) => {
    await task(DATA_COPY_TASK, id, signal);
    return found(id);
  };
  return {
    copies,
    module,
    files,
    upload,
    work,
    async importFiles(given) {
      const { id } = await copies.open(world.scope, world.connectionId);
      for (const [path, text] of Object.entries(given)) await upload(id, path, text);
      await copies.start(world.scope, id);
      return work(id);
    },
    async expire(id) {
      await world.write((tx) =>
        tx.rows(`update talentbridge.data_copy d set expires_at = now() where ${tx.own('d')} and d.id = $1`, [id]),
      );
      await task(EXPIRE_TASK, id);
    },
    async report(id) {
      const rows = await world.look((scope) => copies.refusedRows(scope, id));
      return rows ? (await Array.fromAsync(rows)).join('') : '';
    },
    stored: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    failBatch(number) {
      failsAfter = number;
    },
    async erase(remoteId) {
      const erasures = new Erasures({ erased, writer: new MirrorWriter(erased), audit, keepers: module.keepers });
      const row = await world.write((tx) =>
        tx.row<{ id: string }>(
          `select c.id from talentbridge.mirror_candidate c
           where ${tx.own('c')} and c.connection_id = $1 and c.remote_id = $2`,
          [world.connectionId, remoteId],
        ),
      );
      await erasures.erase(world.scope, row?.id ?? '');
    },
    async count(table) {
      const row = await world.write((tx) =>
        tx.row<{ count: number }>(
          `select count(*)::int as count from talentbridge.${table} x where ${tx.own('x')} and x.connection_id = $1`,
          [world.connectionId],
        ),
      );
      return row?.count ?? 0;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function* piecesOf(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function connectionOf(capability: RediscoveryCapability): OpenConnection {
  return {
    identify: async () => ({ accountId: 'account' }),
    capability: ((name: string) => (name === 'rediscovery' ? capability : undefined)) as OpenConnection['capability'],
  };
}

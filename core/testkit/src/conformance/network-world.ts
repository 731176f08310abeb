import type {
  CallContext,
  MemberId,
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  NetworkBatch,
  NetworkKind,
  NetworkResult,
  SeatPage,
  SeatWindow,
  SystemConnectCapability,
} from '@talentbridge/contracts';
import { expect } from 'vitest';
import type { CheckWorld } from './check.js';
import type { HeldRecord, SimulatedNetwork } from './simulated-network.js';
import type { PluginConnection } from './start-connection.js';

/** It worked. */
export const DONE: NetworkResult = { ok: true };

const RITA = { firstName: 'Rita', lastName: 'Moss' };
const A_DAY = '2026-01-02T03:04:05.000Z';
const MINUTE_MS = 60_000;

/** What a check of System Connect works with: a world, seen as a network. */
export class NetworkWorld {
  readonly vendor: SimulatedNetwork;
  readonly connection: PluginConnection;
  readonly network: SystemConnectCapability;

  constructor(readonly world: CheckWorld) {
    const { account, connection } = world;
    if (!account.systemConnect) throw new Error('The plugin has System Connect: its subject must describe it.');
    this.vendor = account.systemConnect;
    this.connection = connection;
    this.network = connection.systemConnect;
  }

  get ctx(): CallContext {
    return this.connection.ctx;
  }

  /** The most records that this plugin takes at once. */
  get batchSize(): number {
    return this.network.limits.batch ?? 100;
  }

  /** Sends batches, each of which must arrive whole. */
  async send(...batches: readonly NetworkBatch[]): Promise<void> {
    for (const batch of batches) {
      const answers = await this.network.push(this.ctx, batch);
      expect(answers, `the answers for ${batch.kind}`).toEqual(batch.records.map(() => DONE));
    }
  }

  /** What the network holds of a kind, by what names it. */
  held(kind: NetworkKind): ReadonlyMap<string, HeldRecord> {
    return new Map(this.vendor.held(kind).map((record) => [`${record.parentId ?? ''} ${record.remoteId}`, record]));
  }

  /** A window of two hours around the present of the vendor. */
  window(kind: SeatWindow['kind'], some: Partial<SeatWindow> = {}): SeatWindow {
    const now = this.world.account.simulator.clock.now();
    const at = (minutes: number) => new Date(now + minutes * MINUTE_MS).toISOString();
    return { seatId: this.vendor.seatId, kind, from: at(-60), to: at(60), ...some };
  }

  /** Everything in a window, page by page, as the hub collects it. */
  async pull(window: SeatWindow): Promise<readonly SeatPage[]> {
    const pages: SeatPage[] = [];
    const seen = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const page = await this.network.pull(this.ctx, { ...window, ...(cursor === undefined ? {} : { cursor }) });
      pages.push(page);
      if (page.cursor === undefined) return pages;
      expect(seen, 'a cursor that came before leads in a circle').not.toContain(page.cursor);
      seen.add(page.cursor);
      cursor = page.cursor;
    }
  }
}

/** What a page holds, whatever it is. */
export function itemsOf(
  page: SeatPage,
): readonly { readonly remoteId: string; readonly createdAt: string; readonly updatedAt?: string }[] {
  return [...page.messages, ...page.notes, ...page.contacts];
}

/** A candidate as a mirror has it, with everything that a network could want. */
export function networkCandidate(remoteId: string, some: Partial<MirroredCandidate> = {}): MirroredCandidate {
  return {
    remoteId,
    firstName: 'Noor',
    lastName: 'Lindqvist',
    emails: ['noor.lindqvist@home.example'],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [],
    tags: [],
    createdAt: A_DAY,
    updatedAt: A_DAY,
    remoteUrl: `https://ats.example/candidates/${encodeURIComponent(remoteId)}`,
    ...some,
  };
}

/** A job, likewise. */
export function networkJob(remoteId: string, some: Partial<MirroredJob> = {}): MirroredJob {
  return {
    remoteId,
    title: 'Backend Engineer',
    open: true,
    location: 'Oakland, CA, United States',
    description: 'Text',
    applyUrl: 'https://ats.example/jobs/apply',
    createdAt: A_DAY,
    ...some,
  };
}

/**
 * One batch of each kind, of so many records, in the order that their references need.
 * @param viewer The member who may see the jobs.
 */
export function everyKind(count: number, viewer: MemberId): readonly NetworkBatch[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const candidates = numbers.map((index) => networkCandidate(`C-${index}`));
  const application = (index: number): MirroredApplication => ({
    remoteId: `A-${index}`,
    candidateRemoteId: `C-${index}`,
    jobRemoteId: `J-${index}`,
    jobTitle: 'Backend Engineer',
    status: 'active',
    appliedAt: A_DAY,
  });
  const note = (index: number) => ({ remoteId: `N-${index}`, text: 'A note', author: RITA, createdAt: A_DAY });
  return [
    { kind: 'job', records: numbers.map((index) => networkJob(`J-${index}`)) },
    { kind: 'candidate', records: candidates.map((candidate) => ({ candidate })) },
    {
      kind: 'candidateNote',
      records: numbers.map((index) => ({ note: note(index), candidateRemoteId: `C-${index}` })),
    },
    {
      kind: 'application',
      records: candidates.map((candidate, index) => ({ application: application(index), candidate })),
    },
    {
      kind: 'applicationNote',
      records: numbers.map((index) => ({
        note: { ...note(index), applicationRemoteId: `A-${index}` },
        candidateRemoteId: `C-${index}`,
      })),
    },
    {
      kind: 'feedback',
      records: numbers.map((index) => ({
        remoteId: `F-${index}`,
        applicationRemoteId: `A-${index}`,
        interviewer: RITA,
        kind: 'phone',
        text: 'Clear',
        createdAt: A_DAY,
      })),
    },
    {
      kind: 'stage',
      records: numbers.map((index) => ({
        remoteId: `S-${index}`,
        applicationRemoteId: `A-${index}`,
        stage: 'New',
        enteredAt: A_DAY,
      })),
    },
    {
      kind: 'access',
      records: numbers.map((index) => ({ remoteId: `J-${index}`, members: [viewer], everySeat: false })),
    },
  ];
}

/** What names the records of a batch. */
export function keysOf(batch: NetworkBatch): readonly { readonly remoteId: string; readonly parentId?: string }[] {
  switch (batch.kind) {
    case 'job':
    case 'access':
      return batch.records.map(({ remoteId }) => ({ remoteId }));
    case 'candidate':
      return batch.records.map(({ candidate: { remoteId } }) => ({ remoteId }));
    case 'application':
      return batch.records.map(({ application: { remoteId } }) => ({ remoteId }));
    case 'candidateNote':
      return batch.records.map(({ note, candidateRemoteId: parentId }) => ({ remoteId: note.remoteId, parentId }));
    case 'applicationNote':
      return batch.records.map(({ note: { remoteId, applicationRemoteId: parentId = '' } }) => ({
        remoteId,
        parentId,
      }));
    case 'feedback':
    case 'stage':
      return batch.records.map(({ remoteId, applicationRemoteId: parentId }) => ({ remoteId, parentId }));
  }
}

import {
  isHubError,
  type PulledPage,
  type PullRequest,
  type RecordReference,
  type RecordsRead,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import { expect } from 'vitest';
import type { Fault } from '../simulator/fault.js';
import { type CheckWorld, NotConcerned } from './check.js';
import { Mirror, mirrorOf } from './mirror.js';
import type { SimulatedRediscovery, SimulatedRoute } from './simulated-account.js';
import type { PluginConnection } from './start-connection.js';

/** What came of trying every page of a run while a fault was played: `refused` holds what the plugin threw. */
export interface FaultyRun {
  readonly pages: readonly PulledPage[];
  readonly refused: readonly unknown[];
}

/** What a check of Rediscovery works with: a world, seen as one that is mirrored. */
export class MirrorWorld {
  readonly vendor: SimulatedRediscovery;
  readonly connection: PluginConnection;
  readonly rediscovery: RediscoveryCapability;

  constructor(readonly world: CheckWorld) {
    const { account, connection } = world;
    if (!account.rediscovery) throw new Error('The plugin has Rediscovery: its subject must describe `rediscovery`.');
    this.vendor = account.rediscovery;
    this.connection = connection;
    this.rediscovery = connection.rediscovery;
  }

  /** Whether what a complete run of all did not bring is gone. */
  get completeWhenFull(): boolean {
    return this.rediscovery.limits.completeWhenFull ?? true;
  }

  /** One run to its end, page by page, as the hub does it. `afterPage` is what happens meanwhile. */
  async run(
    first: PullRequest,
    afterPage: (page: PulledPage) => void | Promise<void> = () => undefined,
  ): Promise<readonly PulledPage[]> {
    const pages: PulledPage[] = [];
    for await (const page of this.#pages(first, (request) => this.rediscovery.pull(this.connection.ctx, request))) {
      pages.push(page);
      await afterPage(page);
    }
    return pages;
  }

  /**
   * A run in which a page that fails is asked for again, and told how often it has failed, as the hub does it.
   * @param most Tries of one page.
   */
  async patientRun(first: PullRequest, most = 12): Promise<readonly PulledPage[]> {
    const pull = async (request: PullRequest): Promise<PulledPage> => {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await this.rediscovery.pull(this.connection.ctx, { ...request, attempt });
        } catch (error) {
          if (attempt + 1 >= most || !isHubError(error) || error.recovery !== 'retry') throw error;
        }
      }
    };
    const pages: PulledPage[] = [];
    for await (const page of this.#pages(first, pull)) pages.push(page);
    return pages;
  }

  /**
   * A run in which every page is first asked for while a fault is played, by a connection that does not outlive it. What
   * is answered in spite of the fault must be what is answered without it.
   */
  async faultyRun(first: PullRequest, route: SimulatedRoute, fault: Fault): Promise<FaultyRun> {
    const refused: unknown[] = [];
    const pages: PulledPage[] = [];
    const pull = async (request: PullRequest): Promise<PulledPage> => {
      const faulty = await this.#pullUnder(route, fault, request);
      const page = await this.rediscovery.pull(this.connection.ctx, request);
      if ('error' in faulty) refused.push(faulty.error);
      else
        expect(mirrorOf([faulty.page]), `${fault.kind} of ${route.path}: a page is refused, or whole`).toEqual(
          mirrorOf([page]),
        );
      return page;
    };
    for await (const page of this.#pages(first, pull)) pages.push(page);
    return { pages, refused };
  }

  async #pullUnder(
    route: SimulatedRoute,
    fault: Fault,
    request: PullRequest,
  ): Promise<{ readonly page: PulledPage } | { readonly error: unknown }> {
    await using victim = await this.world.connect();
    const heal = this.world.account.simulator.faults.add({ ...route, fault });
    try {
      return { page: await victim.rediscovery.pull(victim.ctx, request) };
    } catch (error) {
      return { error };
    } finally {
      heal();
    }
  }

  /** A mirror of the vendor as it is now, and the mark that the next run of changes begins at. */
  async mirrored(): Promise<{ readonly mirror: Mirror; readonly mark: string }> {
    const pages = await this.run({ kind: 'all' });
    return { mirror: mirrorOf(pages), mark: markOf(pages) };
  }

  /** What the vendor holds, as a mirror. */
  truth(): Mirror {
    const truth = new Mirror();
    const candidates = this.vendor.candidates().map(({ applications: _aside, ...candidate }) => candidate);
    truth.take({ candidates, jobs: this.vendor.jobs(), applications: this.vendor.applications(), gone: [] });
    return truth;
  }

  /** Fails unless the mirror holds what the vendor does: the same candidates, jobs and applications. */
  expectTrue(mirror: Mirror): void {
    expect(mirror.essence()).toEqual(this.truth().essence());
  }

  /** Reads records by their ids, in calls as large as the plugin takes. */
  async read(references: readonly RecordReference[]): Promise<readonly RecordsRead[]> {
    const { readBatch = 50 } = this.rediscovery.limits;
    const answers: RecordsRead[] = [];
    for (let start = 0; start < references.length; start += readBatch) {
      answers.push(await this.rediscovery.read(this.connection.ctx, references.slice(start, start + readBatch)));
    }
    return answers;
  }

  /** A file of the vendor, where there are any. */
  attachment(): NonNullable<ReturnType<NonNullable<SimulatedRediscovery['attachment']>>> {
    if (!this.rediscovery.fetchAttachment) throw new NotConcerned('The ATS hands out no files.');
    const attachment = this.vendor.attachment?.();
    if (!attachment) throw new Error('The plugin has `fetchAttachment`: its subject must describe `attachment`.');
    return attachment;
  }

  /** Fetches a file on this connection. */
  async fetch(attachment: {
    readonly candidateRemoteId: string;
    readonly remoteId: string;
    readonly filename: string;
  }) {
    const { candidateRemoteId, remoteId, filename } = attachment;
    const { fetchAttachment } = this.rediscovery;
    if (!fetchAttachment) throw new NotConcerned('The ATS hands out no files.');
    return fetchAttachment(this.connection.ctx, { candidateRemoteId, remoteId, filename });
  }

  async *#pages(first: PullRequest, pull: (request: PullRequest) => Promise<PulledPage>): AsyncGenerator<PulledPage> {
    const seen = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const page = await pull(cursor === undefined ? first : { ...first, cursor });
      yield page;
      if (page.cursor === undefined) return;
      expect(seen, 'a cursor that came before leads in a circle').not.toContain(page.cursor);
      seen.add(page.cursor);
      cursor = page.cursor;
    }
  }
}

/** The mark of a run that is complete; it must have one. */
export function markOf(pages: readonly PulledPage[]): string {
  const mark = pages.findLast((page) => page.mark !== undefined)?.mark;
  expect(mark, 'the mark that the next run of changes begins at').toEqual(expect.any(String));
  return mark ?? '';
}

/** One of several things; the subject must have made them. */
export function some<Item>(items: readonly Item[], index: number, what: string): Item {
  const item = items.at(index);
  if (item === undefined) throw new Error(`The subject populated its vendor with too few ${what}.`);
  return item;
}

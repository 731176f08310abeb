import type {
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  PulledPage,
  PullRequest,
} from '@talentbridge/contracts';
import { callContext, type PluginConnection } from '@talentbridge/testkit';
import { expect } from 'vitest';
import type { SimulatedTenant } from '../simulator/index.js';
import { candidatesOf, jobOf } from './mirror-truth.js';

/** How a run is followed. */
export interface FollowOptions {
  /** How many calls were made until now. */
  readonly callsOf?: () => number;
  /** Called after each page, with the calls that it took. */
  readonly onPage?: (page: PulledPage, calls: number) => void;
}

/** The smallest mirror that keeps the rules of the contract: what came last counts, and what is told as gone goes. */
export class Mirror {
  readonly candidates = new Map<string, MirroredCandidate>();
  readonly jobs = new Map<string, MirroredJob>();
  readonly applications = new Map<string, MirroredApplication>();

  take(page: PulledPage): void {
    for (const { applications, ...candidate } of page.candidates) {
      this.candidates.set(candidate.remoteId, candidate);
      if (applications === undefined) continue;
      this.#removeApplicationsOf(candidate.remoteId);
      for (const one of applications) this.applications.set(one.remoteId, one);
    }
    for (const one of page.jobs) this.jobs.set(one.remoteId, one);
    for (const one of page.applications) this.applications.set(one.remoteId, one);
    for (const { kind, remoteId } of page.gone) {
      this[`${kind}s`].delete(remoteId);
      if (kind === 'candidate') this.#removeApplicationsOf(remoteId);
    }
  }

  /** Asks for one page, as the hub does, and takes it. */
  async turn(connection: PluginConnection, request: PullRequest): Promise<PulledPage> {
    const page = await connection.rediscovery.pull({ ...callContext(), urgency: 'background' }, request);
    this.take(page);
    return page;
  }

  /** Takes a run to its end. Answers the mark. */
  async follow(connection: PluginConnection, first: PullRequest, options: FollowOptions = {}): Promise<string> {
    const { callsOf = () => 0, onPage } = options;
    for (let request = first; ; ) {
      const before = callsOf();
      const page = await this.turn(connection, request);
      onPage?.(page, callsOf() - before);
      if (page.cursor === undefined) return page.mark ?? '';
      request = { ...first, cursor: page.cursor };
    }
  }

  /** Fails unless every record is as the customer holds it, to the last property. */
  expectEqual(tenant: SimulatedTenant): void {
    const truth = candidatesOf(tenant);
    expect(byId(this.candidates.values())).toStrictEqual(byId(truth.map(({ applications: _aside, ...one }) => one)));
    expect(byId(this.applications.values())).toStrictEqual(
      byId(truth.flatMap(({ applications = [] }) => applications)),
    );
    expect(byId(this.jobs.values())).toStrictEqual(byId([...tenant.jobs.values()].map(jobOf)));
  }

  #removeApplicationsOf(candidateRemoteId: string): void {
    for (const one of this.applications.values()) {
      if (one.candidateRemoteId === candidateRemoteId) this.applications.delete(one.remoteId);
    }
  }
}

function byId<Record extends { readonly remoteId: string }>(records: Iterable<Record>): readonly Record[] {
  return [...records].toSorted((a, b) => (a.remoteId < b.remoteId ? -1 : 1));
}

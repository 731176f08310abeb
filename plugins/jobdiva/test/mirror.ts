import type {
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  PulledPage,
  PullRequest,
} from '@talentbridge/contracts';
import type { PluginConnection } from '@talentbridge/testkit';
import { expect } from 'vitest';
import type { SimulatedAccount } from '../simulator/index.js';
import { mirroredApplications, mirroredCandidates, mirroredJobs } from './mirrored-account.js';

/** The smallest mirror that keeps the rules of the contract: what came last counts, and what is told as gone goes. */
export class Mirror {
  readonly candidates = new Map<string, MirroredCandidate>();
  readonly jobs = new Map<string, MirroredJob>();
  readonly applications = new Map<string, MirroredApplication>();

  take(page: PulledPage): void {
    for (const one of page.candidates) this.candidates.set(one.remoteId, one);
    for (const one of page.jobs) this.jobs.set(one.remoteId, one);
    for (const one of page.applications) this.applications.set(one.remoteId, one);
    for (const { kind, remoteId } of page.gone) {
      this[`${kind}s`].delete(remoteId);
      for (const application of this.applications.values()) {
        const owner = kind === 'job' ? application.jobRemoteId : application.candidateRemoteId;
        if (owner === remoteId) this.applications.delete(application.remoteId);
      }
    }
  }

  /** Takes a run to its end, or so many pages of it. Answers the mark, which only an end has. */
  async follow(
    connection: PluginConnection,
    first: PullRequest,
    mostPages = Number.POSITIVE_INFINITY,
  ): Promise<string> {
    let request = first;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const page = await connection.rediscovery.pull(connection.ctx, request);
      this.take(page);
      if (page.cursor === undefined) return page.mark ?? '';
      request = { ...first, cursor: page.cursor };
    }
    return '';
  }

  /** Fails unless every record is as the account holds it, to the last property. */
  expectEqual(account: SimulatedAccount): void {
    expect(sorted(this.candidates)).toStrictEqual(byId(mirroredCandidates(account)));
    expect(sorted(this.applications)).toStrictEqual(byId(mirroredApplications(account)));
    expect(sorted(this.jobs)).toStrictEqual(byId(mirroredJobs(account)));
  }
}

function sorted<Record extends { readonly remoteId: string }>(records: ReadonlyMap<string, Record>): readonly Record[] {
  return byId([...records.values()]);
}

function byId<Record extends { readonly remoteId: string }>(records: readonly Record[]): readonly Record[] {
  return records.toSorted((a, b) => (a.remoteId < b.remoteId ? -1 : 1));
}

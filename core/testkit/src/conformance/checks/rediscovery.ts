import type { MirroredCandidate, PulledPage, PullRequest, RediscoveryCapability } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { type CheckWorld, listChecks } from '../check.js';
import type { SimulatedRediscovery } from '../simulated-account.js';

/** Rediscovery: everything that the ATS holds arrives, what changes arrives again, and nothing is taken for deleted that is not. */
export const rediscoveryChecks = listChecks([
  {
    name: 'rediscovery.everything',
    title: 'RED-1: a run of all brings every candidate, over all pages',
    async run(world) {
      const { vendor, pullAll } = mirrorWorld(world);
      vendor.populate(2 * vendor.pageSize + 1);
      const pages = await pullAll({ kind: 'all' });
      const found = lastOfEach(pages.flatMap((page) => page.candidates));
      expect([...found.keys()].toSorted()).toEqual(
        vendor
          .candidates()
          .map(({ remoteId }) => remoteId)
          .toSorted(),
      );
      expect(pages.at(-1)?.mark, 'the mark that the next run of changes begins at').toEqual(expect.any(String));
    },
  },
]);

/** A world, seen as one that is mirrored. */
function mirrorWorld({ account, connection }: CheckWorld): {
  readonly vendor: SimulatedRediscovery;
  readonly mirror: RediscoveryCapability;
  readonly pullAll: (first: PullRequest) => Promise<readonly PulledPage[]>;
} {
  const { rediscovery: vendor } = account;
  if (!vendor) throw new Error('The plugin has Rediscovery: its subject must describe `rediscovery`.');
  const { rediscovery: mirror } = connection;
  return {
    vendor,
    mirror,
    async pullAll(first) {
      const pages: PulledPage[] = [];
      const seen = new Set<string>();
      for (let cursor: string | undefined; ; ) {
        const page = await mirror.pull(connection.ctx, cursor === undefined ? first : { ...first, cursor });
        pages.push(page);
        if (page.cursor === undefined) return pages;
        expect(seen, 'a cursor that came before leads in a circle').not.toContain(page.cursor);
        seen.add(page.cursor);
        cursor = page.cursor;
      }
    },
  };
}

/** A record may come more than once in a run; the last one counts. */
function lastOfEach(candidates: readonly MirroredCandidate[]): ReadonlyMap<string, MirroredCandidate> {
  return new Map(candidates.map((candidate) => [candidate.remoteId, candidate]));
}

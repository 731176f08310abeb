import { expect } from 'vitest';
import { type CheckWorld, listChecks } from '../check.js';
import { ExportWorld } from '../export-world.js';

/** Export: the jobs to choose from. */
export const jobChecks = listChecks([
  {
    name: 'jobs.none',
    title: 'EXP-2: lists no job when there is none',
    run: (world) => expectAllListed(world, () => 0),
  },
  {
    name: 'jobs.one',
    title: 'EXP-2: lists the only job',
    run: (world) => expectAllListed(world, () => 1),
  },
  {
    name: 'jobs.full-page',
    title: 'EXP-2: lists each job once when they fill exactly one page',
    run: (world) => expectAllListed(world, (pageSize) => pageSize),
  },
  {
    name: 'jobs.many-pages',
    title: 'EXP-2: lists each of several hundred jobs once',
    run: (world) => expectAllListed(world, (pageSize) => Math.max(300, pageSize * 3) + 7),
  },
  {
    name: 'jobs.search',
    title: 'EXP-2: finds a job by the words of its title',
    async run(world) {
      const exporting = new ExportWorld(world);
      exporting.jobTarget();
      exporting.vendor.replaceJobs(40);
      const all = await exporting.allJobs();
      const wanted = all.at(-1);
      if (!wanted) throw new Error('The subject replaced all jobs by none.');
      const found = await exporting.allJobs(wanted.title);
      const ids = found.map(({ remoteId }) => remoteId);
      expect(ids).toContain(wanted.remoteId);
      expect(new Set(ids).size, 'each job once').toBe(ids.length);
      expect(await exporting.allJobs(''), 'an empty search is none').toHaveLength(all.length);
    },
  },
  {
    name: 'jobs.open-only',
    title: 'EXP-2: offers the jobs that take candidates, and no closed one',
    async run(world) {
      const exporting = new ExportWorld(world);
      exporting.jobTarget();
      const offered = (await exporting.allJobs()).filter(({ open }) => open).map(({ remoteId }) => remoteId);
      expect(offered.toSorted()).toEqual(exporting.vendor.openJobIds().toSorted());
    },
  },
]);

async function expectAllListed(world: CheckWorld, count: (pageSize: number) => number): Promise<void> {
  const exporting = new ExportWorld(world);
  exporting.jobTarget();
  const { vendor } = exporting;
  const wanted = count(vendor.jobPageSize);
  vendor.replaceJobs(wanted);
  expect(vendor.openJobIds(), 'the subject replaces all jobs').toHaveLength(wanted);
  const listed = (await exporting.allJobs()).map(({ remoteId }) => remoteId);
  expect(listed.toSorted()).toEqual(vendor.openJobIds().toSorted());
}

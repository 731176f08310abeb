import type { PulledPage, PullRequest } from '@talentbridge/contracts';
import { callContext, type PluginConnection } from '@talentbridge/testkit';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { churn } from '../simulator/index.js';
import { Mirror } from './mirror.js';
import { callsSince, type StartedIcims, startIcims } from './start-icims.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

afterEach(() => {
  vi.useRealTimers();
});

/** Lets time pass, for the hub and for iCIMS alike. */
function pass(milliseconds: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now + milliseconds);
}

/** One page, as the hub asks for it. */
function pull(connection: PluginConnection, request: PullRequest): Promise<PulledPage> {
  return connection.rediscovery.pull({ ...callContext(), urgency: 'background' }, request);
}

/** A customer with so many people, and a mirror of it. */
async function mirrored(
  icims: StartedIcims,
  candidates: number,
): Promise<{ readonly mirror: Mirror; readonly since: string }> {
  icims.simulator.tenant().populate({ candidates, seed: 7 });
  const mirror = new Mirror();
  return { mirror, since: await mirror.follow(icims.connection, { kind: 'all' }) };
}

/** Ids of the people of a customer. */
function peopleOf({ simulator }: StartedIcims): readonly number[] {
  return [...simulator.tenant().people.idsAfter(0)];
}

/** Somebody with a workflow. */
function somebodyOnAJob({ simulator }: StartedIcims): { readonly id: number; readonly workflow: number } {
  const tenant = simulator.tenant();
  for (const id of tenant.people.idsAfter(0)) {
    const [workflow] = tenant.workflowsOf(id);
    if (workflow !== undefined) return { id, workflow };
  }
  throw new Error('Nobody is on a job.');
}

describe('a mirror of iCIMS', () => {
  it('RED-1: holds every person, job and workflow to the last property, also where fields go by other ids', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { mirror } = await mirrored(icims, 130);
    mirror.expectEqual(icims.simulator.tenant());

    const variant = icims.simulator.tenant('5678');
    variant.populate({ candidates: 30, seed: 7 });
    const connection = await icims.connectVariant();
    const other = new Mirror();
    await other.follow(connection, { kind: 'all' });
    const held = [...other.candidates.values()];
    expect(held).toHaveLength(30);
    const work = held.flatMap(({ workExperience }) => workExperience);
    expect(work).toContainEqual(expect.objectContaining({ employer: 'Northwind', title: expect.any(String) }));
    const links = held.flatMap(({ socialUrls }) => socialUrls);
    expect(links[0]).toMatchObject({
      network: 'linkedin',
      url: expect.stringContaining('https://www.linkedin.com/in/'),
    });
    expect(held.flatMap(({ education }) => education).every(({ degree }) => degree === undefined)).toBe(true);
  });

  it('RED-1: says how many people there are before it reads the first', async () => {
    await using icims = await startIcims({ quota: 0 });
    icims.simulator.tenant().populate({ candidates: 90, seed: 7 });
    const pages = [];
    for (let request: PullRequest = { kind: 'all' }; ; ) {
      const page = await pull(icims.connection, request);
      pages.push(page);
      if (page.cursor === undefined) break;
      request = { kind: 'all', cursor: page.cursor };
    }
    expect(pages.filter(({ candidates }) => candidates.length > 0).map(({ progress }) => progress)).toStrictEqual([
      { candidates: 90 },
      { candidates: 90 },
      { candidates: 90 },
    ]);
  });

  it('RED-1: goes without dates and files where iCIMS refuses to be asked for them, and finds out once', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { simulator } = icims;
    simulator.tenant().behaviour.strictFields = true;
    const { mirror } = await mirrored(icims, 20);
    expect(mirror.candidates.size).toBe(20);
    for (const candidate of mirror.candidates.values()) {
      expect(candidate).toMatchObject({ lastName: expect.any(String) });
      // Not that there are none: nobody said.
      expect(candidate).not.toHaveProperty('attachments');
      expect(candidate).not.toHaveProperty('updatedAt');
    }
    const refused = simulator.requests.all().filter(({ status }) => status === 400);
    // One for each kind of profile, and for those that were under way with the first.
    expect(refused.length).toBeLessThanOrEqual(3 * 4);
  });

  it('RED-2: counts those who came in the last quarter of an hour again, by the clock of iCIMS', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { simulator, connection } = icims;
    // Ours is three hours behind.
    simulator.clock.advance(3 * HOUR_MS);
    const { since } = await mirrored(icims, 3);
    expect(Date.parse(since)).toBeLessThan(Date.now() - 14 * 60_000);
    const [id = 0] = peopleOf(icims);
    simulator.tenant().edit(id, { firstname: 'Late' }, simulator.clock.now() - 10 * 60_000);
    const { candidates } = await pull(connection, { kind: 'changes', since });
    expect(candidates.map(({ remoteId }) => remoteId)).toStrictEqual([String(id)]);
  });

  it('RED-2: costs three calls an hour when nothing happens', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { since } = await mirrored(icims, 40);
    const before = icims.simulator.requests.all().length;
    expect(await pull(icims.connection, { kind: 'changes', since })).toMatchObject({
      candidates: [],
      jobs: [],
      gone: [],
    });
    expect(callsSince(icims.simulator, before)).toStrictEqual([
      'POST /search/jobs',
      'POST /search/applicantworkflows',
      'POST /search/people',
    ]);
  });

  it('RED-1: costs a call for each person, workflow and job, and little more', async () => {
    await using icims = await startIcims({ quota: 0 });
    const before = icims.simulator.requests.all().length;
    const { mirror } = await mirrored(icims, 400);
    const calls = Object.groupBy(callsSince(icims.simulator, before), (call) => call.replace(/\d+$/, ''));
    expect(calls['GET /people/']).toHaveLength(400);
    expect(calls['GET /applicantworkflows/']).toHaveLength(mirror.applications.size);
    // Those on portals, so that they can be chosen at once, and in the end all.
    expect(calls['GET /jobs/']).toHaveLength(mirror.jobs.size + 3);
    const searches = Object.entries(calls).flatMap(([call, each = []]) => (call.startsWith('POST') ? each : []));
    // A search for the workflows of forty people at a time, one list of ids, and the three that a run begins with.
    expect(searches.length).toBeLessThanOrEqual(400 / 40 + 5);
  });
});

describe('who is gone', () => {
  it('RED-12: is who was moved to the Purge folder', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { mirror, since } = await mirrored(icims, 10);
    const { id } = somebodyOnAJob(icims);
    icims.simulator.tenant().purge(id, icims.simulator.clock.now());
    await mirror.follow(icims.connection, { kind: 'changes', since });
    expect(mirror.candidates.size).toBe(9);
    mirror.expectEqual(icims.simulator.tenant());
  });

  it('RED-12: is who was merged, and the other one has the workflows, whatever their dates', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { mirror, since } = await mirrored(icims, 10);
    const tenant = icims.simulator.tenant();
    const discarded = somebodyOnAJob(icims);
    const kept = peopleOf(icims).find((id) => id !== discarded.id && tenant.workflowsOf(id).size === 0) ?? 0;
    tenant.merge(discarded.id, kept, icims.simulator.clock.now());
    const before = icims.simulator.requests.all().length;
    await mirror.follow(icims.connection, { kind: 'changes', since });
    expect(mirror.applications.get(String(discarded.workflow))).toMatchObject({ candidateRemoteId: String(kept) });
    mirror.expectEqual(tenant);
    expect(callsSince(icims.simulator, before).length).toBeLessThan(12);
  });

  it('RED-12: is not who is hidden from the API user, who stays as they were', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { mirror, since } = await mirrored(icims, 10);
    const tenant = icims.simulator.tenant();
    const { id, workflow } = somebodyOnAJob(icims);
    tenant.setHidden('people', id, true);
    tenant.edit(id, { firstname: 'Hidden' }, icims.simulator.clock.now());
    await mirror.follow(icims.connection, { kind: 'changes', since });
    await mirror.follow(icims.connection, { kind: 'all' });
    expect(mirror.candidates.has(String(id))).toBe(true);
    expect(mirror.applications.has(String(workflow))).toBe(true);
    const { rediscovery, ctx } = icims.connection;
    expect(rediscovery.limits.completeWhenFull).toBe(false);
    expect(await rediscovery.read(ctx, [{ kind: 'candidate', remoteId: String(id) }])).toMatchObject({
      candidates: [],
      gone: [],
    });
  });

  it('RED-12: is no workflow that is hidden: nobody then knows what else is missing', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { mirror } = await mirrored(icims, 10);
    const { workflow } = somebodyOnAJob(icims);
    icims.simulator.tenant().setHidden('workflows', workflow, true);
    await mirror.follow(icims.connection, { kind: 'all' });
    expect(mirror.applications.has(String(workflow))).toBe(true);
  });

  it('RED-12: is told by iCIMS twice, in the record and in a search; one alone proves nothing', async () => {
    await using icims = await startIcims({ quota: 0 });
    await mirrored(icims, 3);
    const [erased = 0, odd = 0] = peopleOf(icims);
    icims.simulator.tenant().erase(erased);
    icims.simulator.faults.add({
      method: 'GET',
      path: `/customers/1234/people/${odd}`,
      fault: { kind: 'status', status: 404, body: { errors: [{ errorCode: 2, errorMessage: 'Person not found.' }] } },
    });
    const { rediscovery, ctx } = icims.connection;
    const references = [erased, odd].map((id) => ({ kind: 'candidate' as const, remoteId: String(id) }));
    expect((await rediscovery.read(ctx, references)).gone).toStrictEqual([references[0]]);
  });

  it('RED-12: is not what somebody between us and iCIMS answers 404 to', async () => {
    await using icims = await startIcims({ quota: 0 });
    await mirrored(icims, 3);
    const [id = 0] = peopleOf(icims);
    icims.simulator.faults.add({
      method: 'GET',
      path: '/customers/1234/people/*',
      fault: { kind: 'html', status: 404 },
    });
    const { rediscovery, ctx } = icims.connection;
    await expect(rediscovery.read(ctx, [{ kind: 'candidate', remoteId: String(id) }])).rejects.toMatchObject({
      recovery: 'retry',
    });
  });
});

describe('somebody with hundreds of workflows', () => {
  it('RED-1: is told over several pages, and merging into them as well', async () => {
    await using icims = await startIcims({ quota: 0, jobs: 300 });
    const { simulator, connection } = icims;
    const tenant = simulator.tenant();
    tenant.populate({ candidates: 60, seed: 7 });
    const busy = peopleOf(icims)[30] ?? 0;
    for (const job of tenant.jobs.keys()) {
      if (![...tenant.workflowsOf(busy)].some((id) => tenant.workflows.get(id)?.jobId === job)) {
        tenant.addWorkflow({ associatedprofile: busy, baseprofile: job }, simulator.clock.now() - DAY_MS);
      }
    }
    const mirror = new Mirror();
    let most = 0;
    const since = await mirror.follow(
      connection,
      { kind: 'all' },
      {
        onPage: (_page, calls) => {
          most = Math.max(most, calls);
        },
        callsOf: () => simulator.requests.all().length,
      },
    );
    mirror.expectEqual(tenant);
    expect(mirror.applications.size).toBeGreaterThan(330);
    expect(most, 'calls of one page').toBeLessThan(200);

    const { id } = somebodyOnAJob(icims);
    tenant.merge(id, busy, simulator.clock.now());
    await mirror.follow(connection, { kind: 'changes', since });
    mirror.expectEqual(tenant);
  });
});

describe('a slow iCIMS', () => {
  it('RED-1: is read in smaller pages, so that each is whole in the time that the hub has for it', async () => {
    await using icims = await startIcims({ quota: 0, latency: 100 });
    icims.simulator.tenant().populate({ candidates: 80, seed: 7 });
    const mirror = new Mirror();
    let failures = 0;
    for (let request: PullRequest = { kind: 'all' }; failures < 30; ) {
      try {
        const page = await icims.connection.rediscovery.pull(callContext(2_000), request);
        mirror.take(page);
        if (page.cursor === undefined) break;
        request = { kind: 'all', cursor: page.cursor };
      } catch (error) {
        expect(error).toMatchObject({ recovery: 'retry' });
        failures += 1;
      }
    }
    mirror.expectEqual(icims.simulator.tenant());
  }, 60_000);
});

describe('the calls of a day', () => {
  it('RED-1, EXP-12: end a crawl at the reserve, which exports go on with; next day it goes on where it was', async () => {
    await using icims = await startIcims({ quota: 500 });
    const { simulator } = icims;
    const tenant = simulator.tenant();
    tenant.populate({ candidates: 400, seed: 7 });
    const before = simulator.requests.all().length;
    const mirror = new Mirror();
    let connection = icims.connection;
    let days = 1;
    for (let request: PullRequest = { kind: 'all' }; ; ) {
      try {
        const page = await pull(connection, request);
        mirror.take(page);
        if (page.cursor === undefined) break;
        request = { kind: 'all', cursor: page.cursor };
      } catch (error) {
        // Not the vendor's 429: the hub stops by itself at a fifth of the day's calls.
        expect(error).toMatchObject({ code: 'ATS_RATE_LIMITED', retryAfterMs: expect.any(Number) });
        expect(Number(Object(error).retryAfterMs)).toBeLessThanOrEqual(DAY_MS + 1000);
        expect(tenant.quota.limit - tenant.quota.used).toBeGreaterThanOrEqual(90);
        await expect(connection.exporter.listJobs(connection.ctx, {})).resolves.toMatchObject({ items: { length: 3 } });
        // The night goes by, and another process takes over.
        simulator.clock.advance(DAY_MS);
        connection = await icims.connect({});
        days += 1;
      }
    }
    mirror.expectEqual(tenant);
    expect(days).toBeGreaterThan(2);
    // Each day ends in the middle of a page, whose calls are made again: at most one page a day.
    const reads = callsSince(simulator, before).filter((call) => call.startsWith('GET /people/')).length;
    expect(reads).toBeLessThanOrEqual(400 + 40 * (days - 1));
  });
});

describe('a crawl of weeks', () => {
  it('RED-2: brings what changed meanwhile within the hour, and ends with a mark that spares reading it again', async () => {
    await using icims = await startIcims({ quota: 0 });
    const { simulator, connection } = icims;
    const tenant = simulator.tenant();
    tenant.populate({ candidates: 200, seed: 7 });
    const mirror = new Mirror();
    const first = await pull(connection, { kind: 'all' });
    let request: PullRequest = { kind: 'all', cursor: first.cursor ?? '' };
    const turn = async (): Promise<PulledPage> => {
      const page = await pull(connection, request);
      mirror.take(page);
      request = { kind: 'all', cursor: page.cursor ?? '' };
      return page;
    };
    await turn();
    await turn();
    const [early = 0] = peopleOf(icims);
    const last = peopleOf(icims).at(-1) ?? 0;
    expect([mirror.candidates.has(String(early)), mirror.candidates.has(String(last))]).toStrictEqual([true, false]);
    pass(2 * HOUR_MS);
    tenant.edit(early, { firstname: 'Changed' }, simulator.clock.now());
    tenant.edit(last, { firstname: 'Changed' }, simulator.clock.now());
    // The page that notices the hour, and the walk beside the crawl.
    await turn();
    await turn();
    expect(mirror.candidates.get(String(early))).toMatchObject({ firstName: 'Changed' });
    expect(mirror.candidates.get(String(last))).toMatchObject({ firstName: 'Changed' });

    let page = await turn();
    while (page.cursor !== undefined) page = await turn();
    mirror.expectEqual(tenant);
    expect(Date.parse(page.mark ?? '')).toBeGreaterThan(Date.parse(first.mark ?? '') + HOUR_MS);
  });
});

type Act = 'change' | 'move' | 'add' | 'purge' | 'merge' | 'jobs';

describe('RED-2: however people work, between runs and in the middle of them,', () => {
  it('the mirror ends up as iCIMS is', { timeout: 120_000 }, async () => {
    await using icims = await startIcims({ quota: 0 });
    const { simulator, connection } = icims;
    const act = fc.record({
      act: fc.constantFrom<Act>('change', 'move', 'add', 'purge', 'merge', 'jobs'),
      count: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(1000),
      minutes: fc.constantFrom(0, 1, 20, 90),
    });
    // A run of changes, or one more page of a run of everything, which a run of changes in between gives up.
    const pull = fc.record({ run: fc.constantFrom('changes' as const, 'all' as const, 'all' as const) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(act, pull), { maxLength: 20 }), async (schedule) => {
        simulator.reset();
        const tenant = simulator.tenant();
        tenant.populate({ candidates: 50, seed: 3 });
        const mirror = new Mirror();
        let since = await mirror.follow(connection, { kind: 'all' });
        let crawl: string | undefined;
        const turn = async (): Promise<void> => {
          const { cursor, mark } = await mirror.turn(connection, { kind: 'all', ...(crawl && { cursor: crawl }) });
          if (cursor === undefined) since = mark ?? '';
          crawl = cursor;
        };
        for (const step of schedule) {
          if ('act' in step) {
            pass(step.minutes * 60_000);
            const none = { change: 0, move: 0, add: 0, purge: 0, merge: 0, erase: 0, jobs: 0, seed: step.seed };
            churn(tenant, { ...none, [step.act]: step.count }, simulator.clock.now());
          } else if (step.run === 'changes') {
            crawl = undefined;
            since = await mirror.follow(connection, { kind: 'changes', since });
          } else await turn();
        }
        while (crawl !== undefined) await turn();
        await mirror.follow(connection, { kind: 'changes', since });
        mirror.expectEqual(tenant);
      }),
      { numRuns: 15 },
    );
  });
});

import { randomUUID } from 'node:crypto';
import { AtsUnavailableError, CredentialsRejectedError } from '@talentbridge/contracts';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { ARRIVALS_TASK } from '../../../dist/capabilities/system-connect/arrivals/arrivals-schema.js';
import { ADA, arrivalsOf, consent, exportPerson, nothingWaits, reply } from './arriving-people.ts';
import { type InboundWorld, joinInbound, linkTo, mirrorApplication, mirrorIsComplete } from './inbound-world.ts';

let url = '';
beforeAll(async () => {
  url = await freshDatabase();
});

/** After a run that was not cut off, a job waits that comes in time for whoever waits. */
async function everybodyHasAJob(world: InboundWorld): Promise<void> {
  const waiting = await world.rows<{ at: Date | null }>(
    `select a.resume_at as at from talentbridge.network_arrival a
     where a.state in ('PENDING', 'SENDING') or (a.state = 'ADDED' and not a.mirrored)`,
  );
  const at = await world.jobAt(ARRIVALS_TASK);
  // Who waits for another arrival of the same person has no time of their own.
  expect(waiting.filter((one) => at === undefined || (one.at && one.at < at))).toEqual([]);
}

it('RSC-3: one click adds the person to the ATS and to the chosen job, with name, title and employer only', async () => {
  await using world = await joinInbound(url);
  await exportPerson(world, 'r-1');
  await world.arrive();
  expect([...world.ats.candidates.values()].map(({ record }) => record)).toEqual([
    {
      firstName: 'Ada',
      lastName: 'Okafor',
      emails: [],
      phones: [],
      socialUrls: [],
      workExperience: [{ employer: 'Northwind', title: 'Staff Engineer', current: true }],
      education: [],
      tags: [],
    },
  ]);
  expect([...world.ats.applications]).toEqual(['c-1/job-7']);
  expect(world.woken).toEqual([{ kind: 'candidate', remoteId: 'c-1' }]);
  expect(await arrivalsOf(world)).toMatchObject([
    { source: 'EXPORT', state: 'ADDED', outcome: 'CREATED', candidateRemoteId: 'c-1', unassigned: false, name: null },
  ]);
  const links = await world.rows(
    'select l.candidate_remote_id as candidate, l.member from talentbridge.network_link l',
  );
  expect(links).toEqual([{ candidate: 'c-1', member: 'member-ada' }]);
});

it('RSC-3: a notice that comes twice is one arrival', async () => {
  await using world = await joinInbound(url);
  await exportPerson(world, 'r-1');
  await exportPerson(world, 'r-1');
  await world.arrive();
  await exportPerson(world, 'r-1');
  await world.arrive();
  expect(world.ats.candidates.size).toBe(1);
  expect(await arrivalsOf(world)).toHaveLength(1);
});

it.each([1, 2, 3, 4])(
  'RSC-3: whoever is exported while a worker finds nothing to do waits for nothing (moment %i)',
  async (moment) => {
    await using world = await joinInbound(url);
    await world.arrive();
    let ended = 0;
    let exporting: Promise<void> | undefined;
    world.onTransaction = (when) => {
      if (when === 'after') ended += 1;
      if (ended === moment) exporting ??= exportPerson(world, 'r-1');
    };
    await world.arrive();
    await exporting;
    world.onTransaction = () => undefined;
    const [arrival] = await arrivalsOf(world);
    const at = await world.jobAt(ARRIVALS_TASK);
    expect(arrival?.state === 'ADDED' || (at !== undefined && at <= new Date())).toBe(true);
  },
);

it('RSC-3: two exports of one person to two jobs are one candidate with two applications', async () => {
  await using world = await joinInbound(url);
  await exportPerson(world, 'r-1');
  await exportPerson(world, 'r-2', { jobRemoteId: 'job-8' });
  await world.arrive();
  expect(world.ats.candidates.size).toBe(1);
  expect([...world.ats.applications]).toEqual(['c-1/job-7', 'c-1/job-8']);
});

it('RSC-3: who is a candidate already is put on the job, and is nobody new', async () => {
  await using world = await joinInbound(url);
  await world.write((tx) => linkTo(tx, world.pair.connectionId, 'c-17', 'member-ada'));
  await exportPerson(world, 'r-1');
  await world.arrive();
  expect(world.ats.candidates.size).toBe(0);
  expect([...world.ats.applications]).toEqual(['c-17/job-7']);
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', outcome: 'UPDATED', candidateRemoteId: 'c-17' }]);
});

it('RSC-3: who is linked with a candidate that the ATS does not have any more comes as somebody new', async () => {
  await using world = await joinInbound(url);
  await world.write((tx) => linkTo(tx, world.pair.connectionId, 'c-17', 'member-ada'));
  world.ats.gone.add('c-17');
  await exportPerson(world, 'r-1');
  await world.arrive();
  expect([...world.ats.applications]).toEqual(['c-1/job-7']);
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', outcome: 'CREATED', candidateRemoteId: 'c-1' }]);
  expect(await world.rows('select l.candidate_remote_id as id from talentbridge.network_link l')).toEqual([
    { id: 'c-1' },
  ]);
});

it('EXP-12: whatever step a process dies at, one person arrives, on the job, linked, and the mirror hears of it', async () => {
  for (const settles of ['asked', 'absorbs'] as const) {
    await using world = await joinInbound(url, { ats: { settles } });
    const dieAt = (fatal: number): (() => boolean) => {
      let steps = 0;
      const step = (): void => {
        steps += 1;
        // Once dead, a process does nothing more.
        if (steps >= fatal) throw new Error('The process died.');
      };
      Object.assign(world, { onTransaction: step, onWake: step });
      world.ats.step = step;
      world.network.before = step;
      return () => steps >= fatal;
    };
    for (let fatal = 1, died = true; died; fatal += 1) {
      const before = world.ats.candidates.size;
      const member = `member-${fatal}`;
      await exportPerson(world, `r-${fatal}`, { person: { ...ADA, member } });
      const isDead = dieAt(fatal);
      await world.arrive().catch(() => undefined);
      died = isDead();
      dieAt(Number.POSITIVE_INFINITY);
      await nothingWaits(world);
      await world.arrive();
      const remoteId = `c-${before + 1}`;
      expect([...world.ats.candidates.keys()].slice(before), `${settles} ${fatal}`).toEqual([remoteId]);
      expect(world.ats.applications).toContain(`${remoteId}/job-7`);
      expect(world.woken).toContainEqual({ kind: 'candidate', remoteId });
      expect((await arrivalsOf(world))[0]).toMatchObject({ state: 'ADDED', candidateRemoteId: remoteId });
    }
    expect(world.ats.candidates.size).toBeGreaterThan(10);
  }
});

it('EXP-12: whoever is exported, answers and agrees, in whatever order and whatever fails, is one candidate on all their jobs', async () => {
  const step = fc.record({
    what: fc.constantFrom('export', 'reply', 'consent', 'poll', 'arrive'),
    who: fc.integer({ min: 1, max: 3 }),
    job: fc.integer({ min: 1, max: 3 }),
    fault: fc.option(fc.nat(4), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      await using world = await joinInbound(url);
      const people = new Set<string>();
      const jobs = new Set<string>();
      for (const [index, { what, who, job, fault }] of steps.entries()) {
        const member = `member-${who}`;
        if (what === 'export') {
          await exportPerson(world, `r-${index}`, {
            person: { ...ADA, member, firstName: member },
            jobRemoteId: `job-${job}`,
          });
          jobs.add(`${member}/job-${job}`);
        }
        if (what === 'reply') reply(world, member, { firstName: member, lastName: 'Okafor' });
        if (what === 'consent') consent(world, member);
        if (what === 'export' || what === 'reply' || what === 'consent') people.add(member);
        if (what === 'poll') await world.poll();
        if (what !== 'arrive') continue;
        let count = 0;
        world.ats.step = () => {
          count += 1;
          if (count === fault) throw new AtsUnavailableError('The ATS', 'did not answer');
        };
        await world.arrive();
        world.ats.step = () => undefined;
        await everybodyHasAJob(world);
      }
      await world.poll();
      await nothingWaits(world);
      await world.arrive();
      expect((await arrivalsOf(world)).filter(({ state }) => state !== 'ADDED')).toEqual([]);
      const links = await world.rows<{ id: string; member: string }>(
        'select l.candidate_remote_id as id, l.member from talentbridge.network_link l',
      );
      const memberOf = new Map(links.map(({ id, member }) => [id, member]));
      expect(world.ats.candidates.size).toBe(people.size);
      expect(new Set([...world.ats.candidates.keys()].map((id) => memberOf.get(id)))).toEqual(people);
      const applied = [...world.ats.applications].map((one) => one.replace(/^[^/]+/, (id) => memberOf.get(id) ?? id));
      expect(new Set(applied)).toEqual(jobs);
    }),
    { numRuns: 10 },
  );
});

it('EXP-12: a worker that was taken over sends nothing more, and takes nothing away from the one after it', async () => {
  await using world = await joinInbound(url);
  await exportPerson(world, 'r-1');
  await exportPerson(world, 'r-2', { person: { ...ADA, member: 'member-2' } });
  const slept = Promise.withResolvers<void>();
  const asleep = Promise.withResolvers<void>();
  let sleeps = true;
  // The first one falls asleep after its first candidate is stored, and wakes while the next one is in the midst of the second.
  world.onWake = async () => {
    if (!sleeps) return;
    sleeps = false;
    asleep.resolve();
    await slept.promise;
  };
  const first = world.arrive();
  await asleep.promise;
  world.ats.step = async (name) => {
    if (name !== 'created') return;
    slept.resolve();
    await first;
  };
  await world.arrive();
  expect(world.ats.candidates.size).toBe(2);
  expect(await arrivalsOf(world)).toMatchObject([
    { state: 'ADDED', candidateRemoteId: 'c-2' },
    { state: 'ADDED', candidateRemoteId: 'c-1' },
  ]);
});

it('EXP-12: an ATS that can neither be asked nor absorb a repetition leaves it to a person, who settles it', async () => {
  await using world = await joinInbound(url, { ats: { settles: 'never' } });
  await exportPerson(world, 'r-1');
  world.ats.step = (name) => {
    if (name === 'created') throw new AtsUnavailableError('The ATS', 'did not answer');
  };
  await world.arrive();
  await exportPerson(world, 'r-2', { jobRemoteId: 'job-8' });
  world.ats.step = () => undefined;
  await world.arrive();
  // Neither this one nor another of the same person is sent blindly.
  expect(world.ats.candidates.size).toBe(1);
  const [second, first] = await arrivalsOf(world);
  expect([first?.state, second?.state]).toEqual(['UNCLEAR', 'UNCLEAR']);
  await world.arrivals.settle(world.scope, first?.id ?? '', { arrived: true, candidateRemoteId: 'c-1' });
  await world.arrivals.settle(world.scope, second?.id ?? '', { arrived: false });
  await world.arrive();
  expect(world.ats.candidates.size).toBe(1);
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED' }, { state: 'ADDED' }]);
  expect([...world.ats.applications]).toEqual(['c-1/job-8']);
});

it('EXP-4: where the ATS demands an email, a placeholder is made, and a retry has the same', async () => {
  for (const demandsEmail of ['declared', 'undeclared'] as const) {
    await using world = await joinInbound(url, { ats: { demandsEmail, settles: 'absorbs' } });
    await exportPerson(world, 'r-1');
    const sent: string[] = [];
    world.ats.step = (name) => {
      if (name !== 'created') return;
      sent.push(...([...world.ats.candidates.values()].at(-1)?.record.emails ?? []));
      if (sent.length === 1) throw new AtsUnavailableError('The ATS', 'did not answer');
    };
    await world.arrive();
    await nothingWaits(world);
    await world.arrive();
    const emails = [...world.ats.candidates.values()].flatMap(({ record }) => record.emails);
    expect(emails).toEqual([expect.stringMatching(/^no-email-(-?\d+)@dummy\.example$/)]);
    expect(sent).toEqual(emails);
    expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED' }]);
  }
});

it('RSC-3: a pair that refuses people without an email says so, and a retry goes by what it is set to then', async () => {
  for (const demandsEmail of ['declared', 'undeclared'] as const) {
    await using world = await joinInbound(url, { missingEmail: 'REFUSE', ats: { demandsEmail } });
    await exportPerson(world, 'r-1');
    await world.arrive();
    expect(world.ats.candidates.size).toBe(0);
    const [arrival] = await arrivalsOf(world);
    expect(arrival).toMatchObject({
      state: 'REFUSED',
      name: 'Ada Okafor',
      remedy: expect.stringMatching(/placeholder/),
    });
    await world.rows(`update talentbridge.system_pair p set missing_email = 'DUMMY'`);
    await world.arrivals.retry(world.scope, arrival?.id ?? '');
    await world.arrive();
    expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED' }]);
  }
});

it('RSC-3: an export that the network does not know any more is refused with what to do', async () => {
  await using world = await joinInbound(url);
  await world.arrivals.exported(world.scope, world.pair.connectionId, ['r-gone']);
  await world.arrive();
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'REFUSED', remedy: expect.stringContaining('Export') }]);
});

it('RSC-3: a job that takes nobody refuses them, and others go on', async () => {
  await using world = await joinInbound(url);
  world.ats.closedJobs.add('job-7');
  await exportPerson(world, 'r-1');
  await exportPerson(world, 'r-2', { person: { ...ADA, member: 'member-2' }, jobRemoteId: 'job-8' });
  await world.arrive();
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED' }, { state: 'REFUSED' }]);
});

it('CON-6: an ATS that refuses its credentials is reported, and the person waits', async () => {
  await using world = await joinInbound(url);
  await exportPerson(world, 'r-1');
  world.ats.step = () => {
    throw new CredentialsRejectedError('The ATS');
  };
  await world.arrive();
  expect(world.reported).toMatchObject([{ recovery: 'reconnect' }]);
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'PENDING' }]);
});

it('RSC-3: who comes while Export is off waits, with the reason, and arrives once it is on', async () => {
  await using world = await joinInbound(url);
  await world.rows(`update talentbridge.connection c set capabilities = '{rediscovery}' where c.id = $1`, [
    world.pair.atsConnectionId,
  ]);
  await exportPerson(world, 'r-1');
  await world.arrive();
  expect(await arrivalsOf(world)).toMatchObject([
    { state: 'PENDING', reason: expect.stringContaining('without Export') },
  ]);
  await world.rows(`update talentbridge.connection c set capabilities = '{rediscovery,export}' where c.id = $1`, [
    world.pair.atsConnectionId,
  ]);
  await world.write((tx) => world.arrivals.resume(tx, world.pair));
  await world.arrive();
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', reason: null }]);
});

it('RSC-3: exports of a month are counted by seat', async () => {
  await using world = await joinInbound(url);
  await exportPerson(world, 'r-1');
  await exportPerson(world, 'r-2', { jobRemoteId: 'job-8' });
  await exportPerson(world, 'r-3', { exportedAt: '2020-01-01T00:00:00.000Z' });
  await world.arrive();
  const counted = await world.write((tx) => world.arrivals.exportsThisMonth(tx, world.pair.connectionId));
  expect([...counted]).toEqual([['seat-1', 2]]);
});

it('RSC-3, RSC-5: whatever has lost its job has one again, while the pair works', async () => {
  await using world = await joinInbound(await freshDatabase());
  await world.poll();
  await exportPerson(world, 'r-1');
  await world.write((tx) => mirrorIsComplete(tx, world));
  await world.write((tx) => mirrorApplication(tx, world, 'a-1', 'c-1'));
  expect(await world.loseJobs()).toBe(0);
  for (const change of [
    'network_poll p set next_at',
    'network_arrival p set created_at',
    'new_application p set found_at',
  ]) {
    await world.rows(`update talentbridge.${change} = now() - interval '10 minutes'`);
  }
  expect(await world.loseJobs()).toBe(3);
  await world.rows(`update talentbridge.connection c set status = 'NEEDS_ATTENTION'`);
  expect(await world.loseJobs()).toBe(2);
});

it('RSC-3: who shows half a name to the recruiter arrives with what there is', async () => {
  await using world = await joinInbound(url);
  await exportPerson(world, 'r-1', { person: { member: 'member-ada', firstName: 'Ada', lastName: '' } });
  await world.arrive();
  expect([...world.ats.candidates.values()].map(({ record }) => record)).toMatchObject([
    { firstName: 'Ada', lastName: 'member' },
  ]);
});

it.each(['ADDED', 'UNCLEAR'])('RED-12: of an erased candidate no arrival that is %s says who it was', async (state) => {
  await using world = await joinInbound(url);
  await exportPerson(world, 'r-1');
  await world.arrive();
  await world.rows(`update talentbridge.network_arrival a set state = '${state}'`);
  const forgotten = await world.write(async (tx) => {
    const erased = {
      erasureId: randomUUID(),
      id: randomUUID(),
      connectionId: world.pair.atsConnectionId,
      accountKey: 'ats/account',
      remoteId: 'c-1',
      applicationIds: [],
      pseudonym: 'erased-1',
    };
    return Promise.all(world.arrivals.keepers.map((keeper) => keeper.forget(tx, erased)));
  });
  expect(forgotten).toEqual([1]);
  const [row] = await world.rows<{ id: string; all: string }>(
    'select a.id, a::text as all from talentbridge.network_arrival a',
  );
  expect(row?.all).not.toMatch(/ada|c-1\b/);
  expect(row?.all).toContain('erased-1');
  // Nobody links the pseudonym with a candidate.
  await expect(
    world.arrivals.settle(world.scope, row?.id ?? '', { arrived: true, candidateRemoteId: 'c-2' }),
  ).rejects.toThrow(/unclear/);
});

it('RED-12: whoever was erased comes back by a click of a recruiter only once an admin says so, and is not named until then', async () => {
  await using world = await joinInbound(url);
  await world.write((tx) => world.erasedMembers.add(tx, world.pair.connectionId, ['member-ada']));
  await exportPerson(world, 'r-1');
  await world.arrive();
  expect(world.ats.candidates.size).toBe(0);
  const [arrival] = await arrivalsOf(world);
  expect(arrival).toMatchObject({
    state: 'REFUSED',
    name: null,
    seatId: 'seat-1',
    reason: expect.stringMatching(/erased/),
  });
  expect(await world.rows('select a.member, a.person from talentbridge.network_arrival a')).toEqual([
    { member: null, person: null },
  ]);
  await world.arrivals.retry(world.scope, arrival?.id ?? '');
  await world.arrive();
  expect(world.ats.candidates.size).toBe(1);
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', outcome: 'CREATED' }]);
  // They are somebody's profile again: nobody is asked a second time.
  await exportPerson(world, 'r-2', { jobRemoteId: 'job-8' });
  await world.arrive();
  expect([...world.ats.applications]).toEqual(['c-1/job-7', 'c-1/job-8']);
});

it('RSC-3: while System Connect is off nobody tries an arrival again or settles it, and nobody is named', async () => {
  await using world = await joinInbound(url, { missingEmail: 'REFUSE', ats: { demandsEmail: 'declared' } });
  await exportPerson(world, 'r-1');
  await world.arrive();
  const [arrival] = await arrivalsOf(world);
  await world.write((tx) =>
    tx.rows(
      `insert into talentbridge.capability_switch (organization_id, plugin_id, capability, enabled)
       values ($1, 'network', 'systemConnect', false)`,
      [tx.organizationId],
    ),
  );
  const off = { code: 'CAPABILITY_OFF', capability: 'systemConnect' };
  await expect(world.arrivals.retry(world.scope, arrival?.id ?? '')).rejects.toMatchObject(off);
  await expect(world.arrivals.settle(world.scope, arrival?.id ?? '', { arrived: false })).rejects.toMatchObject(off);
});

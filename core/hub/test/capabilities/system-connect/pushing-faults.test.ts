import type { CandidateHistory } from '@talentbridge/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { unavailable } from './network-plugin.ts';
import { openPushDatabase, type PushDatabase, type PushWorld } from './push-world.ts';

let database: PushDatabase;
beforeAll(async () => {
  database = await openPushDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

const BATCH = 3;

/** The process died. */
class KilledError extends Error {}

const NAMES = ['ada', 'bea', 'cleo', 'dora'] as const;
const name = fc.constantFrom(...NAMES);
const change = fc.oneof(
  fc.record({ what: fc.constant('candidate' as const), name, to: fc.nat(3) }),
  fc.record({ what: fc.constant('apply' as const), name, to: fc.nat(3) }),
  fc.record({ what: fc.constant('stage' as const), name, to: fc.nat(3) }),
  fc.record({ what: fc.constant('withdraw' as const), name, to: fc.nat(3) }),
  fc.record({ what: fc.constant('history' as const), name, to: fc.nat(4) }),
  fc.record({ what: fc.constant('merge' as const), name, to: fc.nat(3) }),
  fc.record({ what: fc.constant('delete' as const), name, to: fc.nat(3) }),
  fc.record({ what: fc.constant('job' as const), name, to: fc.nat(3) }),
);
const fault = fc.record({
  where: fc.constantFrom('before call', 'after call', 'before transaction', 'after transaction', 'history'),
  /** The how manieth of them. */
  at: fc.nat(12),
  how: fc.constantFrom('killed', 'unavailable'),
});
const round = fc.record({
  changes: fc.array(change, { maxLength: 4 }),
  faults: fc.array(fault, { maxLength: 3 }),
  full: fc.boolean(),
});

it('RSC-2: whatever changes, fails and dies meanwhile, in the end the network has what the ATS holds', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 5 }), async (rounds) => {
      const world = await database.world({ settings: { atOnce: 3 } });
      world.network.limits = { batch: BATCH };
      const repeated = countRepeated(world);
      let failed = 0;
      for (const first of NAMES.slice(0, 2)) begin(world, first);
      await world.mirror.workOff();
      for (const { changes, faults, full } of rounds) {
        for (const one of changes) apply(world, one);
        await world.mirror.next(full ? 'FULL' : undefined);
        for (const one of faults) {
          arm(world, one);
          await world.passTime();
          await world.push().catch((error: unknown) => {
            if (!(error instanceof KilledError)) throw error;
          });
          disarm(world);
          failed += 1;
        }
      }
      await world.mirror.next('FULL');
      await world.settle();
      expect(atNetwork(world)).toEqual(atAts(world));
      expect(repeated()).toBeLessThanOrEqual(failed * BATCH);
    }),
    { numRuns: 12 },
  );
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;
type Fault = typeof fault extends fc.Arbitrary<infer Value> ? Value : never;

function begin({ ats }: PushWorld, remoteId: string): void {
  ats.addCandidate({ remoteId });
  ats.addApplication(remoteId, ats.addJob());
}

function apply(world: PushWorld, { what, name: remoteId, to }: Change): void {
  const { ats, histories } = world;
  const jobs = [...ats.jobs.keys()];
  const job = jobs[to % Math.max(1, jobs.length)];
  if (what === 'job') {
    if (to === 0 || job === undefined) ats.addJob();
    else if (to === 1) ats.delete('job', job);
    else ats.changeJob(job, to === 2 ? { title: `Another title ${ats.jobs.size}` } : { open: false });
    return;
  }
  if (!ats.candidates.has(remoteId)) {
    histories.delete(remoteId);
    begin(world, remoteId);
    return;
  }
  const [application] = [...ats.applications.values()]
    .map(({ value }) => value)
    .filter((one) => one.candidateRemoteId === remoteId);
  if (what === 'candidate') ats.changeCandidate(remoteId, { firstName: `Name ${to}` });
  else if (what === 'apply') ats.addApplication(remoteId, job ?? ats.addJob());
  else if (what === 'stage' && application) ats.changeApplication(application.remoteId, { stage: `Stage ${to}` });
  else if (what === 'withdraw' && application) ats.delete('application', application.remoteId);
  else if (what === 'delete') ats.delete('candidate', remoteId);
  else if (what === 'merge') {
    const into = NAMES[to];
    if (into !== undefined && into !== remoteId && ats.candidates.has(into)) ats.merge(remoteId, into);
  } else if (what === 'history') {
    histories.set(remoteId, historyOf(remoteId, application?.remoteId, to));
    ats.changeCandidate(remoteId, {});
  }
}

function historyOf(remoteId: string, application: string | undefined, many: number): CandidateHistory {
  const at = '2026-03-01T10:00:00.000Z';
  const author = { firstName: 'Rita', lastName: 'Moss' };
  const numbers = Array.from({ length: many }, (_, number) => number);
  const ofApplication = application === undefined ? [] : numbers;
  return {
    notes: numbers.map((number) => ({
      remoteId: `${remoteId} note ${number}`,
      text: `Text ${many}`,
      author,
      createdAt: at,
      ...(number % 2 === 1 && application !== undefined ? { applicationRemoteId: application } : {}),
    })),
    stageChanges: ofApplication.map((number) => ({
      remoteId: `${remoteId} stage ${number}`,
      applicationRemoteId: application ?? '',
      stage: `Stage ${number}`,
      enteredAt: at,
    })),
    feedback: ofApplication.slice(1).map((number) => ({
      remoteId: `${remoteId} feedback ${number}`,
      applicationRemoteId: application ?? '',
      interviewer: author,
      kind: 'onsite',
      createdAt: at,
    })),
  };
}

/** Has one thing fail during the next push. */
function arm(world: PushWorld, { where, at, how }: Fault): void {
  let count = 0;
  const fail = (): void => {
    count += 1;
    if (count !== at + 1) return;
    // A transaction does not answer as a network does.
    if (how === 'killed' || where.endsWith('transaction')) throw new KilledError();
    throw unavailable();
  };
  if (where === 'before call') world.network.before = fail;
  else if (where === 'after call') world.network.after = fail;
  else if (where === 'history') world.onHistory = fail;
  else world.onTransaction = (when) => (where.startsWith(when) ? fail() : undefined);
}

function disarm(world: PushWorld): void {
  world.network.before = () => undefined;
  world.network.after = () => undefined;
  world.onHistory = () => undefined;
  world.onTransaction = () => undefined;
}

/** How many records came again as they were there. */
function countRepeated({ network }: PushWorld): () => number {
  let repeated = 0;
  const push = network.push.bind(network);
  network.push = async (ctx, batch) => {
    const before = new Set([...network.records.values()].map((record) => JSON.stringify(record)));
    try {
      return await push(ctx, batch);
    } finally {
      const now = network.batches.at(-1);
      const came = [...network.records.values()].filter(
        ({ kind, remoteId, parentId }) =>
          kind === batch.kind && now?.ids.includes(parentId === '' ? remoteId : `${parentId}/${remoteId}`),
      );
      repeated += came.filter((record) => before.has(JSON.stringify(record))).length;
    }
  };
  return () => repeated;
}

/** What the network has, as `atAts` says it. */
function atNetwork({ network, ats }: PushWorld): object {
  return {
    jobs: network
      .of('job')
      .flatMap(({ value }) => ('title' in value && value.open ? [`${value.remoteId} ${value.title}`] : [])),
    candidates: network
      .of('candidate')
      .map(({ value, remoteId }) => [remoteId, 'candidate' in value && value.candidate.firstName]),
    applications: network
      .of('application')
      .map(({ value, remoteId }) =>
        'application' in value
          ? [
              remoteId,
              value.candidate.remoteId,
              value.candidate.firstName,
              value.application.stage,
              ats.jobs.has(value.application.jobRemoteId) ? value.job?.title : undefined,
            ]
          : [],
      ),
    history: (['candidateNote', 'applicationNote', 'feedback', 'stage'] as const).map((kind) =>
      network
        .of(kind)
        .map(({ remoteId, parentId, value }) => [parentId, remoteId, 'note' in value ? value.note.text : '']),
    ),
  };
}

/** What the ATS holds, read without the help of mirror and pushing. */
function atAts({ ats, histories }: PushWorld): object {
  const byId = <Value extends { readonly remoteId: string }>(stored: Iterable<{ readonly value: Value }>): Value[] =>
    [...stored].map(({ value }) => value).sort((one, other) => (one.remoteId < other.remoteId ? -1 : 1));
  const applications = byId(ats.applications.values());
  const entries = byId(ats.candidates.values()).flatMap(({ remoteId }) => {
    const own = new Set(applications.filter((one) => one.candidateRemoteId === remoteId).map((one) => one.remoteId));
    const { notes = [], stageChanges = [], feedback = [] } = histories.get(remoteId) ?? {};
    return [
      ...notes.map((note) => {
        const application = own.has(note.applicationRemoteId ?? '') ? note.applicationRemoteId : undefined;
        const kind = application === undefined ? 'candidateNote' : 'applicationNote';
        return { kind, entry: [application ?? remoteId, note.remoteId, note.text] };
      }),
      ...feedback
        .filter((one) => own.has(one.applicationRemoteId))
        .map((one) => ({ kind: 'feedback', entry: [one.applicationRemoteId, one.remoteId, ''] })),
      ...stageChanges
        .filter((one) => own.has(one.applicationRemoteId))
        .map((one) => ({ kind: 'stage', entry: [one.applicationRemoteId, one.remoteId, ''] })),
    ];
  });
  return {
    jobs: byId(ats.jobs.values()).flatMap(({ remoteId, title, open }) => (open ? [`${remoteId} ${title}`] : [])),
    candidates: byId(ats.candidates.values()).map(({ remoteId, firstName }) => [remoteId, firstName]),
    applications: applications.map(({ remoteId, candidateRemoteId, jobRemoteId, stage }) => [
      remoteId,
      candidateRemoteId,
      ats.candidates.get(candidateRemoteId)?.value.firstName,
      stage,
      ats.jobs.get(jobRemoteId)?.value.title,
    ]),
    history: ['candidateNote', 'applicationNote', 'feedback', 'stage'].map((kind) =>
      entries
        .filter((one) => one.kind === kind)
        .map(({ entry }) => entry)
        .sort((one, other) => (`${one[0]}/${one[1]}` < `${other[0]}/${other[1]}` ? -1 : 1)),
    ),
  };
}

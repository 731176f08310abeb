import type { CandidateHistory } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { type CheckWorld, listChecks, NotConcerned } from '../check.js';
import { rejectionOf } from '../export-world.js';
import { MirrorWorld, some } from '../mirror-world.js';
import type { SimulatedHistory } from '../simulated-account.js';

/** Rediscovery: what the ATS keeps of a candidate's way arrives whole, or not at all. */
export const historyChecks = listChecks([
  {
    name: 'rediscovery.history',
    title:
      'RSC-2: tells what the ATS keeps of a candidate’s way, private notes left out, and the same again when asked again',
    async run(world) {
      const { mirroring, read } = historiesOf(world);
      mirroring.vendor.populate(CANDIDATES);
      let parts = 0;
      for (const { remoteId } of mirroring.vendor.candidates()) {
        const history = await read(remoteId);
        const truth = truthOf(mirroring, remoteId);
        expect(essenceOf(history)).toEqual(essenceOf(truth));
        expect(sorted(await read(remoteId))).toEqual(sorted(history));
        parts += partsOf(history).length;
      }
      expect(parts, 'the subject gives some of its candidates a history').toBeGreaterThan(0);
    },
  },
  {
    name: 'rediscovery.history-sound',
    title:
      'RSC-2: names every part of a history by an id of its own, its time in ISO 8601, and no application but the candidate’s',
    async run(world) {
      const { mirroring, read } = historiesOf(world);
      mirroring.vendor.populate(CANDIDATES);
      const applications = mirroring.vendor.applications();
      for (const { remoteId } of mirroring.vendor.candidates()) {
        const history = await read(remoteId);
        for (const list of [history.notes, history.stageChanges, history.feedback]) {
          const ids = list.map((part) => part.remoteId);
          expect(new Set(ids).size, 'each id once').toBe(ids.length);
          for (const id of ids) expect(id).toMatch(/./);
        }
        const own = applications.filter((one) => one.candidateRemoteId === remoteId).map((one) => one.remoteId);
        for (const { applicationRemoteId, at } of partsOf(history)) {
          expect(at, 'a time').toMatch(ISO_IN_UTC);
          if (applicationRemoteId !== undefined) expect(own).toContain(applicationRemoteId);
        }
      }
    },
  },
  {
    name: 'rediscovery.history-gone',
    title: 'RSC-2: says that a candidate is gone rather than that nothing is known of them',
    async run(world) {
      const { mirroring, read } = historiesOf(world);
      mirroring.vendor.populate(2);
      const { remoteId } = some(mirroring.vendor.candidates(), 0, 'candidates');
      mirroring.vendor.deleteCandidate(remoteId);
      expect(await rejectionOf(read(remoteId))).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND', recovery: 'skip' });
    },
  },
  {
    name: 'rediscovery.history-unclear',
    title: 'RSC-2: takes no part of a history for empty that could not be read',
    async run(world) {
      const { mirroring, read } = historiesOf(world);
      mirroring.vendor.populate(1);
      const { remoteId } = some(mirroring.vendor.candidates(), 0, 'candidates');
      const { requests, faults } = world.account.simulator;
      requests.reset();
      await read(remoteId);
      for (const { method, path } of requests.matching({ method: 'GET' })) {
        const heal = faults.add({ method, path, fault: { kind: 'failBeforeWrite' } });
        expect(await rejectionOf(read(remoteId)), path).toMatchObject({ recovery: 'retry' });
        heal();
      }
    },
  },
]);

/** Enough that some of them have something of everything. */
const CANDIDATES = 12;
const ISO_IN_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function historiesOf(world: CheckWorld): {
  readonly mirroring: MirrorWorld;
  readonly read: (candidateRemoteId: string) => Promise<CandidateHistory>;
} {
  const mirroring = new MirrorWorld(world);
  const { readHistory } = mirroring.rediscovery;
  if (!readHistory) throw new NotConcerned('The ATS tells nothing of a candidate’s way.');
  return { mirroring, read: (candidateRemoteId) => readHistory(mirroring.connection.ctx, candidateRemoteId) };
}

function truthOf({ vendor }: MirrorWorld, candidateRemoteId: string): SimulatedHistory {
  if (!vendor.history) throw new Error('The plugin has `readHistory`: its subject must describe `history`.');
  return vendor.history(candidateRemoteId);
}

/** Every part, with when it was and what it is about. */
function partsOf({ notes, stageChanges, feedback }: CandidateHistory) {
  return [
    ...notes.map(({ applicationRemoteId, createdAt: at }) => ({ applicationRemoteId, at })),
    ...stageChanges.map(({ applicationRemoteId, enteredAt: at }) => ({ applicationRemoteId, at })),
    ...feedback.map(({ applicationRemoteId, createdAt: at }) => ({ applicationRemoteId, at })),
  ];
}

/** What a subject can tell too. */
function essenceOf({ notes, stageChanges, feedback }: SimulatedHistory): SimulatedHistory {
  return sorted({
    notes: notes.map(({ remoteId, text, author }) => ({ remoteId, text, author })),
    stageChanges: stageChanges.map(({ applicationRemoteId, stage, enteredAt }) => ({
      applicationRemoteId,
      stage,
      enteredAt: new Date(enteredAt).toISOString(),
    })),
    feedback: feedback.map(({ remoteId, applicationRemoteId, interviewer, text }) => ({
      remoteId,
      applicationRemoteId,
      interviewer,
      ...(text === undefined ? {} : { text }),
    })),
  });
}

/** The lists of a history in an order of their own: none is promised. */
function sorted<History extends SimulatedHistory>({ notes, stageChanges, feedback }: History) {
  const inOrder = <Part>(parts: readonly Part[]): readonly Part[] =>
    parts.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  return { notes: inOrder(notes), stageChanges: inOrder(stageChanges), feedback: inOrder(feedback) };
}

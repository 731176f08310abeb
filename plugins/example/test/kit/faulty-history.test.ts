import type { CandidateHistory } from '@talentbridge/contracts';
import { describe, it } from 'vitest';
import { expectCaught, type FaultyPlugin } from './faulty-plugin.js';
import type { Sabotage } from './sabotage.js';

const FAULTY: readonly FaultyPlugin[] = [
  [
    'tells private notes',
    history((read) => ({
      notes: [...read.notes, ...read.notes.map((note) => ({ ...note, remoteId: `${note.remoteId}+` }))],
    })),
    ['rediscovery.history'],
  ],
  [
    'loses who wrote a note',
    history((read) => ({ notes: read.notes.map((note) => ({ ...note, author: { firstName: '', lastName: '' } })) })),
    ['rediscovery.history'],
  ],
  [
    'makes up an id each time',
    history((read) => ({ stageChanges: read.stageChanges.map((one) => ({ ...one, remoteId: crypto.randomUUID() })) })),
    ['rediscovery.history'],
  ],
  [
    'names two stages alike',
    history((read) => ({ stageChanges: read.stageChanges.map((one) => ({ ...one, remoteId: 'change' })) })),
    ['rediscovery.history-sound'],
  ],
  [
    'tells times as it likes',
    history((read) => ({ notes: read.notes.map((note) => ({ ...note, createdAt: 'June 2024' })) })),
    ['rediscovery.history-sound'],
  ],
  [
    'mixes up applications',
    history((read) => ({ notes: read.notes.map((note) => ({ ...note, applicationRemoteId: 'c-000001-job-1' })) })),
    ['rediscovery.history-sound'],
  ],
  [
    'takes somebody who is gone, or cannot be read, for somebody without a history',
    {
      rediscovery: (good) => ({
        readHistory: (ctx, remoteId) =>
          Promise.resolve(good.readHistory?.(ctx, remoteId) ?? NO_HISTORY).catch(() => NO_HISTORY),
      }),
    },
    ['rediscovery.history-gone', 'rediscovery.history-unclear'],
  ],
];

const NO_HISTORY: CandidateHistory = { notes: [], stageChanges: [], feedback: [] };

/** A plugin that makes something else of histories. */
function history(other: (read: CandidateHistory) => Partial<CandidateHistory>): Sabotage {
  return {
    rediscovery: (good) => ({
      async readHistory(ctx, candidateRemoteId) {
        const read = (await good.readHistory?.(ctx, candidateRemoteId)) ?? NO_HISTORY;
        return { ...read, ...other(read) };
      },
    }),
  };
}

describe('the conformance suite catches a plugin that', () => {
  it.for(FAULTY)('%s', expectCaught);
});

import type { NetworkKey, NetworkKind } from '@talentbridge/contracts';
import { type PluginStand, startPluginStand } from './plugin-stand.ts';
import type { Exercise, Exercises, Protocol } from './protocol.ts';
import { MEMBERS, type ShownProfile } from './recruiter-pages.ts';
import { sendAda } from './syncing.ts';

/** Module 5, as far as it is the plugin’s. */
export const deleting: Exercises = {
  'RSC-501': deletes([
    [
      'candidateNote',
      { remoteId: 'N-77', parentId: 'C-77' },
      'the note no longer shows',
      ({ notes }) => !notes.includes('Note 77 of the candidate'),
    ],
    ['application', { remoteId: 'A-77' }, 'the application no longer shows', ({ jobs }) => jobs === 0],
    ['candidate', { remoteId: 'C-77' }, 'the indicator no longer shows', ({ inAts }) => !inAts],
  ]),
  'RSC-502': deletes([
    [
      'candidate',
      { remoteId: 'C-77' },
      'neither notes nor indicator show',
      ({ inAts, notes }) => !inAts && notes.length === 0,
    ],
  ]),
  'RSC-503': deletes([
    [
      'applicationNote',
      { remoteId: 'AN-77', parentId: 'A-77' },
      'the note no longer shows',
      ({ notes }) => !notes.includes('Note 77 of the application'),
    ],
    [
      'stage',
      { remoteId: 'ST-2', parentId: 'A-77' },
      'the stage no longer shows',
      ({ stages }) => stages.join() === 'New',
    ],
    [
      'feedback',
      { remoteId: 'IF-77', parentId: 'A-77' },
      'the feedback no longer shows',
      ({ interviews }) => interviews === 0,
    ],
    ['application', { remoteId: 'A-77' }, 'the application no longer shows', ({ jobs, inAts }) => jobs === 0 && inAts],
  ]),
  'RSC-504': deletes([
    [
      'application',
      { remoteId: 'A-77' },
      'it shows no longer, nor its notes, stages and feedback',
      ({ jobs, stages, interviews, notes }) =>
        jobs === 0 && stages.length === 0 && interviews === 0 && notes.join() === 'Note 77 of the candidate',
    ],
  ]),
};

/** A record that is deleted, and what must be seen in Recruiter then. */
type Deletion = readonly [kind: NetworkKind, key: NetworkKey, what: string, isGone: (seen: Seen) => boolean];

/** What Recruiter shows of a candidate. */
interface Seen {
  readonly inAts: boolean;
  readonly jobs: number;
  readonly stages: readonly string[];
  readonly notes: readonly string[];
  readonly interviews: number;
}

function deletes(deletions: readonly Deletion[]): Exercise {
  return async (protocol) => {
    await using stand = await startPluginStand();
    protocol.step('A candidate is sent with an application and everything that belongs to it.');
    await sendAda(stand);
    const before = seenIn(await stand.pages.profile(MEMBERS.ada));
    const isWhole = before.inAts && before.jobs === 1 && before.stages.length === 2 && before.notes.length === 2;
    protocol.holds('Recruiter shows all of it', isWhole && before.interviews === 1, before);
    for (const deletion of deletions) await deleteOne(stand, protocol, deletion);
  };
}

async function deleteOne(stand: PluginStand, protocol: Protocol, [kind, key, what, isGone]: Deletion): Promise<void> {
  const { systemConnect, ctx } = stand.connection;
  protocol.step(`Deleted: ${kind} ${key.remoteId}.`);
  const from = stand.recorder.count;
  protocol.equal('what became of it', await systemConnect.remove(ctx, kind, [key]), [{ ok: true }]);
  protocol.show(stand.recorder.since(from));
  const seen = seenIn(await stand.pages.profile(MEMBERS.ada));
  protocol.holds(what, isGone(seen), seen);
}

/** What Recruiter shows, in short. */
function seenIn({ inAts, previews }: ShownProfile): Seen {
  const jobs = previews.flatMap((preview) => preview.jobs);
  return {
    inAts,
    jobs: jobs.length,
    stages: jobs.flatMap(({ stages }) => stages.map(({ stage }) => stage)),
    notes: previews.flatMap(({ notes }) => notes.map(({ note }) => note)),
    interviews: previews.flatMap(({ interviews }) => interviews).length,
  };
}

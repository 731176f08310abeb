import type { Exercises } from '../../../plugins/linkedin-recruiter/certification/index.ts';
import { deletions } from './deletions.ts';
import { exports } from './exports.ts';
import { histories } from './histories.ts';
import type { HubStand } from './hub-stand.ts';
import { PairedWork } from './paired-work.ts';

/** What shows those rules that are about the hub: histories, exports, deletions, notifications. */
export function hubExercises(stand: HubStand): Exercises {
  const work = new PairedWork(stand);
  return { ...histories(work), ...exports(work), ...deletions(work) };
}

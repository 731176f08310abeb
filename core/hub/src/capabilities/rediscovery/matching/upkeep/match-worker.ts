import { parentPort, workerData } from 'node:worker_threads';
import { isDummyEmail } from '../../../../directory/dummy-email.js';
import type { Profile } from '../../../../directory/profile.js';
import type { CandidateData } from '../../mirror-model.js';
import { type CompileOptions, compileCandidate, compileProfile } from '../compiled-person.js';
import { decide, nobody } from '../decide.js';
import type { MatchDecision } from '../match-decision.js';
import { MatchIndex } from '../match-index.js';
import { withPages } from './pages-in-files.js';

/** A profile or candidate as the database has it: JSON that only this thread reads. */
export interface StoredPerson {
  readonly id: string;
  readonly data: string;
}

/** A candidate, with what people said of them. */
export interface CandidateToDecide extends StoredPerson {
  readonly confirmed: string | null;
  readonly rejected: readonly string[];
  /** Addresses of pages in the candidate's own files, in their order. */
  readonly pages: readonly string[];
}

/** What is asked of the thread. Each organization has an index of its own. */
export type MatchTask = { readonly organizationId: string } & (
  | { readonly kind: 'put'; readonly profiles: readonly StoredPerson[]; readonly gone: readonly string[] }
  | { readonly kind: 'decide'; readonly candidates: readonly CandidateToDecide[] }
  /** Begins with no profile, whatever there was. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'drop' }
);

/** What the thread answers to each kind of task. */
export interface MatchAnswers {
  /** How many profiles there are now, and whether any differs in what is compared. */
  readonly put: { readonly size: number; readonly differs: boolean };
  /** In the order of the candidates. */
  readonly decide: readonly MatchDecision[];
  readonly begin: null;
  readonly drop: null;
}

/** The settings of a thread. */
export interface MatchWorkerData {
  readonly dummyEmailDomain: string;
}

/** What became of a task. */
export type MatchOutcome =
  | { readonly number: number; readonly ok: true; readonly answer: MatchAnswers[MatchTask['kind']] }
  // The message of an error may quote a person, so only where it happened goes back.
  | { readonly number: number; readonly ok: false; readonly name: string; readonly stack: string };

const { dummyEmailDomain } = workerData as MatchWorkerData;
const options: CompileOptions = { isDummyEmail: (address) => isDummyEmail(address, dummyEmailDomain) };
const indexes = new Map<string, MatchIndex>();

function answer(task: MatchTask): MatchAnswers[MatchTask['kind']] {
  const { organizationId } = task;
  if (task.kind === 'begin') {
    indexes.set(organizationId, new MatchIndex());
    return null;
  }
  if (task.kind === 'drop') {
    indexes.delete(organizationId);
    return null;
  }
  const index = indexes.get(organizationId);
  // An index that is not there would match nobody.
  if (!index) throw new Error('There is no index of this organization.');
  if (task.kind === 'decide') {
    // A mirror may be loaded long before the first profile comes.
    if (index.size === 0) return task.candidates.map(() => nobody);
    return task.candidates.map(({ data, pages, confirmed, rejected }) =>
      decide(index, compileCandidate(withPages(JSON.parse(data) as CandidateData, pages), options), {
        ...(confirmed === null ? {} : { confirmed }),
        rejected: new Set(rejected),
      }),
    );
  }
  const before = index.size;
  let differs = false;
  for (const id of task.gone) index.remove(id);
  differs = index.size !== before;
  for (const { id, data } of task.profiles) {
    differs = index.add(id, compileProfile(JSON.parse(data) as Profile, options)) || differs;
  }
  return { size: index.size, differs };
}

parentPort?.on('message', ({ number, task }: { readonly number: number; readonly task: MatchTask }) => {
  let outcome: MatchOutcome;
  try {
    outcome = { number, ok: true, answer: answer(task) };
  } catch (error) {
    const { name, stack = '' } = error instanceof Error ? error : new Error('thrown');
    const lines = stack.split('\n').filter((line) => line.startsWith('    at '));
    outcome = { number, ok: false, name, stack: lines.join('\n') };
  }
  parentPort?.postMessage(outcome);
});

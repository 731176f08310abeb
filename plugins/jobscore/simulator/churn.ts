import { SeededRandom, type SimulatorClock } from '@talentbridge/testkit/simulator';
import type { SimulatedAccount } from './account.js';
import { STAGES } from './hiring-words.js';
import type { JobStatus, SimulatedStatus } from './records.js';

/** How much happens at once in an account. Default of each: nothing. */
export interface Churn {
  /** Candidates whose town is changed. */
  readonly changes?: number | undefined;
  /** Applications that move to another status and stage. */
  readonly applications?: number | undefined;
  readonly additions?: number | undefined;
  readonly deletions?: number | undefined;
  /** Pairs of which one record is made. */
  readonly merges?: number | undefined;
  /** Jobs that are opened or closed. */
  readonly jobs?: number | undefined;
  /** The same seed chooses the same records of the same account. Default 1. */
  readonly seed?: number | undefined;
}

/** Whom it happened to, by id. */
export interface Churned {
  readonly changed: readonly string[];
  readonly moved: readonly string[];
  readonly added: readonly string[];
  readonly deleted: readonly string[];
  readonly jobs: readonly string[];
}

const STATUSES: readonly SimulatedStatus[] = ['active', 'rejected', 'withdrawn', 'hired'];
const JOB_STATUSES: readonly JobStatus[] = ['open', 'closed', 'on_hold', 'filled'];

/** Lets users of an account work: what a day does to it, all at this moment. */
export function churn(account: SimulatedAccount, wanted: Churn, clock: SimulatorClock): Churned {
  const random = new SeededRandom(wanted.seed ?? 1);
  const now = (): string => clock.iso();
  const changed = times(wanted.changes, () => {
    const id = anyCandidate(account, random);
    if (id === undefined) return [];
    const { candidate } = account.folder(id);
    account.changeCandidate(id, { ...candidate, home_city: `Town ${random.below(1_000_000)}` }, now());
    return [id];
  });
  const moved = times(wanted.applications, () => {
    const application = anyApplication(account, random);
    if (application === undefined) return [];
    const status = STATUSES[random.below(STATUSES.length)] ?? 'active';
    const stage = STAGES[random.below(STAGES.length)] ?? 'New';
    account.moveApplication(application, { status, stage }, now());
    return [application];
  });
  const added = times(wanted.additions, () => {
    const word = random.id(8, 'abcdefghijklmnopqrstuvwxyz');
    const person = { first_name: 'Nia', last_name: `Nyberg-${word}`, email: `nia.${word}@home.example` };
    return [account.addCandidate({ ...person, source: 'user', source_detail: 'Rita Moss' }, now()).id];
  });
  const merged = times(wanted.merges, () => {
    const [winner, loser] = [anyCandidate(account, random), anyCandidate(account, random)];
    if (winner === undefined || loser === undefined || winner === loser) return [];
    account.merge(winner, loser, now());
    return [{ winner, loser }];
  });
  const deleted = times(wanted.deletions, () => {
    const id = anyCandidate(account, random);
    if (id === undefined) return [];
    account.deleteCandidate(id);
    return [id];
  });
  const jobs = times(wanted.jobs, () => {
    const job = account.jobs[random.below(account.jobs.length)];
    if (!job) return [];
    account.changeJob(job.id, JOB_STATUSES[random.below(JOB_STATUSES.length)] ?? 'open', now());
    return [job.id];
  });
  return {
    changed: [...changed, ...merged.map(({ winner }) => winner)],
    moved,
    added,
    deleted: [...deleted, ...merged.map(({ loser }) => loser)],
    jobs,
  };
}

function times<Done>(count: number | undefined, act: () => readonly Done[]): readonly Done[] {
  return Array.from({ length: count ?? 0 }, act).flat();
}

function anyCandidate(account: SimulatedAccount, random: SeededRandom): string | undefined {
  const place = random.below(account.size);
  return account.listCandidates().slice(place, place + 1)[0]?.id;
}

/** Looks at a few candidates, because not everybody applied. */
function anyApplication(account: SimulatedAccount, random: SeededRandom): string | undefined {
  for (let tries = 0; tries < 20; tries += 1) {
    const id = anyCandidate(account, random);
    const application = id === undefined ? undefined : account.folder(id).applications[0];
    if (application) return application.id;
  }
  return undefined;
}

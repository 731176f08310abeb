import type { SeededRandom } from '@talentbridge/testkit/simulator';
import type {
  Recommendation,
  SimulatedApplication,
  SimulatedAuthor,
  SimulatedCandidate,
  SimulatedInterview,
  SimulatedNote,
} from './records.js';

/** When something was made, and last changed. */
export type Stamps = Pick<SimulatedCandidate, 'created_on' | 'updated_on'>;

/** What users wrote about a generated candidate. */
export interface GeneratedHistory {
  readonly notes: readonly SimulatedNote[];
  readonly interviews: readonly SimulatedInterview[];
}

/** What it is made from. */
export interface HistorySource {
  readonly candidate: Stamps & Pick<SimulatedCandidate, 'id'>;
  readonly applications: readonly SimulatedApplication[];
  /** Who writes. Nobody: there is nothing. */
  readonly users: readonly SimulatedAuthor[];
  /** Whether there is something of everything, instead of some of it for some. */
  readonly inFull: boolean;
  readonly random: SeededRandom;
  /** @param part From 0. */
  readonly idOf: (kind: 'note' | 'interview', part: number) => string;
}

const NOTES = [
  'Called: keen, and could begin next month.',
  'Strong on the basics. Ask about team work.',
  'Referred by a colleague of the same team.',
  'Would relocate for the right offer.',
];

/** Interviews, each in the stage in which it is held. */
const INTERVIEWS = [
  { name: 'Phone screen', stage: 'Screen' },
  { name: 'On-site interview', stage: 'Interview' },
];
const FEEDBACK: readonly { readonly feedback: string; readonly recommendation: Recommendation }[] = [
  { feedback: 'Clear answers, and good questions of their own.', recommendation: 'yes' },
  { feedback: 'Knows the tools. Less sure about the why.', recommendation: 'undecided' },
  { feedback: 'Not the experience that this job needs.', recommendation: 'no' },
];

/** What users wrote about a generated candidate: the same for the same numbers. */
export function generatedHistory(source: HistorySource): GeneratedHistory {
  if (source.users.length === 0) return { notes: [], interviews: [] };
  return { notes: notesOf(source), interviews: interviewsOf(source) };
}

/** A moment between two: 0 is the first, 1 the last. */
export function momentIn({ created_on, updated_on }: Stamps, share: number): string {
  const from = Date.parse(created_on);
  return new Date(from + share * (Date.parse(updated_on) - from)).toISOString();
}

function notesOf({ candidate, users, inFull, random, idOf }: HistorySource): readonly SimulatedNote[] {
  const count = inFull ? 3 : random.next() < 0.3 ? 1 + random.below(3) : 0;
  return Array.from({ length: count }, (_, part) => {
    const written = momentIn(candidate, random.next());
    const body = pick(NOTES, random);
    const author = pick(users, random);
    return {
      id: idOf('note', part),
      candidate_id: candidate.id,
      body,
      author,
      // Whoever has something of everything has one of them.
      private: inFull ? part === count - 1 : random.next() < 0.2,
      created_on: written,
      updated_on: written,
    };
  });
}

function interviewsOf({
  candidate,
  applications,
  users,
  inFull,
  random,
  idOf,
}: HistorySource): readonly SimulatedInterview[] {
  const held = applications.flatMap(({ id, stage_history }) =>
    INTERVIEWS.flatMap(({ name, stage }) => {
      const entered = stage_history.find((one) => one.stage.name === stage);
      return entered && (random.next() < 0.5 || inFull) ? [{ id, name, on: entered.entered_on }] : [];
    }),
  );
  return held.map(({ id: application_id, name, on }, part) => {
    const stamps = { created_on: on, updated_on: momentIn({ ...candidate, created_on: on }, random.next()) };
    const said = pick(FEEDBACK, random);
    const interviewers = [pick(users, random)];
    const isSilent = random.next() < 0.2 && !inFull;
    return {
      id: idOf('interview', part),
      candidate_id: candidate.id,
      application_id,
      name,
      scheduled_on: on,
      interviewers,
      ...(isSilent ? { feedback: null, recommendation: null } : said),
      ...stamps,
    };
  });
}

function pick<Item>(items: readonly Item[], random: SeededRandom): Item {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}

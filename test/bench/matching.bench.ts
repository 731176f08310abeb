import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type CompiledPerson,
  compileCandidate,
  compileProfile,
} from '../../core/hub/dist/capabilities/rediscovery/matching/compiled-person.js';
import { decide } from '../../core/hub/dist/capabilities/rediscovery/matching/decide.js';
import { ABSENT, AT, FIELDS, LEVELS } from '../../core/hub/dist/capabilities/rediscovery/matching/levels.js';
import type { MatchDecision } from '../../core/hub/dist/capabilities/rediscovery/matching/match-decision.js';
import { MatchIndex } from '../../core/hub/dist/capabilities/rediscovery/matching/match-index.js';
import { settleClaims } from '../../core/hub/dist/capabilities/rediscovery/matching/settle-claims.js';
import { learnedWeights } from '../../core/hub/dist/capabilities/rediscovery/matching/weights.js';
import type { CandidateData } from '../../core/hub/dist/capabilities/rediscovery/mirror-model.js';
import type { Profile } from '../../core/hub/dist/directory/profile.js';
import { printTable } from './figures.ts';
import { labelledFolder } from './matching-folder.ts';
import { type LabelledPeople, learnWeights } from './matching-learn.ts';
import { NOISE } from './matching-noise.ts';
import { DUMMY_DOMAIN, MadeUpPeople } from './matching-people.ts';

/**
 * `npm run bench -- matching [--people 20000] [--seed 2] [--growth] [--folder PATH] [--learn] [--misses 10]`
 *
 * Matches made-up candidates to made-up profiles, as many of each, and compares with the truth: once as they are, once by names,
 * jobs and schools alone. `--growth` does so with a quarter and a half as well. `--folder` takes labelled people from there instead,
 * such as a public set: `labelledFolder` says how they are written.
 * `--learn` learns the weights from another seed and writes them into the sources; build afterwards. `--misses` shows examples.
 */
const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '2' },
    growth: { type: 'boolean', default: false },
    folder: { type: 'string' },
    learn: { type: 'boolean', default: false },
    misses: { type: 'string', default: '0' },
  },
});
const LEARNED_SEED = 1;
const WEIGHTS_FILE = new URL(
  '../../core/hub/src/capabilities/rediscovery/matching/learned-weights.json',
  import.meta.url,
);

/** What came of some of the candidates. */
class Tally {
  right = 0;
  wrong = 0;
  /** Of those who have a profile. */
  wanted = 0;
  review = 0;
  /** The right profile stands in the review, as the match or among the others. */
  offered = 0;
  row(name: string): readonly string[] {
    const precision = this.right / (this.right + this.wrong);
    const recall = this.right / this.wanted;
    const f1 = (2 * precision * recall) / (precision + recall);
    return [
      name,
      show(this.wanted),
      precision.toFixed(5),
      recall.toFixed(4),
      f1.toFixed(4),
      show(this.wrong),
      show(this.review),
      ((this.right + this.offered) / this.wanted).toFixed(4),
    ];
  }
}

interface Labelled {
  profiles(): Iterable<Profile> | AsyncIterable<Profile>;
  /** Each with the key of their profile, if they have one. */
  candidates():
    | Iterable<readonly [CandidateData, string | undefined]>
    | AsyncIterable<readonly [CandidateData, string | undefined]>;
}

const options = { isDummyEmail: (address: string) => address.toLowerCase().endsWith(`@${DUMMY_DOMAIN}`) };
const people = Number(values.people);

if (values.learn) learn();
else if (values.folder) printCost([await measure('the folder', await labelledFolder(values.folder))]);
else {
  const seed = Number(values.seed);
  if (seed === LEARNED_SEED)
    throw new Error(`Seed ${LEARNED_SEED} is what the weights were learned from: take another.`);
  const sizes = values.growth ? [people / 4, people / 2, people].map(Math.round) : [people];
  const rows: (readonly string[])[] = [];
  for (const size of sizes)
    rows.push(await measure(`${show(size)} against ${show(size)}, seed ${seed}`, madeUp(new MadeUpPeople(seed, size))));
  printCost(rows);
  console.log('\nNoise of the generator, as parts of one:\n');
  printTable(
    ['', ''],
    Object.entries(NOISE).map(([what, rate]) => [what, String(rate)]),
  );
}

function printCost(rows: readonly (readonly string[])[]): void {
  console.log('\nWhat it costs, and how that grows:\n');
  printTable(
    [
      'profiles',
      'pairs compared',
      'a candidate',
      'profiles in, CPU s',
      'candidates matched, CPU s',
      'pairs a second',
      'index and all, MB',
    ],
    rows,
  );
}

function madeUp(made: MadeUpPeople): Labelled {
  return {
    profiles: () => made.profiles(),
    *candidates() {
      for (let number = 0; number < made.people; number += 1) {
        const truth = made.truth(number);
        yield [made.candidate(number), truth === undefined ? undefined : `p-${truth}`] as const;
      }
    },
  };
}

/** What is left without contact data, pages and place. */
function bare(person: CompiledPerson): CompiledPerson | undefined {
  if (person.jobs.length + person.studies.length === 0) return undefined;
  return { ...person, linkedIn: [], gitHub: [], emails: [], phones: [], city: 0, region: 0, country: 0 };
}

function learn(): void {
  const made = new MadeUpPeople(LEARNED_SEED, people);
  const labelled: LabelledPeople = {
    about: `seed ${LEARNED_SEED} of the generator of test/bench/matching-people.ts, ${show(people)} people`,
    *profiles() {
      for (const profile of made.profiles()) yield [profile.key, compileProfile(profile, options)] as const;
    },
    *candidates() {
      for (let number = 0; number < people; number += 1) {
        const truth = made.truth(number);
        yield [
          compileCandidate(made.candidate(number), options),
          truth === undefined ? undefined : `p-${truth}`,
        ] as const;
      }
    },
    bare,
  };
  const weights = learnWeights(labelled, learnedWeights);
  writeFileSync(WEIGHTS_FILE, `${JSON.stringify(weights, undefined, 2)}\n`);
  const rows = FIELDS.flatMap((field) =>
    LEVELS[field].map((level) => {
      const { m = 1, u = 1 } = weights.fields[field][level] ?? {};
      return [`${field} ${level}`, m.toPrecision(3), u.toPrecision(3), Math.log2(m / u).toFixed(1)];
    }),
  );
  printTable(['', 'one person', 'two people', 'bits'], rows);
  console.log(JSON.stringify({ ...weights.thresholds, ...weights.commonPerMillion, coverage: weights.coverage }));
}

/** Matches everybody twice and prints how exact that was; answers the line for the table of growth. */
async function measure(name: string, labelled: Labelled): Promise<readonly string[]> {
  const index = new MatchIndex();
  let indexMs = 0;
  for await (const profile of labelled.profiles()) {
    const begun = busyMs();
    index.add(profile.key, compileProfile(profile, options));
    indexMs += busyMs() - begun;
  }
  console.log(`\n${name}: ${show(index.size)} profiles\n`);
  const asTheyAre = await matchAll(index, labelled, (person) => person);
  const megabytes = process.memoryUsage().rss / 1_000_000;
  const alone = await matchAll(index, labelled, bare);
  printTable(
    ['automatic matches', 'have a profile', 'precision', 'recall', 'F1', 'wrong', 'to review', 'recall with review'],
    [
      asTheyAre.comparable.row('URL or email present'),
      asTheyAre.rest.row('the others of these candidates'),
      asTheyAre.all.row('all candidates'),
      alone.all.row('by name, jobs and schools alone'),
    ],
  );
  if (asTheyAre.lost > 0)
    console.log(`\n${show(asTheyAre.lost)} candidates are paired with a profile that is not there.`);
  const reviews = Object.entries(asTheyAre.reasons).map(([reason, count]) => `${reason} ${show(count)}`);
  console.log(`\nReview: ${reviews.join(', ')}`);
  for (const miss of [...asTheyAre.misses, ...alone.misses]) console.log(miss);
  return [
    show(index.size),
    show(asTheyAre.pairs),
    (asTheyAre.pairs / asTheyAre.candidates).toFixed(1),
    (indexMs / 1000).toFixed(1),
    (asTheyAre.ms / 1000).toFixed(1),
    show(Math.round((asTheyAre.pairs / asTheyAre.ms) * 1000)),
    show(Math.round(megabytes)),
  ];
}

async function matchAll(
  index: MatchIndex,
  labelled: Labelled,
  mask: (person: CompiledPerson) => CompiledPerson | undefined,
) {
  const [all, comparable, rest] = [new Tally(), new Tally(), new Tally()];
  const reasons: Record<string, number> = {};
  const misses: string[] = [];
  const claims = new Map<
    string,
    { readonly decision: MatchDecision; readonly truth: string | undefined; readonly tally: Tally }[]
  >();
  let [pairs, ms, candidates, lost] = [0, 0, 0, 0];
  for await (const [candidate, truth] of labelled.candidates()) {
    const begun = busyMs();
    const person = mask(compileCandidate(candidate, options));
    if (!person) {
      ms += busyMs() - begun;
      continue;
    }
    const decision = decide(index, person);
    ms += busyMs() - begun;
    candidates += 1;
    pairs += index.lastFound;
    const truthSlot = truth === undefined ? undefined : index.slotOf(truth);
    const of = truthSlot ?? (decision.match ? index.slotOf(decision.match.profileId) : undefined);
    const tally = of !== undefined && isComparable(index, of) ? comparable : rest;
    if (truthSlot !== undefined) for (const each of [all, tally]) each.wanted += 1;
    else if (truth !== undefined) lost += 1;
    if (decision.match) {
      const slim: MatchDecision = {
        ...decision,
        match: { ...decision.match, evidence: [] },
        others: decision.others.map((other) => ({ ...other, evidence: [] })),
      };
      const key = decision.decision === 'MATCHED' ? decision.match.profileId : '';
      const entry = { decision: slim, truth, tally };
      if (key === '') note(entry);
      else {
        const known = claims.get(key);
        if (known) known.push(entry);
        else claims.set(key, [entry]);
      }
    }
    const isRight = decision.decision === 'MATCHED' && decision.match?.profileId === truth;
    const isWrong = decision.decision === 'MATCHED' && !isRight;
    if (
      misses.length < Number(values.misses) &&
      (isWrong || (truth !== undefined && !isRight && candidates % 7 === 0))
    ) {
      const { firstName, lastName, workExperience, education } = candidate;
      misses.push(
        JSON.stringify({
          isWrong,
          truth,
          firstName,
          lastName,
          workExperience,
          education,
          decision,
          truthScore: truthSlot === undefined ? undefined : index.score(truthSlot).score,
        }),
      );
    }
  }
  for (const claimed of claims.values()) {
    const settled = settleClaims(claimed.map(({ decision }, place) => ({ candidateId: String(place), decision })));
    for (const [place, entry] of claimed.entries())
      note({ ...entry, decision: settled[place]?.decision ?? entry.decision });
  }
  return { all, comparable, rest, reasons, misses, pairs, ms, candidates, lost };

  function note({
    decision,
    truth,
    tally,
  }: {
    decision: MatchDecision;
    truth: string | undefined;
    tally: Tally;
  }): void {
    for (const each of [all, tally]) {
      if (decision.decision === 'REVIEW') {
        each.review += 1;
        if (truth !== undefined && [decision.match, ...decision.others].some((found) => found?.profileId === truth))
          each.offered += 1;
      } else if (decision.match?.profileId === truth) each.right += 1;
      else each.wrong += 1;
    }
    if (decision.reason) reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1;
  }
}

/** Whether both sides have a page of the same network, or a mailbox. */
function isComparable(index: MatchIndex, slot: number): boolean {
  const { levels } = index.score(slot);
  return [AT.linkedIn, AT.gitHub, AT.email].some((field) => levels[field] !== ABSENT);
}

function show(count: number): string {
  return count.toLocaleString('en');
}

/** Processor time of this thread so far, in milliseconds: unlike the clock it does not count what else the machine does. */
function busyMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

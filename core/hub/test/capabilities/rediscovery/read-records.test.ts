import type { MirroredCandidate, MirroredJob } from '@talentbridge/contracts';
import { HOSTILE_STRINGS } from '@talentbridge/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  candidateIdsOf,
  readRecords,
  readRecordsMeanwhile,
} from '../../../src/capabilities/rediscovery/read-records.js';

const nothing = { candidates: [], jobs: [], applications: [], gone: [] };
const read = (candidate: unknown) => readRecords({ ...nothing, candidates: [candidate as MirroredCandidate] });
const candidate: MirroredCandidate = {
  remoteId: 'c-1',
  firstName: 'Ada',
  emails: ['ada@mail.example'],
  phones: [],
  address: { city: 'Turin', country: 'IT' },
  socialUrls: [],
  workExperience: [{ employer: 'Example Co', current: true }],
  education: [],
  tags: [],
};

it('the order of members is no difference, and what an ATS adds that nobody knows is none either', () => {
  const [hash] = read(candidate).candidates.map((one) => one.hash);
  const turned = Object.fromEntries(Object.entries(candidate).reverse());
  expect(read({ ...turned, novelty: 1 }).candidates[0]?.hash).toBe(hash);
  expect(read({ ...candidate, firstName: 'Eda' }).candidates[0]?.hash).not.toBe(hash);
});

it('the order of applications is no difference', () => {
  const applications = ['a', 'b'].map((remoteId) => ({
    remoteId,
    candidateRemoteId: 'c-1',
    jobRemoteId: 'j',
    status: 'active' as const,
  }));
  const [one] = read({ ...candidate, applications }).candidates;
  const [other] = read({ ...candidate, applications: applications.toReversed() }).candidates;
  expect(other?.applications?.hash).toBe(one?.applications?.hash);
});

it('RSC-2: a job keeps its description, cut to 20,000 characters, and its link where it leads to the web', () => {
  const job = {
    remoteId: 'j-1',
    title: 'Welder',
    open: true,
    description: ' One.\nTwo.\u0000 ',
    applyUrl: 'https://a.example/j',
  };
  const jobOf = (changes: Partial<MirroredJob>) => {
    const [one] = readRecords({ ...nothing, jobs: [{ ...job, ...changes }] }).jobs;
    return { hash: one?.hash, ...JSON.parse(one?.json ?? '{}') };
  };
  expect(jobOf({})).toMatchObject({ description: 'One.\nTwo.', applyUrl: 'https://a.example/j' });
  expect(jobOf({ description: `${'x'.repeat(19_999)}\u{1f600}` }).description).toBe('x'.repeat(19_999));
  for (const applyUrl of ['javascript:alert(1)', 'a.example/j', 'ftp://a.example/j']) {
    expect(jobOf({ applyUrl })).not.toHaveProperty('applyUrl');
  }
  const hashes = [{}, { description: 'Other.' }, { applyUrl: 'http://a.example/j' }].map(
    (changes) => jobOf(changes).hash,
  );
  expect(new Set(hashes).size).toBe(3);
});

it('records that are read bit by bit are the same, and others get their turn meanwhile', async () => {
  const candidates = Array.from({ length: 23 }, (_, number) => ({
    remoteId: `c-${number % 20}`,
    emails: [`person-${number}@mail.example`],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [],
    tags: [],
    applications: [{ remoteId: `a-${number}`, candidateRemoteId: '', jobRemoteId: 'j-1', status: 'active' as const }],
  }));
  const records = { candidates, jobs: [], applications: [], gone: [] };
  let isOver = false;
  const { whole } = readRecordsMeanwhile(records);
  const reading = whole.finally(() => {
    isOver = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  expect(await reading).toEqual(readRecords(records));
});

it('RED-2: candidates are handed on while others are still being read, each of them once', async () => {
  const people = (count: number, ids = count) =>
    Array.from({ length: count }, (_, number) => ({ ...candidate, remoteId: `c-${number % ids}` }));
  const partsOf = async (candidates: readonly MirroredCandidate[]) => {
    const reading = readRecordsMeanwhile({ ...nothing, candidates });
    const parts = await Promise.all(reading.candidates);
    const { candidates: all } = await reading.whole;
    expect(parts.flat()).toEqual(all);
    return parts.map((part) => part.length);
  };
  expect(await partsOf([])).toEqual([0]);
  expect(await partsOf(people(20))).toEqual([20]);
  expect(await partsOf(people(30))).toEqual([20, 10]);
  expect(await partsOf(people(200))).toEqual([20, 60, 60, 60]);
  // Of those with the same id the last one counts, which is not known before the end.
  expect(await partsOf(people(200, 199))).toEqual([199]);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 260 }), async (count) => {
      for (const length of await partsOf(people(count))) expect(length).toBeLessThanOrEqual(60);
    }),
  );
});

it('RED-2: whoever is handed candidates hears of it where reading them fails', async () => {
  const broken = {
    ...candidate,
    get emails(): string[] {
      throw new Error('Broken.');
    },
  };
  const reading = readRecordsMeanwhile({ ...nothing, candidates: [candidate, broken] });
  await expect(reading.whole).rejects.toThrow('Broken.');
  await expect(Promise.all(reading.candidates)).rejects.toThrow('Broken.');
});

it('RED-2: whoever is written was looked up before, by an id that fits into the database', () => {
  const ids = fc.oneof(fc.constantFrom(...HOSTILE_STRINGS), fc.string({ unit: 'binary' }), fc.anything());
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.record({ remoteId: ids }), fc.anything())), (given) => {
      const records = { ...nothing, candidates: given as MirroredCandidate[] };
      const read = readRecords(records).candidates.map(({ remoteId }) => remoteId);
      expect([...new Set(candidateIdsOf(records))]).toEqual(read);
    }),
  );
});

it('the last of several records with one id counts', () => {
  const given = [candidate, { ...candidate, firstName: 'Later' }];
  const records = readRecords({ ...nothing, candidates: given });
  expect(records.candidates.map(({ json }) => JSON.parse(json).firstName)).toEqual(['Later']);
  expect(records.totals.candidates).toBe(2);
});

it('a time that no calendar has is kept as the one that it stands for, which everybody can read', () => {
  const updatedAt = (given: string): unknown =>
    JSON.parse(read({ ...candidate, updatedAt: given }).candidates[0]?.json ?? '').updatedAt;
  expect(updatedAt('2024-02-30T10:00:00.000Z')).toBe('2024-03-01T10:00:00.000Z');
  expect(updatedAt('2024-02-28T24:00:00.000Z')).toBe('2024-02-29T00:00:00.000Z');
  for (const day of ['2024-02-29', '2024-01-31']) {
    expect(updatedAt(`${day}T23:59:59.999Z`)).toBe(`${day}T23:59:59.999Z`);
  }
});

it('whatever stands in a record, it is refused or fits into the database', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...HOSTILE_STRINGS.map(({ text: hostile }) => hostile)),
    fc.constant('\ud800'),
    fc.constant('\u0000'),
  );
  const value = fc.oneof(text, fc.anything());
  fc.assert(
    fc.property(
      fc.record(
        {
          remoteId: value,
          firstName: value,
          emails: fc.oneof(value, fc.array(value)),
          applications: value,
          updatedAt: value,
          workExperience: fc.array(fc.record({ employer: value, startDate: value })),
        },
        { requiredKeys: [] },
      ),
      (given) => {
        const { candidates, refused } = read(given);
        expect(candidates.length + refused.filter(({ kind }) => kind === 'candidate').length).toBe(1);
        for (const { json, remoteId } of candidates) {
          expect(json.isWellFormed()).toBe(true);
          expect(json).not.toContain('\\u0000');
          expect(json).not.toMatch(/\\ud[89a-f]/);
          expect(remoteId.length).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 500 },
  );
});

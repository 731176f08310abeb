import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  certify,
  csvSheet,
  type Evidence,
  markdownSheet,
} from '../../plugins/linkedin-recruiter/certification/index.ts';
import { hubExercises } from '../certify/linkedin-recruiter/hub-exercises.ts';
import { type HubStand, startHubStand } from '../certify/linkedin-recruiter/hub-stand.ts';
import { freshDatabase } from '../support/postgres.ts';

let stand: HubStand;
let all: readonly Evidence[];

beforeAll(async () => {
  stand = await startHubStand(await freshDatabase());
  all = await certify([{ where: 'hub', exercises: hubExercises(stand) }]);
});
afterAll(() => stand[Symbol.asyncDispose]());

it('every published rule about the hub holds, with the ATS and the network simulated', () => {
  const broken = all.filter(({ result }) => result === 'FAILED');
  expect(broken.map(({ rule, failure, protocol }) => [rule.id, failure, protocol.observations])).toEqual([]);
  expect(all.filter(({ result }) => result === 'PASSED').map(({ rule }) => rule.id)).toEqual([
    'RSC-101',
    'RSC-201',
    'RSC-202',
    'RSC-203',
    'Test case 4',
    'RSC-301',
    'RSC-303',
    'RSC-501',
    'RSC-502',
    'API-CALLBACK',
  ]);
});

it('the sheets that are handed in have no key, no token and no callback address', () => {
  const head = { at: new Date().toISOString(), versions: {} };
  for (const sheet of [markdownSheet, csvSheet]) {
    expect(stand.concealment.isLeaked(sheet(head, all, stand.concealment))).toBe(false);
  }
});

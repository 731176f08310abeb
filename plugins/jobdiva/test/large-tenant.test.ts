import { describe, expect, it } from 'vitest';
import { type JobDivaSimulator, SIMULATED_CREDENTIALS, startSimulator } from '../simulator/index.js';

const UNTIL = Date.UTC(2026, 10, 1);
const FIRST_TWO_WEEKS = { fromDate: '10/01/2026 00:00:00', toDate: '10/14/2026 00:00:00' };
const HEADERS = { 'content-type': 'application/json' };

/** Reports of JobDiva, read without any plugin. */
async function reportsOf(simulator: JobDivaSimulator): Promise<(method: string) => Promise<readonly unknown[]>> {
  const { clientId, username, password } = SIMULATED_CREDENTIALS.first;
  const body = JSON.stringify({ clientId: Number(clientId), userName: username, password });
  const signedIn = await fetch(`${simulator.url}/apiv2/v2/login`, { method: 'POST', headers: HEADERS, body });
  const token: unknown = Reflect.get(Object(await signedIn.json()), 'token');
  return async (method) => {
    const query = new URLSearchParams({ ...FIRST_TWO_WEEKS, alternateFormat: 'true' });
    const answer = await fetch(`${simulator.url}/apiv2/bi/${method}?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return Reflect.get(Object(await answer.json()), 'data') as readonly unknown[];
  };
}

describe('a large tenant', () => {
  it('has a million candidates, the same for the same seed, and holds those alone who changed', async () => {
    await using simulator = await startSimulator({ rate: 0, candidates: 1_000_000, seed: 9, until: UNTIL });
    const read = await reportsOf(simulator);
    const { people } = simulator.account();
    const listed = await read('NewUpdatedCandidateRecords');
    expect(listed.length).toBeGreaterThan(10_000);
    expect(await read('SubmittalInterviewHireActivitiesList')).not.toEqual([]);
    expect([people.count, people.held.length]).toEqual([1_000_000, 0]);

    await using same = await startSimulator({ rate: 0, candidates: 1_000_000, seed: 9, until: UNTIL });
    expect(await (await reportsOf(same))('NewUpdatedCandidateRecords')).toEqual(listed);
    await using other = await startSimulator({ rate: 0, candidates: 1_000_000, seed: 10, until: UNTIL });
    expect(await (await reportsOf(other))('NewUpdatedCandidateRecords')).not.toEqual(listed);

    const wanted = { change: 20, move: 10, delete: 5, merge: 5 };
    await fetch(`${simulator.url}/_sim/churn`, { method: 'POST', headers: HEADERS, body: JSON.stringify(wanted) });
    expect(people.count).toBe(1_000_000 - wanted.delete - wanted.merge);
    expect(people.held.length).toBeLessThanOrEqual(wanted.change + wanted.move + 2 * wanted.merge);
    expect((await fetch(`${simulator.url}/_sim/state`)).status).toBe(200);
  });
});

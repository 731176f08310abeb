import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type JobScoreSimulator, SIMULATED_KEYS, startSimulator } from '../simulator/index.js';
import { NumbersLeft } from '../simulator/numbers-left.js';

// What §9a and large tenants add to the simulator, seen through HTTP where there is a route.

const listed = z.object({
  items: z.array(z.looseObject({ id: z.string(), email: z.string() })),
  meta: z.object({ pagination: z.object({ resources: z.number(), pages: z.number() }) }),
});

async function ask(
  simulator: JobScoreSimulator,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${simulator.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Token token=${SIMULATED_KEYS.user}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function list(simulator: JobScoreSimulator, number: number, query = ''): Promise<z.output<typeof listed>> {
  return listed.parse((await ask(simulator, `/v2/candidates?page[number]=${number}&page[size]=100${query}`)).body);
}

describe('a large tenant', () => {
  it('serves a million candidates by page and by id, and holds none of them', async () => {
    await using simulator = await startSimulator({ rate: 0, candidates: 1_000_000, seed: 3 });
    const last = await list(simulator, 10_000);
    expect(last.meta.pagination).toMatchObject({ resources: 1_000_000, pages: 10_000 });
    expect(last.items).toHaveLength(100);
    const [someone] = last.items;
    expect(await ask(simulator, `/v2/candidates/${someone?.id}`)).toMatchObject({
      status: 200,
      body: { id: someone?.id, email: someone?.email },
    });
    expect(await ask(simulator, `/v2/candidates?email=${someone?.email}`)).toMatchObject({
      body: { items: [{ id: someone?.id }] },
    });
    expect(simulator.account().candidates).toHaveLength(0);
  });

  it('is the same for the same seed, and another for another', async () => {
    await using one = await startSimulator({ candidates: 150, seed: 3 });
    await using same = await startSimulator({ candidates: 150, seed: 3 });
    await using other = await startSimulator({ candidates: 150, seed: 4 });
    expect([...same.account().folders()]).toEqual([...one.account().folders()]);
    expect([...other.account().folders()]).not.toEqual([...one.account().folders()]);
  });

  it('gives each candidate an id of 22 characters and all records ids of their own', async () => {
    await using simulator = await startSimulator({ candidates: 500 });
    const ids = [...simulator.account().folders()].flatMap(({ candidate, ...parts }) =>
      [candidate, ...Object.values(parts).flat()].map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('has a history of everybody that fits to their dates, and something of everything for the first ones', async () => {
    await using simulator = await startSimulator({ candidates: 500 });
    const folders = [...simulator.account().folders()];
    for (const { candidate, applications, notes, interviews } of folders) {
      const entered = applications.flatMap(({ stage_history }) => stage_history.map(({ entered_on }) => entered_on));
      for (const at of [...entered, ...[...notes, ...interviews].flatMap((one) => [one.created_on, one.updated_on])]) {
        expect(at >= candidate.created_on && at <= candidate.updated_on).toBe(true);
      }
      for (const { stage_history: history } of applications) {
        expect(history.map(({ entered_on }) => entered_on)).toEqual(history.map((one) => one.entered_on).toSorted());
      }
      const own = applications.map(({ id }) => id);
      for (const { application_id } of interviews) expect(own).toContain(application_id);
    }
    for (const { notes, interviews, applications } of folders.slice(0, 5)) {
      expect(notes.map((note) => note.private)).toEqual([false, false, true]);
      expect(interviews.length > 0).toBe(applications.some(({ stage_history }) => stage_history.length > 1));
      for (const { feedback } of interviews) expect(feedback).toEqual(expect.any(String));
    }
    expect(folders.slice(0, 5).flatMap(({ interviews }) => interviews)).not.toEqual([]);
    expect(folders.flatMap(({ interviews }) => interviews.map(({ feedback }) => feedback))).toContain(null);
    expect(folders.some(({ notes }) => notes.length === 0)).toBe(true);
  });

  it('shows notes and interviews, and keeps what is added to them', async () => {
    await using simulator = await startSimulator({ rate: 0, candidates: 3 });
    const [folder] = simulator.account().folders();
    const path = `/v2/candidates/${folder?.candidate.id}/notes`;
    expect(await ask(simulator, path)).toMatchObject({
      body: { items: expect.arrayContaining([expect.objectContaining({ id: folder?.notes[0]?.id, private: false })]) },
    });
    expect(await ask(simulator, path, { body: 'Keen.' })).toMatchObject({
      status: 201,
      body: { body: 'Keen.', private: false, author: { first_name: 'Tariq', last_name: 'Bell' } },
    });
    expect(await ask(simulator, path, { body: ' ' })).toMatchObject({ status: 422 });
    expect(await ask(simulator, path)).toMatchObject({ body: { meta: { pagination: { resources: 4 } } } });
    expect(await ask(simulator, '/v2/candidates/nobody/notes', { body: 'Keen.' })).toMatchObject({ status: 404 });
    expect(await ask(simulator, '/v2/candidates/nobody/interviews')).toMatchObject({ status: 404 });
  });

  it('answers 404 for notes and interviews in an account that has none', async () => {
    const deviations = { notOffered: ['notes', 'interviews'] } as const;
    await using simulator = await startSimulator({ candidates: 3, deviations });
    const [folder] = simulator.account().folders();
    for (const part of deviations.notOffered) {
      expect(await ask(simulator, `/v2/candidates/${folder?.candidate.id}/${part}`)).toMatchObject({ status: 404 });
    }
  });

  it('keeps a changed candidate in its place, dates it anew, and lists it among the changes', async () => {
    await using simulator = await startSimulator({ candidates: 150 });
    const since = new Date(simulator.clock.now() - 1000).toISOString();
    expect((await list(simulator, 1, `&updated_since=${since}`)).items).toEqual([]);
    const before = (await list(simulator, 1)).items.map(({ id }) => id);
    const id = before[40] ?? '';
    const folder = simulator.account().folder(id);
    simulator.account().changeCandidate(id, { ...folder.candidate, home_city: 'Porto' }, simulator.clock.iso());
    expect((await list(simulator, 1)).items.map((one) => one.id)).toEqual(before);
    expect((await list(simulator, 1, `&updated_since=${since}`)).items).toMatchObject([{ id, home_city: 'Porto' }]);
    expect(simulator.account().folder(id).applications).toEqual(folder.applications);
  });

  it('finds by updated_since whoever was generated as changed since then', async () => {
    await using simulator = await startSimulator({ candidates: 90 });
    const since = '2025-06-01T00:00:00.000Z';
    const wanted = [...simulator.account().folders()].filter(({ candidate }) => candidate.updated_on >= since);
    expect(wanted).not.toHaveLength(0);
    const { items } = await list(simulator, 1, `&updated_since=${since}`);
    expect(items.map(({ id }) => id)).toEqual(wanted.map(({ candidate }) => candidate.id));
  });

  it('moves those up who stand behind somebody who is deleted', async () => {
    await using simulator = await startSimulator({ candidates: 250 });
    const [first, second] = [(await list(simulator, 1)).items, (await list(simulator, 2)).items];
    expect(await ask(simulator, `/_sim/candidates/${first[3]?.id}/delete`, {})).toMatchObject({ status: 200 });
    const after = await list(simulator, 1);
    expect(after.items.at(-1)).toEqual(second[0]);
    expect(after.meta.pagination.resources).toBe(249);
    expect(await ask(simulator, `/v2/candidates/${first[3]?.id}`)).toMatchObject({ status: 404 });
    expect(await ask(simulator, `/v2/candidates/${first[3]?.id}/applications`)).toMatchObject({ status: 404 });
  });

  it('is there again after a reset', async () => {
    await using simulator = await startSimulator({ candidates: 20 });
    const before = [...simulator.account().folders()];
    simulator.churn({ changes: 5, deletions: 5, additions: 5, applications: 5, merges: 2 });
    expect([...simulator.account().folders()]).not.toEqual(before);
    simulator.reset();
    expect([...simulator.account().folders()]).toEqual(before);
  });
});

describe('churn', () => {
  it('lets users work, and names whom it happened to', async () => {
    await using simulator = await startSimulator({ rate: 0, candidates: 300 });
    const wanted = { changes: 4, applications: 3, additions: 2, deletions: 2, merges: 1, jobs: 1, seed: 9 };
    const { changed, moved, added, deleted, jobs } = simulator.churn(wanted);
    expect([changed, moved, added, deleted, jobs].map(({ length }) => length)).toEqual([5, 3, 2, 3, 1]);
    expect(simulator.account().size).toBe(300 + 2 - 3);
    for (const id of deleted) expect(await ask(simulator, `/v2/candidates/${id}`)).toMatchObject({ status: 404 });
    const application = simulator.account().application(moved[0] ?? '');
    expect(application.stage_history.at(-1)?.stage).toEqual(application.workflow_stage);
    const { candidate } = simulator.account().folder(application.candidate_id);
    expect(candidate.updated_on >= application.updated_on).toBe(true);
  });

  it('can be asked for over HTTP', async () => {
    await using simulator = await startSimulator({ candidates: 10 });
    expect(await ask(simulator, '/_sim/churn', { deletions: 1 })).toMatchObject({
      status: 200,
      body: { deleted: [expect.any(String)] },
    });
    expect(await ask(simulator, '/_sim/churn', { account: 'nobody', deletions: 1 })).toMatchObject({ status: 404 });
  });

  it('chooses the same records with the same seed', async () => {
    await using one = await startSimulator({ candidates: 300 });
    await using same = await startSimulator({ candidates: 300 });
    const wanted = { changes: 5, applications: 5, deletions: 5, seed: 2 };
    expect(same.churn(wanted)).toEqual(one.churn(wanted));
  });
});

it('numbers that are left are those that were not taken away, in order', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.array(fc.nat(60)), (limit, taken) => {
      const left = new NumbersLeft(limit);
      for (const number of taken) left.remove(number);
      const expected = Array.from({ length: limit }, (_, number) => number).filter((number) => !taken.includes(number));
      expect(left.count).toBe(expected.length);
      expect(expected.map((_, place) => left.at(place))).toEqual(expected);
      for (let number = 0; number <= 60; number += 1) expect(left.has(number)).toBe(expected.includes(number));
    }),
  );
});

import { describe, expect, it } from 'vitest';
import { churn, type IcimsSimulator, SIMULATED_LOGINS, startSimulator } from '../simulator/index.js';

const { username, password } = SIMULATED_LOGINS.example;
const AUTHORIZATION = `Basic ${btoa(`${username}:${password}`)}`;

/** What is looked at of answers. */
interface Answer {
  readonly searchResults?: readonly { readonly id: number }[];
}

async function ask(simulator: IcimsSimulator, method: 'GET' | 'POST', path: string, body?: unknown) {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: { authorization: AUTHORIZATION, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const json: Answer = isJson ? Object(await response.json()) : {};
  return { status: response.status, json };
}

async function found(
  simulator: IcimsSimulator,
  type: string,
  filters: readonly unknown[],
  { operator = '&', staleness = 0 } = {},
): Promise<readonly number[]> {
  const path = `/customers/1234/search/${type}?staleness=${staleness}`;
  const { status, json } = await ask(simulator, 'POST', path, { filters, operator });
  expect(status).toBe(200);
  return json.searchResults?.map(({ id }) => id) ?? [];
}

function beyond(name: string, id: number): unknown {
  return { name, value: [String(id)], operator: '>' };
}

/** Ids over all pages. */
async function all(simulator: IcimsSimulator, type: string, name: string): Promise<readonly number[]> {
  const ids: number[] = [];
  for (;;) {
    const page = await found(simulator, type, [beyond(name, ids.at(-1) ?? 0)]);
    ids.push(...page);
    if (page.length < 1000) return ids;
  }
}

describe('a generated customer', () => {
  it('has the same people for the same seed, and others for another', async () => {
    const everybody = async (seed: number) => {
      await using simulator = await startSimulator({ candidates: 60, seed });
      return simulator.people();
    };
    const first = await everybody(3);
    expect(first).toHaveLength(60);
    expect(await everybody(3)).toEqual(first);
    expect((await everybody(4)).map(({ fields }) => fields)).not.toEqual(first.map(({ fields }) => fields));
  });

  it('shows everybody once over all pages, in the order of their ids, with their workflows', async () => {
    await using simulator = await startSimulator({ candidates: 2500, quota: 0 });
    const tenant = simulator.tenant();
    const people = await all(simulator, 'people', 'person.id');
    expect(people).toHaveLength(2500);
    expect(people).toStrictEqual([...people].toSorted((a, b) => a - b));
    const workflows = await all(simulator, 'applicantworkflows', 'applicantworkflow.id');
    expect(workflows).toStrictEqual(people.flatMap((id) => [...tenant.workflowsOf(id)]));
    const whose = people.slice(0, 3).map((id) => ({ name: 'applicantworkflow.person.id', value: [String(id)] }));
    expect(await found(simulator, 'applicantworkflows', whose, { operator: '|' })).toStrictEqual(
      people.slice(0, 3).flatMap((id) => [...tenant.workflowsOf(id)]),
    );
  });

  it('finds people by their address of today', async () => {
    await using simulator = await startSimulator({ candidates: 50, quota: 0 });
    const tenant = simulator.tenant();
    const [person] = simulator.people();
    const email = String(person?.fields['email']);
    const by = (value: string) =>
      found(simulator, 'people', [{ name: 'person.email', value: [value], operator: '==' }]);
    expect(await by(email)).toStrictEqual([person?.id]);
    tenant.edit(person?.id ?? 0, { email: 'other@home.example' }, simulator.clock.now());
    expect(await by(email)).toStrictEqual([]);
    expect(await by('other@home.example')).toStrictEqual([person?.id]);
    tenant.erase(person?.id ?? 0);
    expect(await by('other@home.example')).toStrictEqual([]);
    expect(await ask(simulator, 'GET', `/customers/1234/people/${person?.id}`)).toMatchObject({ status: 404 });
  });

  it('takes new people and workflows behind those that it had', async () => {
    await using simulator = await startSimulator({ candidates: 50, quota: 0 });
    const before = await all(simulator, 'people', 'person.id');
    await ask(simulator, 'POST', '/customers/1234/people', { lastname: 'New', email: 'new@home.example' });
    const after = await all(simulator, 'people', 'person.id');
    expect(after.slice(0, -1)).toStrictEqual(before);
    const added = { baseprofile: 1709, associatedprofile: after.at(-1) };
    expect(await ask(simulator, 'POST', '/customers/1234/applicantworkflows', added)).toMatchObject({ status: 201 });
    expect(await ask(simulator, 'POST', '/customers/1234/applicantworkflows', added)).toMatchObject({ status: 409 });
  });

  it('can have a million people, whom it holds only once they change', async () => {
    await using simulator = await startSimulator({ candidates: 1_000_000, quota: 0 });
    const tenant = simulator.tenant();
    const last = tenant.lastPersonId;
    const [id = 0] = await found(simulator, 'people', [beyond('person.id', last - 300)]);
    expect(await ask(simulator, 'GET', `/customers/1234/people/${id}`)).toMatchObject({ status: 200 });
    tenant.edit(id, { firstname: 'Changed' }, simulator.clock.now());
    const since = { name: 'person.updateddate', value: ['2026-06-01 12:00 AM'], operator: '>=' };
    expect(await found(simulator, 'people', [beyond('person.id', 0), since])).toStrictEqual([id]);
    expect(tenant.people.own.size).toBe(1);
    expect((await ask(simulator, 'GET', '/_sim/state')).status).toBe(200);
  });

  it('serves a search out of its cache for as long as the caller allows', async () => {
    await using simulator = await startSimulator({ candidates: 3, quota: 0 });
    const tenant = simulator.tenant();
    const filters = [beyond('person.id', 0)];
    const search = (staleness: number) => found(simulator, 'people', filters, { staleness });
    const [first = 0, ...others] = await search(15);
    tenant.erase(first);
    expect(await search(15)).toContain(first);
    expect(await search(0)).toStrictEqual(others);
  });
});

describe('what users do', () => {
  it('is the same for the same seed, and moves the dates of what it concerns', async () => {
    const happen = async () => {
      await using simulator = await startSimulator({ candidates: 200, quota: 0 });
      const { json } = await ask(simulator, 'POST', '/_sim/churn', {
        change: 3,
        move: 3,
        purge: 2,
        merge: 2,
        erase: 1,
        add: 2,
      });
      return { churned: json, simulator };
    };
    const { churned } = await happen();
    expect((await happen()).churned).toEqual(churned);
    expect(churned).toMatchObject({ change: { length: 3 }, purge: { length: 2 }, add: { length: 2 } });
  });

  it('is found by the dates of today, but for what was erased', async () => {
    await using simulator = await startSimulator({ candidates: 200, quota: 0 });
    const tenant = simulator.tenant();
    const none = { change: 0, move: 0, add: 0, purge: 0, merge: 0, erase: 0, jobs: 0, seed: 1 };
    const now = simulator.clock.now();
    const { change, purge } = churn(tenant, { ...none, change: 4, purge: 2 }, now);
    const { erase } = churn(tenant, { ...none, erase: 1, seed: 2 }, now);
    const since = { name: 'person.updateddate', value: ['2026-06-01 12:00 AM'], operator: '>=' };
    const touched = new Set([...change, ...purge].filter((id) => !erase.includes(id)));
    expect(new Set(await found(simulator, 'people', [since]))).toEqual(touched);
  });

  it('can be done to one person, workflow or job', async () => {
    await using simulator = await startSimulator({ candidates: 20, quota: 0 });
    const tenant = simulator.tenant();
    const [first = 0, second = 0, third = 0] = [...tenant.people.idsAfter(0)];
    const person = (id: number) => ask(simulator, 'GET', `/customers/1234/people/${id}`);
    await ask(simulator, 'POST', `/_sim/people/${first}`, { action: 'purge' });
    expect((await person(first)).json).toMatchObject({ folder: { value: 'Purge' } });
    await ask(simulator, 'POST', `/_sim/people/${second}`, { action: 'merge', into: third });
    expect((await person(second)).json).toMatchObject({ firstname: expect.stringContaining(`Merged with ${third}`) });
    await ask(simulator, 'POST', `/_sim/people/${third}`, { action: 'hide' });
    expect((await person(third)).json).toMatchObject({ errors: [{ errorCode: 3 }] });
    await ask(simulator, 'POST', `/_sim/people/${third}`, { action: 'erase' });
    expect((await person(third)).json).toMatchObject({ errors: [{ errorCode: 2 }] });

    const [workflow = 0] = [...tenant.workflows.idsAfter(0)];
    await ask(simulator, 'POST', `/_sim/workflows/${workflow}`, { status: 'D10400' });
    const moved = await ask(simulator, 'GET', `/customers/1234/applicantworkflows/${workflow}`);
    expect(moved.json).toMatchObject({ status: { value: 'Hired - Start Date Set' } });
    await ask(simulator, 'POST', '/_sim/jobs/1709', { portals: [] });
    const portal = await ask(simulator, 'GET', '/customers/1234/search/portals/1?staleness=0');
    expect(portal.json.searchResults?.map(({ id }) => id)).toStrictEqual([1710]);
    expect(await ask(simulator, 'POST', '/_sim/people/1', { action: 'sleep' })).toMatchObject({ status: 400 });
  });
});

import { describe, expect, it } from 'vitest';
import { SIMULATED_TOKENS, type SmartRecruitersSimulatorOptions, startSimulator } from '../simulator/index.js';

/** A simulator, and requests to it with the token that may do everything. */
async function start(options: SmartRecruitersSimulatorOptions = {}) {
  const simulator = await startSimulator({ rate: 0, ...options });
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${simulator.url}${path}`, {
      method,
      headers: {
        'x-smarttoken': SIMULATED_TOKENS.full,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get('content-type') ?? '';
    const json = type.includes('json') ? JSON.parse(bytes.toString()) : undefined;
    return { status: response.status, headers: response.headers, bytes, json };
  };
  const get = (path: string) => ask('GET', path);
  return {
    simulator,
    account: simulator.account(),
    ask,
    get,
    /** The ids on every page of the list. */
    async listed(query = '', meanwhile: (page: number) => void = () => undefined): Promise<readonly string[]> {
      const ids: string[] = [];
      for (let pageId = '', page = 0; ; page += 1) {
        const { json } = await get(`/candidates?limit=50${query}${pageId}`);
        ids.push(...json.content.map(({ id }: { id: string }) => id));
        meanwhile(page);
        if (json.nextPageId === undefined) return ids;
        pageId = `&pageId=${encodeURIComponent(json.nextPageId)}`;
      }
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function searchFor(email: string): string {
  return `/candidates?q=${encodeURIComponent(`"${email}"`)}`;
}

describe('generated candidates', () => {
  it('are the same for the same seed, and others for another', async () => {
    const everybody = async (seed: number) => {
      await using vendor = await start({ candidates: 120, seed });
      return vendor.account.candidates();
    };
    const first = await everybody(3);
    expect(first).toHaveLength(122);
    expect(await everybody(3)).toEqual(first);
    expect((await everybody(4)).map(({ id }) => id)).not.toContain(first[0]?.id);
  });

  it('come over all pages, each once, without those in the talent pool, who can be read by their id', async () => {
    await using vendor = await start({ candidates: 130, hidden: 4 });
    const { account, get, listed } = vendor;
    const shown = await listed();
    expect(new Set(shown).size).toBe(130);
    const hidden = account.candidates().filter(({ id }) => !shown.includes(id));
    expect(hidden).toHaveLength(4);
    for (const { id } of hidden)
      expect((await get(`/candidates/${id}`)).json).toMatchObject({ secondaryAssignments: [] });
    expect(await get('/candidates/00000000-0000-4000-a000-000000000000')).toMatchObject({ status: 404 });
  });

  it('have applications with a past, reasons and sources', async () => {
    await using vendor = await start({ candidates: 300 });
    const assignments = vendor.account.candidates().flatMap((candidate) => candidate.assignments);
    expect(new Set(assignments.map(({ status }) => status)).size).toBe(9);
    for (const { status, subStatus, reasonOfRejection, reasonOfWithdrawal, startsOn, history } of assignments) {
      expect(subStatus !== undefined).toBe(['IN_REVIEW', 'INTERVIEW', 'OFFERED'].includes(status));
      expect(reasonOfRejection !== undefined).toBe(status === 'REJECTED');
      expect(reasonOfWithdrawal !== undefined).toBe(status === 'WITHDRAWN');
      expect(startsOn !== undefined).toBe(status === 'HIRED');
      expect(history.at(-1)?.status).toBe(status);
      expect(history.map(({ changedOn }) => changedOn)).toEqual(history.map(({ changedOn }) => changedOn).toSorted());
    }
  });

  it('are found by their address, and are the ones who are there already', async () => {
    await using vendor = await start({ candidates: 30_000, seed: 2 });
    const { account, ask, get } = vendor;
    const candidate = account.pick(0.7);
    if (!candidate) throw new Error('There is nobody.');
    const { id, firstName, lastName, email } = candidate;
    expect((await get(searchFor(email))).json).toMatchObject({ totalFound: 1, content: [{ id }] });
    const jobId = account.jobs.find((job) => job.title === 'Controller')?.id ?? '';
    const added = await ask('POST', `/jobs/${jobId}/candidates`, { firstName, lastName, email });
    expect(added).toMatchObject({ status: 201, json: { id } });
    expect(account.candidate(id).assignments.map((one) => one.jobId)).toContain(jobId);
    const other = account.pick(0.1);
    expect(await ask('PATCH', `/candidates/${other?.id}`, { email, lastName })).toMatchObject({ status: 409 });
    await ask('DELETE', `/candidates/${id}`);
    expect((await get(searchFor(email))).json).toMatchObject({ totalFound: 0 });
  });

  it('fill a tenant of a million that holds nobody but those who changed', async () => {
    await using vendor = await start({ candidates: 1_000_000, hidden: 0, seed: 9 });
    const { account, get, simulator } = vendor;
    const first = (await get('/candidates?limit=100')).json;
    expect(first).toMatchObject({ totalFound: 1_000_000 });
    const second = (await get(`/candidates?limit=100&pageId=${encodeURIComponent(first.nextPageId)}`)).json;
    for (const { id } of second.content.slice(0, 5))
      expect(await get(`/candidates/${id}`)).toMatchObject({ status: 200 });
    expect(account.ownCandidates()).toEqual([]);

    const before = simulator.clock.iso();
    simulator.clock.advance(1000);
    const { change, remove } = simulator.churn({ change: 20, remove: 10 }) ?? {};
    const changed = (await get(`/candidates?limit=100&updatedAfter=${before}`)).json;
    const left = new Set(change?.filter((id) => !remove?.includes(id)));
    expect(new Set(changed.content.map(({ id }: { id: string }) => id))).toEqual(left);
    expect((await get('/candidates?limit=1')).json).toMatchObject({ totalFound: 999_990 });
    expect(account.ownCandidates()).toHaveLength(left.size);
    const state = JSON.parse(await (await fetch(`${simulator.url}/_sim/state`)).text());
    expect(state.state.candidates).toHaveLength(left.size);
    expect(state.state.generated).toEqual([{ account: 'ExampleCo', untouched: 1_000_000 - left.size - 10 }]);
  });

  it('are filtered by when they changed', async () => {
    await using vendor = await start({ candidates: 200 });
    const { account, get, listed } = vendor;
    const everybody = account.candidates().filter(({ assignments }) => assignments.length > 0);
    for (const index of [0, 1, 57, 198, 199]) {
      const since = everybody[index]?.updatedOn ?? '';
      const later = everybody.filter(({ updatedOn }) => updatedOn > since).map(({ id }) => id);
      expect((await listed(`&updatedAfter=${since}`)).toSorted()).toEqual(later.toSorted());
      expect((await get(`/candidates?updatedAfter=${since}`)).json.totalFound).toBe(later.length);
    }
    expect(await get('/candidates?updatedAfter=yesterday')).toMatchObject({ status: 400 });
  });
});

describe('changes under way', () => {
  it('happen to the same people for the same seed, and are reported', async () => {
    const plan = { change: 3, status: 3, touch: 3, remove: 3, merge: 3, create: 3, jobs: 3 };
    const churned = async () => {
      await using vendor = await start({ candidates: 100, seed: 5 });
      const response = await fetch(`${vendor.simulator.url}/_sim/churn`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(plan),
      });
      const report = JSON.parse(await response.text());
      for (const id of [...report.remove, ...report.merge]) expect(() => vendor.account.candidate(id)).toThrow();
      for (const id of report.create) expect(vendor.account.candidate(id).assignments).toHaveLength(1);
      expect((await vendor.listed()).length).toBe(100 - report.remove.length - report.merge.length + 3);
      const { create: _ids, ...others } = report;
      return others;
    };
    const report = await churned();
    expect(Object.keys(report)).toHaveLength(6);
    expect(await churned()).toEqual(report);
  });

  it('happen after pages that are read, and stop after so many', async () => {
    await using vendor = await start({ candidates: 200 });
    const { account, simulator, listed } = vendor;
    simulator.churn({ create: 1, pages: 2 });
    const counts: number[] = [];
    await listed('', () => counts.push(account.ownCandidates().length));
    expect(counts).toEqual([1, 2, 2, 2]);
  });

  it.each([
    ['changed', 'move people to the front, so that a reader of pages misses them', 190],
    ['created', 'leave everybody in place', 200],
  ] as const)('in the order "%s" %s', async (order, _what, seen) => {
    await using vendor = await start({ candidates: 200, order });
    const { account, simulator, listed } = vendor;
    const last = await listed();
    const ids = await listed('', (page) => {
      if (page !== 0) return;
      for (const id of last.slice(-10)) account.change(id, {}, simulator.clock.iso());
    });
    expect(ids).toHaveLength(seen);
    expect(new Set(ids).size).toBe(seen);
    expect((await listed()).length).toBe(200);
  });

  it('leave the date of a candidate alone where a status does not move it', async () => {
    await using vendor = await start({ candidates: 5, statusMovesUpdatedOn: false });
    const { account, ask, get } = vendor;
    const { id = '', updatedOn, assignments = [] } = account.pick(0) ?? {};
    const path = `/candidates/${id}/jobs/${assignments[0]?.jobId}/status`;
    expect(await ask('PUT', path, { status: 'WITHDRAWN', reason: 'withdrawal-1' })).toMatchObject({ status: 204 });
    const { json } = await get(`/candidates/${id}`);
    expect(json).toMatchObject({
      updatedOn,
      primaryAssignment: { reasonOfWithdrawal: { label: 'Took another offer' } },
    });
  });
});

describe('cursors', () => {
  it('expire on demand and with age, and answer 400 then', async () => {
    await using vendor = await start({ candidates: 50, cursorLifeMs: 60_000 });
    const { simulator, get } = vendor;
    const next = async () => {
      const { json } = await get('/candidates');
      return `/candidates?pageId=${encodeURIComponent(json.nextPageId)}`;
    };
    const [first, second] = [await next(), await next()];
    expect(await get(first)).toMatchObject({ status: 200 });
    await fetch(`${simulator.url}/_sim/cursors/expire`, { method: 'POST' });
    expect(await get(first)).toMatchObject({ status: 400, json: { errors: [{ code: 'INVALID_REQUEST' }] } });
    expect(await get(second)).toMatchObject({ status: 400 });
    const third = await next();
    simulator.clock.advance(61_000);
    expect(await get(third)).toMatchObject({ status: 400 });
  });

  it('outlive the one whom they name', async () => {
    await using vendor = await start({ candidates: 50 });
    const { account, get } = vendor;
    const { json } = await get('/candidates');
    account.remove(json.content.at(-1).id);
    expect(await get(`/candidates?pageId=${encodeURIComponent(json.nextPageId)}`)).toMatchObject({ status: 200 });
  });

  it('can show the last of a page on the next one again', async () => {
    await using vendor = await start({ candidates: 120, pageOverlap: 5 });
    const ids = await vendor.listed();
    expect(new Set(ids).size).toBe(120);
    expect(ids.length).toBeGreaterThan(120);
  });
});

describe('files', () => {
  it('that were generated are real PDF and RTF, the same each time', async () => {
    await using vendor = await start({ candidates: 40 });
    const { account, get } = vendor;
    for (const { id, firstName, lastName, attachments } of account.candidates()) {
      for (const { id: fileId, contentType, jobId } of attachments) {
        const { status, headers, bytes } = await get(`/candidates/attachments/${fileId}`);
        expect([status, headers.get('content-type')]).toEqual([200, contentType]);
        if (contentType === 'application/pdf') {
          expect(bytes.toString('latin1')).toMatch(/^%PDF-1\.4\n.*startxref\n\d+\n%%EOF\n$/s);
          expect(bytes.toString('latin1')).toContain(`${firstName} ${lastName}`);
        }
        expect((await get(`/candidates/${id}/attachments/${fileId}`)).bytes.equals(bytes)).toBe(true);
        const place = jobId === undefined ? '' : `/jobs/${jobId}`;
        const list = (await get(`/candidates/${id}${place}/attachments`)).json.content;
        expect(list.map((one: { id: string }) => one.id)).toContain(fileId);
      }
    }
    expect(await get('/candidates/attachments/no-file')).toMatchObject({ status: 404 });
  });

  it('that were uploaded come back as they were, and can be removed', async () => {
    await using vendor = await start({ candidates: 2 });
    const { account, ask, get, simulator } = vendor;
    const [one, other] = account.candidates();
    const bytes = Buffer.from([0, 255, 10, 13]);
    const file = { name: 'a.pdf', type: 'RESUME', contentType: 'application/pdf', bytes };
    const { id } = account.attach(one?.id ?? '', undefined, file, simulator.clock.iso());
    expect((await get(`/candidates/attachments/${id}`)).bytes.equals(bytes)).toBe(true);
    expect(await get(`/candidates/${other?.id}/attachments/${id}`)).toMatchObject({ status: 404 });
    expect(await ask('DELETE', `/candidates/attachments/${id}`)).toMatchObject({ status: 204 });
    expect(await get(`/candidates/attachments/${id}`)).toMatchObject({ status: 404 });
  });

  it('go with their candidate, and stay with the one they were merged into', async () => {
    await using vendor = await start({ candidates: 40 });
    const { account, get, simulator } = vendor;
    const holders = account.candidates().filter(({ attachments }) => attachments.length > 0);
    const [into, merged, removed] = holders.map(({ id, attachments }) => ({ id, fileId: attachments[0]?.id }));
    account.merge(into?.id ?? '', merged?.id ?? '', simulator.clock.iso());
    account.remove(removed?.id ?? '');
    expect(await get(`/candidates/${into?.id}/attachments/${merged?.fileId}`)).toMatchObject({ status: 200 });
    expect(await get(`/candidates/attachments/${removed?.fileId}`)).toMatchObject({ status: 404 });
  });
});

describe('the control surface', () => {
  it('tells everybody as they are kept, a part at a time, for comparisons', async () => {
    await using vendor = await start({ candidates: 25, hidden: 2 });
    const { account, simulator } = vendor;
    simulator.churn({ change: 5, remove: 2, create: 3 });
    const parts: { id: string }[] = [];
    for (let offset = 0; ; offset += 10) {
      const response = await fetch(`${simulator.url}/_sim/candidates?offset=${offset}&limit=10`);
      const { candidates } = JSON.parse(await response.text());
      parts.push(...candidates);
      if (candidates.length === 0) break;
    }
    expect(parts).toEqual(JSON.parse(JSON.stringify(account.candidates())));
    expect(await fetch(`${simulator.url}/_sim/candidates?account=Nobody`)).toMatchObject({ status: 400 });
  });

  it('refuses a plan that it does not know', async () => {
    await using vendor = await start();
    const body = JSON.stringify({ rename: 3 });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${vendor.simulator.url}/_sim/churn`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
  });

  it('moves the time that answers carry', async () => {
    await using vendor = await start();
    const dateOf = async () => Date.parse((await vendor.get('/jobs')).headers.get('date') ?? '');
    const before = await dateOf();
    vendor.simulator.clock.advance(3_600_000);
    expect((await dateOf()) - before).toBeGreaterThanOrEqual(3_600_000);
  });
});

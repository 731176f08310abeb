import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROFILE, project, RETRY, REVEAL, REVEAL_PROGRESS, SETTLE } from './support/export-operations.js';
import { type ExportWorld, startExportWorld, type TestOrganization } from './support/export-world.js';

let world: ExportWorld;
let org: TestOrganization;

beforeAll(async () => {
  world = await startExportWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  org = await world.organization();
});

describe('EXP-3: only revealed contact data leaves', () => {
  const hidden = {
    emails: [
      { address: 'private@mail.example', type: 'PERSONAL' },
      { address: 'open@mail.example', revealed: true, type: 'WORK' },
    ],
    phones: [{ number: '+4930123456', type: 'work' }],
  };

  it('shows a count of what is hidden, and exports the rest alone', async () => {
    const [id] = await org.people([hidden]);
    const { data } = await org.ask(PROFILE, { id });
    expect(data.profile).toMatchObject({
      emails: [{ address: 'open@mail.example', type: 'WORK' }],
      hiddenEmailCount: 1,
      phones: [],
      hiddenPhoneCount: 1,
    });

    await org.ended((await org.order({ profileIds: [id] })).id);
    expect(org.acme.candidates[0]?.record).toMatchObject({ emails: ['open@mail.example'], phones: [] });
  });

  it('exports what was revealed for all of a project', async () => {
    const [id] = await org.people([hidden]);
    const projectId = await project(org, ['p-0']);
    const reveal = async () => {
      const input = { projectId, kinds: ['EMAIL', 'PHONE'], idempotencyKey: randomUUID() };
      const { data } = await org.ask(REVEAL, { input });
      const states = await org.follow(REVEAL_PROGRESS, { id: data.revealContacts.contactReveal.id });
      return states.at(-1)?.data.contactRevealProgress;
    };
    expect(await reveal()).toEqual({
      status: 'COMPLETE',
      total: 1,
      done: 1,
      withContact: 1,
      revealed: 2,
      failed: 0,
      deleted: 0,
    });
    expect(await reveal()).toMatchObject({ status: 'COMPLETE', withContact: 1, revealed: 0 });

    await org.ended((await org.order({ profileIds: [id] })).id);
    expect(org.acme.candidates[0]?.record).toMatchObject({
      emails: ['private@mail.example', 'open@mail.example'],
      phones: [{ number: '+4930123456', type: 'work' }],
    });
  });

  it('lets a viewer neither reveal nor export', async () => {
    const [id] = await org.people([hidden]);
    const revealed = await org.ask(
      REVEAL,
      { input: { profileIds: [id], kinds: ['EMAIL'], idempotencyKey: randomUUID() } },
      'VIEWER',
    );
    expect(revealed.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const input = {
      connectionId: org.connectionId,
      profileIds: [id],
      target: { prospect: true },
      idempotencyKey: randomUUID(),
    };
    const exported = await org.ask(
      `mutation ($input: ExportCandidatesInput!) { exportCandidates(input: $input) { __typename } }`,
      { input },
      'VIEWER',
    );
    expect(exported.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(org.acme.candidates).toEqual([]);
  });
});

describe('EXP-4: generated dummy addresses', () => {
  const DUMMY = /^no-email-(-?\d+)@dummy\.example\.com$/;

  it('gives a candidate without an email a new one each time, and never shows it as contact data', async () => {
    const [id] = await org.people([{ emails: [] }]);
    const options = { profileIds: [id], generateDummyEmails: true, includePreviouslyExported: true };
    await org.ended((await org.order(options)).id);
    await org.ended((await org.order(options)).id);

    const addresses = org.acme.candidates.flatMap(({ record }) => record.emails);
    expect(addresses).toEqual([expect.stringMatching(DUMMY), expect.stringMatching(DUMMY)]);
    expect(new Set(addresses).size).toBe(2);
    const { data } = await org.ask(PROFILE, { id });
    expect(data.profile).toMatchObject({ emails: [], hiddenEmailCount: 0 });
  });

  it('does not show one that came in with a profile', async () => {
    const [id] = await org.people([{ emails: [{ address: 'no-email--12@dummy.example.com', revealed: true }] }]);
    const { data } = await org.ask(PROFILE, { id });
    expect(data.profile).toMatchObject({ emails: [], hiddenEmailCount: 0 });
  });

  it('repeats the same one when an item is sent again: a failed one and one that was unclear', async () => {
    const profileIds = await org.people([
      { emails: [], lastName: 'No' },
      { emails: [], lastName: 'Quiet' },
    ]);
    org.acme.refused.add('No');
    org.acme.silent.add('Quiet');
    const { id } = await org.order({ profileIds, generateDummyEmails: true });
    const { items } = await org.ended(id);
    org.acme.refused.clear();
    org.acme.silent.clear();
    await org.ask(RETRY, { id });
    await org.ask(SETTLE, { input: { itemId: items.nodes[1].id, verdict: 'SEND_AGAIN' } }, 'ADMIN');
    expect(await org.ended(id)).toMatchObject({ counts: { created: 2 } });

    const addressesOf = (name: string): readonly string[] =>
      org.acme.received.filter(({ lastName }) => lastName === name).flatMap(({ emails }) => emails);
    for (const name of ['No', 'Quiet']) {
      const [first, ...others] = addressesOf(name);
      expect(first).toMatch(DUMMY);
      expect(others).toEqual([first]);
    }
    expect(addressesOf('No')).not.toEqual(addressesOf('Quiet'));
  });

  it('refuses a candidate without an email when none is generated, and says what to do', async () => {
    const [id] = await org.people([{ emails: [] }]);
    const { items } = await org.ended((await org.order({ profileIds: [id] })).id);
    expect(items.nodes[0]).toMatchObject({
      outcome: 'FAILED',
      code: 'REQUIRED_FIELD_MISSING',
      reason: 'The ATS requires: Email addresses.',
      remedy: expect.stringContaining('dummy'),
    });
    expect(org.acme.candidates).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';
import type { ContactAnswer, ContactQuestion, ContactSource } from '@talentbridge/hub';
import {
  CancelContactRevealDocument,
  ContactRevealDocument,
  ContactRevealProgressDocument,
  type ContactRevealProgressSubscription,
  ContactRevealsDocument,
  RevealContactsDocument,
} from '@talentbridge/schema';
import { print } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OrganizationClient, organizationOf } from '../support/organization-client.ts';
import { type RunningSystem, startSystem } from '../support/running-system.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

/** The host platform's contact service: it takes its time, knows an address of all but two people, and charges for each question. */
class PaidService implements ContactSource {
  readonly batchSize = 4;
  readonly answersStandForMs = 3_600_000;
  readonly asked: ContactQuestion[] = [];

  async find(_organizationId: string, questions: readonly ContactQuestion[]) {
    this.asked.push(...questions);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { answers: new Map(questions.map((question) => [question.profileId, this.answerTo(question)])) };
  }

  private answerTo({ profile }: ContactQuestion): ContactAnswer {
    if (profile.firstName === 'First0') return { kind: 'NONE' };
    if (profile.firstName === 'First1') return { kind: 'FAILED', failure: 'REFUSED' };
    return { kind: 'FOUND', emails: [{ address: `${profile.firstName}@paid.example`, type: 'work' }] };
  }
}

const service = new PaidService();
let system: RunningSystem;
let organization: OrganizationClient;
let run: TypedClient;

beforeAll(async () => {
  system = await startSystem({ contactSource: service, logLevel: 'trace' });
  organization = organizationOf(system);
  run = typedClient(system, { organizationId: organization.id, roles: ['ADMIN', 'RECRUITER'] });
});
afterAll(() => system[Symbol.asyncDispose]());

it('EXP-1, EXP-3: "get email for all" is ordered, followed to its end, and exported with what was found', async () => {
  const connectionId = await organization.connect();
  const profileIds = [...(await organization.people(Array.from({ length: 20 }, () => ({ emails: [] }))))];
  const input = { profileIds, kinds: ['EMAIL' as const], idempotencyKey: randomUUID() };
  const ordered = succeeded((await run(RevealContactsDocument, { input })).revealContacts, 'ContactRevealOrdered');
  expect(ordered.contactReveal).toMatchObject({ total: 20, kinds: ['EMAIL'] });
  const { id } = ordered.contactReveal;

  const followed = await system.follow(
    print(ContactRevealProgressDocument),
    { contactRevealId: id },
    { organizationId: organization.id, roles: ['VIEWER'] },
  );
  const states = (followed.data as readonly { readonly data: ContactRevealProgressSubscription }[]).map(
    ({ data }) => data.contactRevealProgress,
  );
  expect(states.length).toBeGreaterThanOrEqual(2);
  expect(states.map(({ done }) => done)).toEqual(states.map(({ done }) => done).toSorted((one, other) => one - other));
  expect(states.at(-1)).toMatchObject({
    status: 'COMPLETE',
    done: 20,
    withContact: 18,
    revealed: 18,
    failed: 1,
    deleted: 0,
  });

  const { contactReveal } = await run(ContactRevealDocument, { id });
  expect(contactReveal?.failures).toEqual([
    { code: 'CONTACT_SOURCE_REFUSED', count: 1, reason: 'The contact service gives no contact data of this person.' },
  ]);

  const exported = await organization.order({ connectionId, profileIds });
  expect((await organization.untilExport(exported.id, 'COMPLETE')).counts).toMatchObject({ created: 18, failed: 2 });
  expect(system.vendors.jobscore.candidates().map(({ email }) => email)).toContain('First7@paid.example');

  // The same order answers the same; another one pays for nobody again but for whom there was no answer.
  const again = succeeded((await run(RevealContactsDocument, { input })).revealContacts, 'ContactRevealOrdered');
  expect(again.contactReveal.id).toBe(id);
  const next = { ...input, idempotencyKey: randomUUID() };
  const second = succeeded((await run(RevealContactsDocument, { input: next })).revealContacts, 'ContactRevealOrdered');
  await system.follow(
    print(ContactRevealProgressDocument),
    { contactRevealId: second.contactReveal.id },
    { organizationId: organization.id, roles: ['RECRUITER'] },
  );
  const { contactReveals } = await run(ContactRevealsDocument, {});
  expect(contactReveals.nodes.map(({ status, withContact, revealed }) => [status, withContact, revealed])).toEqual([
    ['COMPLETE', 18, 0],
    ['COMPLETE', 18, 18],
  ]);
  const timesAsked = Map.groupBy(service.asked, (question) => question.profileId);
  expect(profileIds.map((profileId) => timesAsked.get(profileId)?.length)).toEqual([1, 2, ...Array(18).fill(1)]);
  const cancelled = await run(CancelContactRevealDocument, { contactRevealId: id });
  expect(cancelled.cancelContactReveal).toMatchObject({ __typename: 'WrongState', code: 'WRONG_STATE' });
});

it('OPS-3: what was found stands in no log line and not in the audit log', async () => {
  const audit = await organization.ask('{ auditLog(first: 50) { nodes { action details } } }');
  expect(audit.nodes.map(({ action }: { readonly action: string }) => action)).toContain('contactReveal.complete');
  expect(JSON.stringify(audit)).not.toContain('paid.example');
  expect(system.log().length).toBeGreaterThan(1_000);
  expect(system.log().toLowerCase()).not.toContain('paid.example');
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '@talentbridge/hub';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OrganizationClient, organizationOf, USER_ERRORS } from '../support/organization-client.ts';
import { type RunningSystem, startSystem, until, type Variables, type Vendors } from '../support/running-system.ts';

let system: RunningSystem;
let jobscore: Vendors['jobscore'];
beforeAll(async () => {
  // The small tier opens nothing, the middle one another system, the large one everything.
  system = await startSystem({
    tiers: { ESSENTIAL: {}, PROFESSIONAL: { example: ['export'] }, ENTERPRISE: { '*': ['*'] } },
  });
  ({ jobscore } = system.vendors);
});
afterAll(() => system[Symbol.asyncDispose]());
beforeEach(() => jobscore.reset());

const ENTITLEMENT = `organizationId tier integrationsEnabled
  plugins { pluginId capabilities { capability availability { on reason switchedOnBy } } }`;

/** What the operator decides for an organization. */
const operatorSets = (organization: OrganizationClient, decision: Variables) =>
  organization.ask(
    `mutation ($input: SetEntitlementInput!) { setEntitlement(input: $input) {
       ${USER_ERRORS} ... on Entitlement { ${ENTITLEMENT} } } }`,
    { input: { organizationId: organization.id, ...decision } },
    ['OPERATOR'],
  );

/** What an admin switches. */
const adminSwitches = (organization: OrganizationClient, enabled: boolean, pluginId = 'jobscore') =>
  organization.ask(
    `mutation ($input: SetCapabilityInput!) { setCapability(input: $input) {
       ${USER_ERRORS} ... on PluginCapability { availability { on reason switchedOnBy } } } }`,
    { input: { pluginId, capability: 'EXPORT', enabled } },
  );

const begin = (organization: OrganizationClient, pluginId: string) =>
  organization.ask(
    `mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { ${USER_ERRORS} ... on Connection { id } } }`,
    { input: { pluginId, capabilities: ['EXPORT'] } },
  );

const exportInCatalog = async (organization: OrganizationClient, pluginId: string) => {
  const catalog = await organization.ask(
    '{ catalog { id capabilities { capability availability { on reason switchedOnBy } } } }',
  );
  const plugin = catalog.find(({ id }: { readonly id: string }) => id === pluginId);
  return plugin?.capabilities.find((one: { readonly capability: string }) => one.capability === 'EXPORT').availability;
};

const arrived = ({ id }: OrganizationClient) =>
  jobscore.candidates().filter(({ email }) => email.endsWith(`@${id.slice(0, 8)}.example.com`));

const offBy = (switchedOnBy: 'ADMIN' | 'OPERATOR') => ({
  __typename: 'CapabilityOff',
  code: 'CAPABILITY_OFF',
  pluginId: 'jobscore',
  capability: 'EXPORT',
  switchedOnBy,
  message: expect.stringContaining(switchedOnBy === 'ADMIN' ? 'An admin of the organization' : 'The operator'),
});

describe('CON-2: what the operator has not granted', () => {
  it('cannot be connected, and the refusal names license and operator; the catalog lists it all the same', async () => {
    const organization = organizationOf(system);
    await operatorSets(organization, { tier: 'PROFESSIONAL' });
    const refused = await begin(organization, 'jobscore');
    expect(refused).toMatchObject(offBy('OPERATOR'));
    expect(refused.message).toContain('Professional license does not include Export with JobScore');
    expect(await exportInCatalog(organization, 'jobscore')).toMatchObject({
      on: false,
      reason: expect.stringContaining('Professional'),
      switchedOnBy: 'OPERATOR',
    });
    expect(await exportInCatalog(organization, 'example')).toEqual({ on: true, reason: null, switchedOnBy: null });
    expect((await begin(organization, 'example')).id).toBeTruthy();
  });

  it('cannot be granted by an admin: the switch stays as it was', async () => {
    const organization = organizationOf(system);
    await adminSwitches(organization, false);
    await operatorSets(organization, { tier: 'ESSENTIAL' });
    expect(await adminSwitches(organization, true)).toMatchObject(offBy('OPERATOR'));
    // What the admin was refused was not stored either: with the license, it is still off.
    await operatorSets(organization, { tier: 'ENTERPRISE' });
    expect(await exportInCatalog(organization, 'jobscore')).toMatchObject({ on: false, switchedOnBy: 'ADMIN' });
    expect(await adminSwitches(organization, true)).toMatchObject({ availability: { on: true } });
    expect(await exportInCatalog(organization, 'jobscore')).toMatchObject({ on: true });
  });

  it('may be switched off by an admin beforehand, and is off then when it is granted', async () => {
    const organization = organizationOf(system);
    await operatorSets(organization, { integrationsEnabled: false });
    expect(await adminSwitches(organization, false)).toMatchObject({
      availability: { on: false, switchedOnBy: 'OPERATOR' },
    });
    await operatorSets(organization, { integrationsEnabled: true });
    expect(await begin(organization, 'jobscore')).toMatchObject(offBy('ADMIN'));
  });

  it('is decided for each organization apart, and each decision leaves the other one as it was', async () => {
    const [one, other] = [organizationOf(system), organizationOf(system)];
    expect(await operatorSets(one, { tier: 'ESSENTIAL' })).toMatchObject({
      tier: 'ESSENTIAL',
      integrationsEnabled: true,
    });
    expect(await operatorSets(one, { integrationsEnabled: false })).toMatchObject({
      organizationId: one.id,
      tier: 'ESSENTIAL',
      integrationsEnabled: false,
    });
    expect(await other.ask(`{ entitlement { ${ENTITLEMENT} } }`)).toMatchObject({
      organizationId: other.id,
      tier: 'ENTERPRISE',
      integrationsEnabled: true,
    });
    expect((await begin(other, 'jobscore')).id).toBeTruthy();
  });

  it('is decided by an operator alone, and what is below by an admin alone', async () => {
    const organization = organizationOf(system);
    const entitlement = `mutation ($id: ID!) { setEntitlement(input: { organizationId: $id, tier: ENTERPRISE }) { ${USER_ERRORS} } }`;
    const capability = `mutation { setCapability(input: { pluginId: "jobscore", capability: EXPORT, enabled: true }) { ${USER_ERRORS} } }`;
    const refused: readonly (readonly [string, Role, string])[] = [
      [entitlement, 'ADMIN', 'OPERATOR'],
      [entitlement, 'RECRUITER', 'OPERATOR'],
      [entitlement, 'VIEWER', 'OPERATOR'],
      [capability, 'OPERATOR', 'ADMIN'],
      [capability, 'RECRUITER', 'ADMIN'],
      [capability, 'VIEWER', 'ADMIN'],
    ];
    for (const [document, role, allowed] of refused) {
      const { errors } = await organization.answer(document, { id: organization.id }, [role]);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', allowedRoles: [allowed] } }]);
    }
    const { nodes } = await organization.ask('{ auditLog { nodes { action } } }');
    expect(nodes).toEqual([]);
  });
});

describe('CON-2: what is off', () => {
  const ways: readonly (readonly [
    string,
    'ADMIN' | 'OPERATOR',
    (organization: OrganizationClient) => Promise<unknown>,
  ])[] = [
    ['the admin’s switch', 'ADMIN', (organization) => adminSwitches(organization, false)],
    ['the license', 'OPERATOR', (organization) => operatorSets(organization, { tier: 'PROFESSIONAL' })],
    [
      'integrations as a whole',
      'OPERATOR',
      (organization) => operatorSets(organization, { integrationsEnabled: false }),
    ],
  ];
  it.each(ways)(
    'by %s answers a typed refusal at every door, and calls no vendor',
    async (_way, switchedOnBy, switchOff) => {
      const organization = organizationOf(system);
      const connectionId = await organization.connect();
      const profileIds = await organization.people([{}, { emails: [] }]);
      const { id } = await organization.order({ connectionId, profileIds });
      await organization.untilExport(id, 'COMPLETE');
      await switchOff(organization);
      const before = jobscore.requests.all().length;

      const doors: Readonly<Record<string, string>> = {
        createConnection: 'createConnection(input: { pluginId: "jobscore", capabilities: [EXPORT] })',
        verifyConnection: 'verifyConnection(input: { connectionId: $connectionId })',
        updateConnection: 'updateConnection(input: { connectionId: $connectionId, capabilities: [EXPORT] })',
        previewExport: 'previewExport(input: { connectionId: $connectionId, profileIds: $profileIds })',
        exportCandidates:
          'exportCandidates(input: { connectionId: $connectionId, profileIds: $profileIds, target: { prospect: true }, idempotencyKey: "0123456789" })',
        retryExport: 'retryExport(exportId: $exportId)',
      };
      for (const [name, call] of Object.entries(doors)) {
        const used = ['connectionId', 'exportId', 'profileIds'].filter((variable) => call.includes(`$${variable}`));
        const declared = used
          .map((variable) => `$${variable}: ${variable === 'profileIds' ? '[ID!]' : 'ID!'}`)
          .join(', ');
        const answer = await organization.ask(
          `mutation ${declared && `(${declared})`} { ${call} { ${USER_ERRORS} } }`,
          { connectionId, exportId: id, profileIds },
        );
        expect(answer, name).toMatchObject(offBy(switchedOnBy));
      }
      for (const query of [
        'jobs(connectionId: $id) { nodes { id } }',
        'exportFields(connectionId: $id) { name }',
        'exportPreflight(connectionId: $id) { source { name } }',
      ]) {
        const { errors, status } = await organization.answer(`query ($id: ID!) { ${query} }`, { id: connectionId });
        expect(errors, query).toMatchObject([{ extensions: { code: 'CAPABILITY_OFF' } }]);
        expect(status).toBeLessThan(500);
      }
      expect(jobscore.requests.all()).toHaveLength(before);

      // It is never silently absent, and nothing is gone.
      expect(await organization.connection(connectionId)).toMatchObject({
        status: 'CONNECTED',
        credentials: [{ isSet: true }],
        capabilities: [{ capability: 'EXPORT', availability: { on: false, switchedOnBy } }],
      });
      expect(await organization.export(id)).toMatchObject({ status: 'COMPLETE', counts: { created: 1, failed: 1 } });
    },
  );

  it('leaves the other systems of the organization on', async () => {
    const organization = organizationOf(system);
    await adminSwitches(organization, false);
    expect(await begin(organization, 'jobscore')).toMatchObject(offBy('ADMIN'));
    expect((await begin(organization, 'example')).id).toBeTruthy();
    expect(await adminSwitches(organization, false, 'nobody-knows')).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'pluginId' }],
    });
  });

  it('is on record: who switched what, and how', async () => {
    const organization = organizationOf(system);
    await adminSwitches(organization, false);
    await operatorSets(organization, { tier: 'ESSENTIAL' });
    const { nodes } = await organization.ask('{ auditLog { nodes { action actorRoles details } } }');
    expect(nodes).toMatchObject([
      { action: 'entitlement.set', actorRoles: ['OPERATOR'], details: { tier: 'ESSENTIAL' } },
      { action: 'capability.switch', details: { capability: 'export', enabled: false } },
    ]);
  });
});

describe('CON-2: work under way', () => {
  const switches: readonly (readonly [
    string,
    (organization: OrganizationClient) => Promise<unknown>,
    (organization: OrganizationClient) => Promise<unknown>,
  ])[] = [
    ['an admin’s switch', (one) => adminSwitches(one, false), (one) => adminSwitches(one, true)],
    [
      'a smaller license',
      (one) => operatorSets(one, { tier: 'ESSENTIAL' }),
      (one) => operatorSets(one, { tier: 'ENTERPRISE' }),
    ],
    [
      'integrations off',
      (one) => operatorSets(one, { integrationsEnabled: false }),
      (one) => operatorSets(one, { integrationsEnabled: true }),
    ],
  ];
  it.each(switches)(
    'pauses at %s and resumes where it stood: nothing is sent twice, nothing is deleted',
    async (_name, switchOff, switchOn) => {
      const organization = organizationOf(system);
      const connectionId = await organization.connect();
      const profileIds = await organization.people(14);
      // Long enough for the switch to be in time.
      const slow = { kind: 'delay', ms: 2_000 } as const;
      const hurry = jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: slow });
      const { id } = await organization.order({ connectionId, profileIds });
      const followed = system.follow(
        'subscription ($id: ID!) { exportProgress(exportId: $id) { status statusReason } }',
        { id },
        { organizationId: organization.id, roles: ['RECRUITER'] },
      );
      await until(
        () => arrived(organization).length,
        (count) => count >= 3,
      );
      await switchOff(organization);
      hurry();
      const paused = await organization.export(id);
      expect(paused).toMatchObject({ status: 'PAUSED', message: 'Export Paused', statusReason: expect.any(String) });
      expect(paused.counts).toMatchObject({ total: 14, failed: 0, unclear: 0 });

      // What was on its way when it was switched off comes to its end, and nothing is begun after it.
      await until(
        () => organization.export(id),
        ({ items }) => items.nodes.every(({ state }: { readonly state: string }) => state !== 'OPEN'),
      );
      const sent = arrived(organization).length;
      expect(sent).toBeLessThan(14);
      await sleep(300);
      expect(arrived(organization)).toHaveLength(sent);
      expect(await organization.export(id)).toMatchObject({ status: 'PAUSED', counts: { created: sent, total: 14 } });

      await switchOn(organization);
      expect(await organization.untilExport(id, 'COMPLETE')).toMatchObject({
        statusReason: null,
        counts: { total: 14, created: 14, remaining: 0 },
      });
      const emails = arrived(organization).map(({ email }) => email);
      expect([emails.length, new Set(emails).size]).toEqual([14, 14]);
      for (const email of emails) expect(jobscore.creations.of(email)).toBe(1);
      const statuses = (await followed).data.map(
        (event: { readonly data: { readonly exportProgress: { readonly status: string } } }) =>
          event.data.exportProgress.status,
      );
      expect(statuses).toContain('PAUSED');
      expect(statuses.at(-1)).toBe('COMPLETE');
    },
  );

  it('stays paused while either level is off', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(8);
    const slow = { kind: 'delay', ms: 2_000 } as const;
    const hurry = jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: slow });
    const { id } = await organization.order({ connectionId, profileIds });
    await until(
      () => arrived(organization).length,
      (count) => count >= 2,
    );
    await adminSwitches(organization, false);
    hurry();
    await operatorSets(organization, { integrationsEnabled: false });
    expect(await organization.export(id)).toMatchObject({ status: 'PAUSED' });
    await operatorSets(organization, { integrationsEnabled: true });
    const paused = await organization.export(id);
    expect(paused).toMatchObject({
      status: 'PAUSED',
      statusReason: expect.stringContaining('Export with JobScore is switched off'),
    });
    await adminSwitches(organization, true);
    expect((await organization.untilExport(id, 'COMPLETE')).counts).toMatchObject({ created: 8 });
    expect(arrived(organization)).toHaveLength(8);
  });

  it('survives a hurried hand: off and on again, several times, while candidates are on their way', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(10);
    jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: { kind: 'delay', ms: 60 } });
    const { id } = await organization.order({ connectionId, profileIds });
    for (let round = 1; round <= 4; round += 1) {
      await until(
        () => arrived(organization).length,
        (count) => count >= round,
      );
      await adminSwitches(organization, false);
      await adminSwitches(organization, true);
    }
    expect((await organization.untilExport(id, 'COMPLETE')).counts).toMatchObject({
      created: 10,
      failed: 0,
      unclear: 0,
    });
    const emails = arrived(organization).map(({ email }) => email);
    expect([emails.length, new Set(emails).size]).toEqual([10, 10]);
  });
});

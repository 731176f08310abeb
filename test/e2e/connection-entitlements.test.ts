import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONNECTION, CREATE, connected, ENTITLE, SWITCH, VERIFY } from '../support/connection-operations.ts';
import { type Organization, startWorld, type World } from '../support/connections-world.ts';

let world: World;
let acme: Organization;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  world.vendor.reset();
  acme = world.organization();
});

describe('what may be used', () => {
  it('CON-2: a tier that lacks a capability refuses it by type, and the operator can change that', async () => {
    const operator = world.organization();
    const input = { organizationId: acme.id, tier: 'ESSENTIAL' };
    expect(await operator.field('OPERATOR', ENTITLE, { input })).toMatchObject({
      __typename: 'Entitlement',
      organizationId: acme.id,
      tier: 'ESSENTIAL',
      integrationsEnabled: true,
      plugins: [{ pluginId: 'example', displayName: 'Example ATS' }],
    });
    const creation = { input: { pluginId: 'example', capabilities: ['EXPORT'] } };
    expect(await acme.field('ADMIN', CREATE, creation)).toEqual({
      __typename: 'CapabilityOff',
      code: 'CAPABILITY_OFF',
      message:
        'The Essential license does not include Export with Example ATS. The operator of this deployment can change that.',
      pluginId: 'example',
      capability: 'EXPORT',
      switchedOnBy: 'OPERATOR',
    });
    const [{ capabilities }] = await acme.field(
      'ADMIN',
      '{ catalog { capabilities { capability availability { on reason switchedOnBy } } } }',
    );
    expect(capabilities).toContainEqual({
      capability: 'EXPORT',
      availability: {
        on: false,
        reason: 'The Essential license does not include Export with Example ATS.',
        switchedOnBy: 'OPERATOR',
      },
    });
    expect(
      await acme.field('ADMIN', SWITCH, { input: { pluginId: 'example', capability: 'EXPORT', enabled: true } }),
    ).toMatchObject({
      __typename: 'CapabilityOff',
      switchedOnBy: 'OPERATOR',
    });

    await operator.field('OPERATOR', ENTITLE, { input: { organizationId: acme.id, tier: 'ENTERPRISE' } });
    expect(await acme.field('ADMIN', CREATE, creation)).toMatchObject({ __typename: 'Connection' });
    // The operator's own organization is as it was.
    expect(await operator.field('OPERATOR', '{ entitlement { tier } }')).toEqual({ tier: 'PROFESSIONAL' });
    expect(await acme.field('ADMIN', '{ auditLog { nodes { action actorId } } }')).toMatchObject({
      nodes: expect.arrayContaining([{ action: 'entitlement.set', actorId: 'OPERATOR-1' }]),
    });
  });

  it('CON-2: integrations that are off close everything', async () => {
    const input = { organizationId: acme.id, integrationsEnabled: false };
    await world.organization().field('OPERATOR', ENTITLE, { input });
    expect(
      await acme.field(
        'ADMIN',
        '{ entitlement { tier integrationsEnabled plugins { capabilities { availability { on switchedOnBy } } } } }',
      ),
    ).toEqual({
      tier: 'PROFESSIONAL',
      integrationsEnabled: false,
      plugins: [
        {
          capabilities: [
            { availability: { on: false, switchedOnBy: 'OPERATOR' } },
            { availability: { on: false, switchedOnBy: 'OPERATOR' } },
            { availability: { on: false, switchedOnBy: 'OPERATOR' } },
            { availability: { on: false, switchedOnBy: 'OPERATOR' } },
          ],
        },
      ],
    });
  });

  it("CON-2: an admin's switch refuses by type, says who can switch it on, and loses nothing", async () => {
    const id = await connected(acme);
    const off = { input: { pluginId: 'example', capability: 'EXPORT', enabled: false } };
    expect(await acme.field('ADMIN', SWITCH, off)).toEqual({
      __typename: 'PluginCapability',
      capability: 'EXPORT',
      availability: { on: false, reason: 'Export with Example ATS is switched off.', switchedOnBy: 'ADMIN' },
    });
    expect(await acme.field('ADMIN', VERIFY, { input: { connectionId: id } })).toEqual({
      __typename: 'CapabilityOff',
      code: 'CAPABILITY_OFF',
      message: 'Export with Example ATS is switched off. An admin of the organization can switch it on.',
      pluginId: 'example',
      capability: 'EXPORT',
      switchedOnBy: 'ADMIN',
    });
    expect(await acme.field('ADMIN', CONNECTION, { id })).toMatchObject({
      status: 'CONNECTED',
      capabilities: [{ capability: 'EXPORT', availability: { on: false, switchedOnBy: 'ADMIN' } }],
    });
    await acme.field('ADMIN', SWITCH, { input: { ...off.input, enabled: true } });
    expect(await acme.field('ADMIN', VERIFY, { input: { connectionId: id } })).toMatchObject({
      __typename: 'ConnectionVerified',
    });
  });

  it('CON-2: a switch of something that has none is refused', async () => {
    expect(
      await acme.field('ADMIN', SWITCH, { input: { pluginId: 'example', capability: 'PERMISSIONS', enabled: false } }),
    ).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'capability' }],
    });
    expect(
      await acme.field('ADMIN', SWITCH, { input: { pluginId: 'nobody', capability: 'EXPORT', enabled: false } }),
    ).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'pluginId' }],
    });
  });

  it('refuses an entitlement that says nothing', async () => {
    const { errors } = await acme.ask('OPERATOR', ENTITLE, { input: { organizationId: acme.id } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

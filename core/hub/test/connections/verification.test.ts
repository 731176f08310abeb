import { type CapabilityName, credentialFields, definePlugin, settingFields } from '@talentbridge/contracts';
import { openConnection } from '@talentbridge/plugin-host';
import { describe, expect, it } from 'vitest';
import { type VerificationSubject, verifyConnection } from '../../src/connections/verification.js';
import type { CapabilityModule } from '../../src/kernel/capabilities.js';

/** Who asked for the permissions of which capabilities. */
const asked: (readonly CapabilityName[])[] = [];

const plugin = definePlugin({
  id: 'asked',
  displayName: 'Asked ATS',
  description: 'Is not asked over the network.',
  contracts: '^1.0.0',
  hosts: ['asked.test'],
  credentials: credentialFields({}),
  settings: settingFields({}),
  requirements: [],
  connect: () => ({}),
  identify: async () => ({ accountId: 'account' }),
  capabilities: {
    permissions: () => ({
      check: async (_ctx, capabilities) => {
        asked.push(capabilities);
        return capabilities.map((name) => ({ permission: name, label: name, status: 'missing' as const }));
      },
    }),
  },
});

function moduleOf(name: CapabilityName, more: Partial<CapabilityModule> = {}): CapabilityModule {
  return {
    name,
    displayName: name,
    schema: [],
    tasks: {},
    verify: async () => ({ checks: [{ id: `own:${name}`, label: name, status: 'WARNED' }] }),
    reconsider: async () => undefined,
    leave: async () => undefined,
    ...more,
  };
}

async function verified(capabilities: readonly CapabilityName[]) {
  await using connection = openConnection(plugin, { credentials: {}, settings: {}, userAgent: 'Test' });
  // What the checks of these modules need of it is nothing.
  const scope = undefined as unknown as VerificationSubject['scope'];
  const subject = { scope, connectionId: 'id', plugin, capabilities, connection };
  const modules = [moduleOf('export'), moduleOf('systemConnect', { tellsPermissions: true })];
  const { report } = await verifyConnection(subject, modules);
  return { checks: report.checks.map(({ id, status }) => `${id} ${status}`), allGood: report.allGood };
}

describe('CON-5: permissions in a verification', () => {
  it('fail a connection, but for those of a capability that tells of them by itself', async () => {
    expect(await verified(['export'])).toEqual({
      checks: ['connectivity PASSED', 'permission:export FAILED', 'own:export WARNED'],
      allGood: false,
    });
    expect(await verified(['systemConnect'])).toEqual({
      checks: ['connectivity PASSED', 'own:systemConnect WARNED'],
      allGood: true,
    });
    expect((await verified(['export', 'systemConnect'])).checks).toContain('permission:export FAILED');
    expect(asked).toEqual([['export'], ['export']]);
  });
});

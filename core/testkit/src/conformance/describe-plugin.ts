import type { CapabilityName, Plugin } from '@talentbridge/contracts';
import { checkPlugin } from '@talentbridge/plugin-host';
import { describe, expect, it } from 'vitest';
import { type Check, type CheckWorld, NotConcerned } from './check.js';
import { CHECKS, type CheckName } from './checks/index.js';
import type { PluginSubject } from './plugin-subject.js';
import { type PluginConnection, startConnection } from './start-connection.js';

/**
 * The conformance suite: every promise of the contracts, for each capability that the plugin declares, against the
 * vendor that the subject simulates. The plugin runs in the hub's own plugin host.
 *
 * Call it at the top of a test file: `describePlugin(plugin, subject)`.
 */
export function describePlugin(plugin: Plugin, subject: PluginSubject): void {
  describe(`${plugin.displayName} keeps the contracts`, () => {
    it('PLG-1, PLG-3: has a manifest that is whole and was built for these contracts', () => {
      expect(checkPlugin(plugin)).toBe(plugin);
    });

    it('skips no check without a reason, and none that does not exist', () => {
      const names = new Set(Object.values(CHECKS).flatMap((checks) => checks.map(({ name }) => name)));
      for (const [name, reason] of Object.entries(subject.skips ?? {})) {
        expect([...names], 'the names of the checks').toContain(name);
        expect(reason.trim(), `the reason to skip ${name}`).not.toBe('');
      }
    });

    for (const capability of plugin.capabilities) describeCapability(plugin, subject, capability);
  });
}

function describeCapability(plugin: Plugin, subject: PluginSubject, capability: CapabilityName): void {
  describe(capability, () => {
    for (const check of CHECKS[capability]) {
      it(check.title, { timeout: 60_000 }, async (test) => {
        const reason = subject.skips?.[check.name];
        try {
          await runCheck(check, plugin, subject);
        } catch (error) {
          if (error instanceof NotConcerned) return test.skip(error.message);
          if (reason !== undefined) return test.skip(reason);
          throw error;
        }
        expect(reason, `${check.name} passes: take it off the skips`).toBeUndefined();
      });
    }
  });
}

/** Runs one check in a world of its own, and looks for leaks in everything that it saw. */
async function runCheck(check: Check<CheckName>, plugin: Plugin, subject: PluginSubject): Promise<void> {
  await using started = new AsyncDisposableStack();
  const connections: PluginConnection[] = [];
  const begin = async (): Promise<CheckWorld> => {
    const account = started.use(await subject.start());
    const connect: CheckWorld['connect'] = async (options) => {
      const connection = started.use(await startConnection(plugin, account, options));
      connections.push(connection);
      return connection;
    };
    return { plugin, account, connection: await connect(), connect, another: begin };
  };
  await check.run(await begin());
  for (const connection of connections) connection.expectNoLeak();
}

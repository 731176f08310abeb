import type { Plugin } from '@talentbridge/contracts';
import { checkPlugin } from '@talentbridge/plugin-host';
import { describe, expect, it } from 'vitest';
import { CHECKS } from './checks/index.js';
import type { PluginSubject } from './plugin-subject.js';
import { runCheck } from './run-check.js';

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
      const names = Object.values(CHECKS).flatMap((checks) => checks.map(({ name }) => name));
      for (const [name, reason] of Object.entries(subject.skips ?? {})) {
        expect(names, 'the names of the checks').toContain(name);
        expect(reason.trim(), `the reason to skip ${name}`).not.toBe('');
      }
    });

    for (const capability of plugin.capabilities) {
      describe(capability, () => {
        for (const { name, title } of CHECKS[capability]) {
          it(title, { timeout: 60_000 }, async (test) => {
            const verdict = await runCheck(plugin, subject, name);
            if (verdict.kind === 'skipped') test.skip(verdict.reason);
          });
        }
      });
    }
  });
}

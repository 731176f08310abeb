import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const require = createRequire(import.meta.url);

export default defineConfig({
  resolve: {
    // A schema works with the copy of graphql that made it only. Compiled code gets this one from Node; so must the tests.
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }],
  },
  test: {
    // Compiled workspaces run as they do in production: loaded by Node, not transformed.
    server: { deps: { external: [/\/dist\//] } },
    // Tests wait more than they compute: of workers one more than the smallest machine has cores.
    maxWorkers: 3,
    // Test files follow each other in one process: to load everything anew for each takes longer than most tests do.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A condition is waited for as long as a machine may stand still, not for the second that is the default.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'plain',
          include: [
            'test/architecture/**/*.test.ts',
            'core/{contracts,plugin-host,testkit}/test/**/*.test.ts',
            'plugins/*/test/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['core/hub/test/**/*.test.ts', '{gateway,schema}/test/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/postgres-server.ts', 'test/support/throwaway-files.ts'],
        },
      },
    ],
  },
});

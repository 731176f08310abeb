import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
const require = createRequire('/work/main/vitest.config.ts');
export default defineConfig({
  root: '/work/main',
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: { server: { deps: { external: [/\/dist\//] } }, maxWorkers: 2, testTimeout: 20_000, include: ['{gateway,schema}/test/**/*.test.ts'] },
});

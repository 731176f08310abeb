/** Writes schema/schema.graphql as the gateway serves it, and generates the typed operations: `npm run schema`. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

writeFileSync(
  `${root}schema/schema.graphql`,
  execFileSync(process.execPath, ['gateway/dist/emit-schema.js'], { cwd: root }),
);
execFileSync('graphql-codegen', ['--config', 'codegen.yml'], { cwd: root, stdio: 'inherit' });

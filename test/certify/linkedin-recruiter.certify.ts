import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateHub } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import {
  certify,
  csvSheet,
  isComplete,
  markdownSheet,
  pluginExercises,
} from '../../plugins/linkedin-recruiter/certification/index.ts';
import { hubExercises } from './linkedin-recruiter/hub-exercises.ts';
import { startHubStand } from './linkedin-recruiter/hub-stand.ts';

/**
 * `npm run certify -- linkedin-recruiter [--out temp/certification]`
 *
 * Exercises LinkedIn's published rules on the plugin and on a hub between two simulators, and writes the evidence that a partner
 * hands in, as Markdown and CSV. Ends with code 1 when a rule does not hold.
 */
const { values } = parseArgs({ options: { out: { type: 'string', default: 'temp/certification' } } });

const dataDirectory = await temporaryDataDirectory();
const postgres = await startEmbeddedPostgres({ dataDirectory, durable: false });
try {
  await migrateHub(postgres.url);
  await using stand = await startHubStand(postgres.url);
  const at = new Date().toISOString();
  const sets = [
    { where: 'plugin', exercises: pluginExercises },
    { where: 'hub', exercises: hubExercises(stand) },
  ];
  const all = await certify(sets, ({ rule, result, failure, protocol }) => {
    console.log(`${result.padEnd(14)} ${rule.id.padEnd(13)} ${rule.title}`);
    for (const { what, holds, seen } of protocol.observations)
      if (!holds) console.log(`  does not hold: ${what}: ${seen}`);
    if (failure !== undefined) console.log(`  ${failure}`);
  });
  const head = { at, versions: versions() };
  const folder = resolve(values.out);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of [
    ['linkedin-recruiter.md', markdownSheet(head, all, stand.concealment)],
    ['linkedin-recruiter.csv', csvSheet(head, all, stand.concealment)],
  ] as const) {
    await writeFile(join(folder, name), text);
    console.log(join(folder, name));
  }
  process.exitCode = isComplete(all) ? 0 : 1;
} finally {
  await postgres[Symbol.asyncDispose]();
  await rm(dataDirectory, { recursive: true });
}

/** What is certified, by name. */
function versions(): Readonly<Record<string, string>> {
  const versionOf = (folder: string): string =>
    JSON.parse(readFileSync(new URL(`../../${folder}/package.json`, import.meta.url), 'utf8')).version;
  return {
    'LinkedIn Recruiter (plugin)': versionOf('plugins/linkedin-recruiter'),
    'Plugin contracts': versionOf('core/contracts'),
    Hub: versionOf('core/hub'),
    'JobScore (plugin of the ATS)': versionOf('plugins/jobscore'),
    'Paths of LinkedIn': '/v2; RSC-601: /rest',
    'Node.js': process.versions.node,
  };
}

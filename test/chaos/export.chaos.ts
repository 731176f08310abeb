import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { migrateHub } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { exportChaos, holds } from './export-chaos.ts';

/** `npm run chaos -- export [--plugin icims] [--kills 200] [--candidates 1000] [--latency 15] [--takeover 2]` */
const { values } = parseArgs({
  options: {
    plugin: { type: 'string', default: 'jobscore' },
    kills: { type: 'string', default: '200' },
    candidates: { type: 'string', default: '1000' },
    latency: { type: 'string', default: '15' },
    takeover: { type: 'string', default: '2' },
  },
});

const setUp = pluginSetUp(values.plugin);
const dataDirectory = await temporaryDataDirectory();
const postgres = await startEmbeddedPostgres({ dataDirectory });
try {
  await migrateHub(postgres.url);
  const report = await exportChaos({
    databaseUrl: postgres.url,
    setUp,
    kills: Number(values.kills),
    candidates: Number(values.candidates),
    latencyMs: Number(values.latency),
    takeoverSeconds: Number(values.takeover),
    progress: (line) => console.log(line),
  });
  console.log(JSON.stringify(report, null, 2));
  const good = report.kills >= Number(values.kills) && holds(report, setUp);
  console.log(good ? 'Nothing lost, nothing created twice.' : 'It does not hold.');
  process.exitCode = good ? 0 : 1;
} finally {
  await postgres[Symbol.asyncDispose]();
  await rm(dataDirectory, { recursive: true });
}

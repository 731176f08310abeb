import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { migrateHub } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import { syncChaos } from './sync-chaos.ts';

/** `npm run chaos -- sync [--schedules 200] [--candidates 20000] [--seed 1]` */
const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '200' },
    candidates: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
});

const dataDirectory = await temporaryDataDirectory();
const postgres = await startEmbeddedPostgres({ dataDirectory });
try {
  await migrateHub(postgres.url);
  const report = await syncChaos({
    databaseUrl: postgres.url,
    schedules: Number(values.schedules),
    candidates: Number(values.candidates),
    seed: Number(values.seed),
    progress: (line) => console.log(line),
  });
  console.log(JSON.stringify(report, null, 2));
  const same = report.different === 0 && report.differentAfterChanges === 0;
  const good = same && report.pagesLost <= report.mostPagesLost;
  console.log(
    good ? 'Every mirror is what its ATS holds, row by row, and no fault cost more than a page.' : 'It does not hold.',
  );
  process.exitCode = good ? 0 : 1;
} finally {
  await postgres[Symbol.asyncDispose]();
  await rm(dataDirectory, { recursive: true });
}

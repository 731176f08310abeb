import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrateHub } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import { startSimulators } from '../../gateway/dist/demo/simulators.js';
import { connectHub } from '../support/connected-hub.ts';
import { madeUpProfiles } from '../support/made-up-profiles.ts';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { printTable } from './figures.ts';

/**
 * `npm run bench -- calls [--plugin icims] [--candidates 4900] [--quota 10000]`
 *
 * How many calls of the vendor an exported candidate costs, where the vendor counts them: new people, to a job, without a
 * résumé, as the simulated vendor saw it. With the least a candidate can cost (create, attach) as the baseline.
 */
const { values } = parseArgs({
  options: {
    plugin: { type: 'string', default: 'icims' },
    candidates: { type: 'string', default: '4900' },
    quota: { type: 'string', default: '10000' },
  },
});
const CANDIDATES = Number(values.candidates);
/** Create the person, attach them to the job. */
const LEAST_CALLS = 2;

await using stack = new AsyncDisposableStack();
const dataDirectory = await temporaryDataDirectory();
stack.defer(() => rm(dataDirectory, { recursive: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
await migrateHub(postgres.url);
const setUp = pluginSetUp(values.plugin);
const [simulator] = await startSimulators([
  { plugin: setUp.package, hosts: [setUp.host], arguments: [...setUp.unthrottled, '--quota', values.quota] },
]);
if (!simulator) throw new Error('The simulator did not start.');
stack.defer(() => simulator.stop());
const { hub, scope, connectionId } = stack.use(await connectHub(postgres.url, setUp, simulator.url, { paced: true }));

const profileIds: string[] = [];
const people = madeUpProfiles(CANDIDATES);
for (let from = 0; from < people.length; from += 500) {
  const { profiles } = await hub.profiles.upsert(scope, people.slice(from, from + 500));
  profileIds.push(...profiles.map(({ id }) => id));
}
const [job] = (await hub.exportDestinations.jobs(scope, connectionId, { first: 1 })).items;
if (!job) throw new Error('The simulator has no open job.');

// Connecting and choosing a job cost calls too; they are not counted per candidate.
const before = (await requests()).length;
const { id } = await hub.exports.order(scope, {
  connectionId,
  profileIds,
  target: { kind: 'job', jobRemoteId: job.remoteId },
  options: { generateDummyEmails: false, includePreviouslyExported: false },
  idempotencyKey: randomUUID(),
});
await hub.startWorker({ concurrency: 1 });
for (;;) {
  await scope.close();
  const record = await hub.exportHistory.get(scope, id);
  if (record?.status === 'COMPLETE') break;
  if (record?.statusReason) throw new Error(record.statusReason);
  await sleep(250);
}
const counts = (await hub.exportHistory.counts(scope, [id])).get(id);
if (counts?.created !== CANDIDATES) throw new Error(`Not everybody was created: ${JSON.stringify(counts)}`);

const made = (await requests()).slice(before);
const byEndpoint = Map.groupBy(made, ({ method, path }) => `${method} ${path.replace(/\/\d+(?=\/|$)/g, '/{id}')}`);
console.log(
  `\n${CANDIDATES} new candidates to a job of ${values.plugin}, no résumé; a daily quota of ${values.quota} calls.\n`,
);
printTable(
  ['calls', 'in all', 'a candidate', 'of the least possible'],
  [
    ...[...byEndpoint].map(([endpoint, calls]) => [endpoint, ...figuresOf(calls.length)]),
    ['together', ...figuresOf(made.length)],
  ],
);

function figuresOf(calls: number): [string, string, string] {
  const each = calls / CANDIDATES;
  return [String(calls), each.toFixed(4), (each / LEAST_CALLS).toFixed(4)];
}

async function requests(): Promise<readonly { readonly method: string; readonly path: string }[]> {
  const answer = await fetch(`${simulator?.url}/_sim/requests`);
  return (await answer.json()) as readonly { readonly method: string; readonly path: string }[];
}

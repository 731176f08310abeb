import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  defaultDataDirectory,
  EmbeddedPostgresError,
  startEmbeddedPostgres,
} from '@talentbridge/hub/embedded-postgres';
import { createApplication } from './application.js';
import { ConfigurationError, readConfiguration } from './configuration.js';
import { loadDemoSamples } from './demo/demo-samples.js';
import { localEncryptionKeys } from './demo/local-encryption-keys.js';
import { type RunningSimulator, startSimulators } from './demo/simulators.js';
import { welcome } from './demo/welcome.js';
import { loadDeployment, readDeploymentFile } from './deployment-file.js';
import { createLogger } from './operations/logging.js';
import { untilTold } from './operations/until-told.js';

/** Whom the development token of `npm start` is for. */
const DEMO = {
  organizationId: '00000000-0000-4000-8000-000000000001',
  userId: 'demo-admin',
  roles: ['ADMIN', 'RECRUITER', 'OPERATOR'],
} as const;

/**
 * `npm start`: everything on one machine. Brings up PostgreSQL (unless DATABASE_URL names one), simulated vendors and
 * sample data, and says where everything is.
 */
async function start(): Promise<void> {
  const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false } } });
  const given = readConfiguration();
  if (given.environment === 'production') {
    throw new ConfigurationError('`npm start` is for development. In production run `node gateway/dist/main.js`.');
  }
  const directory = await defaultDataDirectory();
  if (values.reset && given.hub.databaseUrl) {
    throw new ConfigurationError(
      '--reset deletes the embedded database only; DATABASE_URL names another. Empty that one yourself.',
    );
  }
  if (values.reset) await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const closing: (() => Promise<unknown>)[] = [];
  // In the order of dependence: whatever was begun is ended, also when the next step fails.
  const closeAll = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  const told = untilTold();
  try {
    const file = await readDeploymentFile(given.hub.deploymentFile);
    const simulators = await startSimulators(file.demo.simulators);
    closing.push(() => Promise.all(simulators.map((simulator) => simulator.stop())));
    const database = given.hub.databaseUrl ? undefined : await startEmbeddedPostgres({ dataDirectory: directory });
    if (database) closing.push(async () => database[Symbol.asyncDispose]());
    const local = join(directory, 'local');
    const configuration = {
      ...given,
      hub: {
        ...given.hub,
        databaseUrl: given.hub.databaseUrl ?? database?.url,
        encryptionKeys: given.hub.encryptionKeys ?? (await localEncryptionKeys(local)),
        fileStore: given.hub.fileStore ?? `disk:${join(directory, 'files')}`,
        searchIndexDirectory: given.hub.searchIndexDirectory ?? join(directory, 'search'),
      },
    };
    const deployment = await loadDeployment(withSimulators(file, simulators), configuration.hub);
    // The welcome text is for people; log lines between it would hide it.
    const logger = createLogger(given.logLevel === 'info' ? 'warn' : given.logLevel);
    const application = await createApplication({
      configuration,
      deployment,
      logger,
      vendorsAreLocal: true,
      development: { identity: { ...DEMO, roles: [...DEMO.roles] }, keyFile: join(local, 'development-issuer.json') },
    });
    closing.push(() => application.close());
    const samples = file.demo.samples
      ? await loadDemoSamples(application.hub, DEMO.organizationId, file.demo.samples)
      : undefined;
    const url = await application.gateway.listen();
    const issued = await application.gateway.issuer?.issue();
    process.stdout.write(
      welcome({
        url,
        token: issued?.token,
        simulators,
        samples,
        database: database
          ? `PostgreSQL 18, embedded; data in ${database.dataDirectory}`
          : 'PostgreSQL at DATABASE_URL',
        brand: deployment.brand,
      }),
    );
    await told;
    process.stdout.write('\nStopping ...\n');
  } finally {
    await closeAll();
  }
}

function withSimulators<File extends { readonly hostOverrides: Readonly<Record<string, string>> }>(
  file: File,
  simulators: readonly RunningSimulator[],
): File {
  const overrides = Object.fromEntries(simulators.flatMap(({ hosts, url }) => hosts.map((host) => [host, url])));
  return { ...file, hostOverrides: { ...overrides, ...file.hostOverrides } };
}

try {
  await start();
} catch (error) {
  if (!(error instanceof ConfigurationError || error instanceof EmbeddedPostgresError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

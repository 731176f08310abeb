import { createApplication } from './application.js';
import { ConfigurationError, readConfiguration } from './configuration.js';
import { loadDeployment, readDeploymentFile } from './deployment-file.js';
import { createLogger } from './operations/logging.js';
import { untilTold } from './operations/until-told.js';

/** One process of a deployment: the gateway and, unless WORKER is off, a worker. Configured by the environment alone. */
async function main(): Promise<void> {
  const configuration = readConfiguration();
  const logger = createLogger(configuration.logLevel);
  const deployment = await loadDeployment(
    await readDeploymentFile(configuration.hub.deploymentFile),
    configuration.hub,
  );
  const application = await createApplication({ configuration, deployment, logger });
  const url = await application.gateway.listen();
  logger.info({ url }, 'listening');
  await untilTold();
  logger.info('stopping');
  await application.close();
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

import { join } from 'node:path';
import { type KeyRotationReport, type LeftCredential, migrateHub, rotateKeys } from '@talentbridge/hub';
import {
  defaultDataDirectory,
  EmbeddedPostgresError,
  hasEmbeddedDatabase,
  runningEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@talentbridge/hub/embedded-postgres';
import { ConfigurationError, type GatewayConfiguration, readConfiguration } from './configuration.js';
import { localEncryptionKeys } from './demo/local-encryption-keys.js';
import { readEncryptionKeys } from './encryption-keys.js';

/** Something still needs another key than the current one. */
const KEYS_STILL_NEEDED = 2;

/** A line of progress is printed after so many more credentials. */
const PROGRESS_EVERY = 500;

/**
 * `npm run rotate-keys`: wraps all credentials under the first of ENCRYPTION_KEYS, beside running gateways. Ends with 0 when the
 * other keys can be removed, 2 when something still needs one of them, 1 when it could not run.
 */
async function main(): Promise<number> {
  const configuration = readConfiguration();
  const keys = readEncryptionKeys(await encryptionKeys(configuration));
  await using database = await reachDatabase(configuration);
  await migrateHub(database.url);
  say(`Wrapping all credentials under the key ${keys.currentKeyId} ...`);
  let shown = 0;
  const report = await rotateKeys({
    databaseUrl: database.url,
    keys,
    progress: ({ rewrapped }) => {
      if (shown > 0 && rewrapped - shown < PROGRESS_EVERY) return;
      shown = rewrapped;
      say(`  ${rewrapped} wrapped so far`);
    },
  });
  for (const line of summaryOf(report)) say(line);
  return report.left.length === 0 ? 0 : KEYS_STILL_NEEDED;
}

/** What a rotation did, for the operator: connections by id, never what they hold. */
function summaryOf({ currentKeyId, rewrapped, byKey, left }: KeyRotationReport): readonly string[] {
  const total = byKey.values().reduce((sum, count) => sum + count, 0);
  const lines = [
    `${rewrapped} credentials were wrapped again.`,
    ...[...byKey].map(([keyId, count]) => `Key ${keyId}: ${count} of ${total} credentials.`),
  ];
  if (left.length === 0) {
    return [...lines, `Every credential opens with the key ${currentKeyId} alone: the other keys can be removed.`];
  }
  return [
    ...lines,
    ...left.map((each) => `Left alone: ${complaintOf(each)}`),
    `${left.length} credentials do not open with the key ${currentKeyId} alone. Do not remove the other keys yet.`,
  ];
}

function complaintOf({ organizationId, connectionId, keyId, reason }: LeftCredential): string {
  const place = `connection ${connectionId} of organization ${organizationId}`;
  switch (reason) {
    case 'KEY_MISSING':
      return `${place} needs the key ${keyId}, which is not configured. Add it to ENCRYPTION_KEYS and run this again, or let an admin enter the credentials again.`;
    case 'BROKEN':
      return `${place} does not open with the key ${keyId}: the key has other bytes than when it sealed them, or they were changed. Correct the key, or let an admin enter the credentials again.`;
    case 'OLD_KEY':
      return `${place} is sealed with the key ${keyId} again and again: a process still has that one first. Restart every process with the new key first, then run this again.`;
  }
}

async function encryptionKeys({ environment, hub }: GatewayConfiguration): Promise<string> {
  if (hub.encryptionKeys !== undefined) return hub.encryptionKeys;
  if (environment === 'production' || hub.databaseUrl !== undefined) {
    throw new ConfigurationError('ENCRYPTION_KEYS is needed: the new key first, then those that are still in use.');
  }
  return localEncryptionKeys(join(await defaultDataDirectory(), 'local'));
}

/** The database of DATABASE_URL; else the embedded one, through the process that runs it where one does. */
async function reachDatabase({
  environment,
  hub,
}: GatewayConfiguration): Promise<{ readonly url: string } & AsyncDisposable> {
  const leave = async (): Promise<void> => undefined;
  if (hub.databaseUrl !== undefined) return { url: hub.databaseUrl, [Symbol.asyncDispose]: leave };
  const dataDirectory = await defaultDataDirectory();
  if (environment === 'production' || !(await hasEmbeddedDatabase(dataDirectory))) {
    throw new ConfigurationError(
      `DATABASE_URL is needed: it is not set, and there is no embedded database in ${dataDirectory}.`,
    );
  }
  const running = await runningEmbeddedPostgres(dataDirectory);
  if (running !== undefined) return { url: running, [Symbol.asyncDispose]: leave };
  return startEmbeddedPostgres({ dataDirectory });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = 1;
  if (!(error instanceof ConfigurationError || error instanceof EmbeddedPostgresError)) throw error;
  process.stderr.write(`${error.message}\n`);
}

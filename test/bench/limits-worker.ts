import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHubError } from '@talentbridge/contracts';
import { KeyRing } from '@talentbridge/hub';
import { pino } from 'pino';
import { Connection } from '../../core/hub/dist/connections/connection.entity.js';
import { ConnectionOpener } from '../../core/hub/dist/connections/connection-opener.js';
import { CredentialStore } from '../../core/hub/dist/connections/credential-store.js';
import { RequestLog } from '../../core/hub/dist/connections/request-log.js';
import { Notifications } from '../../core/hub/dist/kernel/notifications.js';
import { Paces } from '../../core/hub/dist/kernel/pace/paces.js';
import { Database } from '../../core/hub/dist/kernel/persistence/database.js';
import { noTelemetry } from '../../core/hub/dist/kernel/telemetry.js';
import { Vault } from '../../core/hub/dist/kernel/vault/vault.js';
import { loadDeployment } from '../../gateway/dist/deployment-file.js';
import { PACED_HOST } from '../support/paced-plugin.ts';

/*
 * One worker process of limits.bench.ts: opens connections as the hub does, and asks as much as it may. It ends when the
 * process that started it does.
 */

/** What a worker is told when it starts. */
export interface WorkerOrder {
  readonly databaseUrl: string;
  readonly encryptionKeys: string;
  readonly plugin: string;
  readonly vendorUrl: string;
  readonly organizationId: string;
  /** Asked without a pause, by so many callers at once. */
  readonly busy: string;
  readonly callers: number;
  /** Asked now and then: how long it takes is reported. */
  readonly calm: string;
}

/** What a worker says every second. */
export interface WorkerReport {
  /** Milliseconds that calls of the calm connection took. */
  readonly calmMs: readonly number[];
  /** Codes of the errors that callers of the busy connection got, and how often. */
  readonly errors: Readonly<Record<string, number>>;
}

process.once('message', (order: WorkerOrder) => void run(order));

async function run(order: WorkerOrder): Promise<void> {
  const logger = pino({ level: 'silent' });
  const database = await Database.open({ url: order.databaseUrl, entities: [Connection] });
  const notifications = new Notifications(order.databaseUrl, logger);
  await notifications.start();
  const deployment = await loadDeployment(
    {
      plugins: [order.plugin],
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: { [PACED_HOST]: order.vendorUrl },
      demo: { simulators: [] },
    },
    { brand: 'SeekOut', dummyEmailDomain: 'seekout.example.com' },
  );
  const opener = new ConnectionOpener(
    deployment,
    new CredentialStore(new Vault(KeyRing.parse(order.encryptionKeys))),
    new RequestLog(database, logger),
    new Paces(order.databaseUrl, notifications, logger),
    'Bench/1.0',
    noTelemetry,
  );
  const scope = database.scope({ organizationId: order.organizationId, userId: 'bench', roles: [] });
  const exporter = async (connectionId: string) => {
    const capability = (await opener.open(scope, connectionId)).capability('export');
    if (!capability) throw new Error('The plugin has no Export.');
    return capability;
  };
  const [busy, calm] = [await exporter(order.busy), await exporter(order.calm)];
  const ctx = () => ({ callId: randomUUID(), deadline: Date.now() + 30_000 });
  let calmMs: number[] = [];
  let errors: Record<string, number> = {};
  const ask = async (): Promise<void> => {
    for (;;) {
      try {
        await busy.listJobs(ctx(), {});
      } catch (error) {
        const code = isHubError(error) ? error.code : String(error);
        errors[code] = (errors[code] ?? 0) + 1;
        await sleep(20);
      }
    }
  };
  const askCalmly = async (): Promise<void> => {
    for (;;) {
      const begun = performance.now();
      await calm.listJobs(ctx(), {});
      calmMs.push(performance.now() - begun);
      await sleep(500);
    }
  };
  setInterval(() => {
    process.send?.({ calmMs, errors } satisfies WorkerReport);
    calmMs = [];
    errors = {};
  }, 1000);
  await Promise.all([...Array.from({ length: order.callers }, ask), askCalmly()]);
}

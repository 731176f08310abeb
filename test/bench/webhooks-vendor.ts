import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiskFileStore, KeyRing, openHub } from '@talentbridge/hub';
import { type ExampleSimulator, SIMULATED_API_KEY, startSimulator } from '@talentbridge/plugin-example/simulator';
import { pino } from 'pino';
import { loadDeployment } from '../../gateway/dist/deployment-file.js';

/** One delivery, signed as the vendor signs it. */
export interface SignedDelivery {
  readonly eventId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection to a simulated vendor, which a product process subscribes to. */
export interface TellingVendor extends AsyncDisposable {
  readonly simulator: ExampleSimulator;
  /** Of every product process on this database. */
  readonly environment: Readonly<Record<string, string>>;
  /** Waits until a worker has subscribed and the first load is complete. @returns Path and token of the callback URL. */
  subscribed(): Promise<{ readonly path: string; readonly token: string }>;
  /** Signs one more delivery, with an id of its own, that names one of a few hundred candidates. */
  sign(): SignedDelivery;
}

/** Whom events name: candidates that the vendor has. */
const CANDIDATES = 200;
const START_MS = 60_000;

/** Connects Example ATS, simulated in this process, in a migrated database. @param publicUrl Where product processes are reached. */
export async function startTellingVendor(databaseUrl: string, publicUrl: string): Promise<TellingVendor> {
  const simulator = await startSimulator({ requestsPerMinute: 1e9 });
  const remoteIds = await addCandidates(simulator);
  const directory = await mkdtemp(join(tmpdir(), 'talentbridge-webhooks-'));
  const encryptionKeys = `test:${randomBytes(32).toString('base64')}`;
  const deploymentFile = {
    plugins: ['@talentbridge/plugin-example'],
    defaultTier: 'ENTERPRISE' as const,
    outgoingAddresses: [],
    hostOverrides: { 'api.example-ats.test': simulator.url },
    // As fast as the vendor answers: what is measured is the hub.
    pace: { example: {} },
    demo: { simulators: [] },
  };
  await writeFile(join(directory, 'deployment.json'), JSON.stringify(deploymentFile));
  const hub = await openHub({
    databaseUrl,
    deployment: await loadDeployment(deploymentFile, { brand: 'SeekOut', dummyEmailDomain: 'seekout.example.com' }),
    keys: KeyRing.parse(encryptionKeys),
    files: new DiskFileStore(join(directory, 'files')),
    logger: pino({ level: process.env.TB_LOG ?? 'silent' }),
    publicUrl: () => publicUrl,
  });
  const scope = hub.scope({ organizationId: randomUUID(), userId: 'test', roles: ['ADMIN'] });
  const { id: connectionId } = await hub.connections.create(scope, {
    pluginId: 'example',
    capabilities: ['rediscovery'],
  });
  await hub.connections.acknowledgeRequirements(scope, connectionId);
  await hub.connections.submitCredentials(scope, { connectionId, credentials: { apiKey: SIMULATED_API_KEY } });
  await hub.connections.finish(scope, connectionId);
  let signed = 0;
  return {
    simulator,
    environment: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PUBLIC_URL: publicUrl,
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEYS: encryptionKeys,
      FILE_STORE: `disk:${join(directory, 'files')}`,
      DEPLOYMENT_FILE: join(directory, 'deployment.json'),
      // Nobody signs in here.
      AUTH_JWKS_URL: 'http://127.0.0.1:9/keys',
      AUTH_ISSUER: 'nobody',
      AUTH_AUDIENCE: 'nobody',
    },
    async subscribed() {
      for (const deadline = Date.now() + START_MS; ; await sleep(50)) {
        await scope.close();
        const state = (await hub.webhooks.states(scope, [connectionId])).get(connectionId);
        const { completeAt } = await hub.mirror.state(scope, connectionId);
        const url = simulator.webhooks.all[0]?.url;
        if (state?.status === 'ACTIVE' && state.checkedAt && completeAt && url) {
          await scope.close();
          return { path: new URL(url).pathname, token: url.split('/').at(-1) ?? '' };
        }
        if (Date.now() > deadline) throw new Error(`Nobody subscribed: ${state?.status} ${state?.reason ?? ''}`);
      }
    },
    sign() {
      const eventId = `ev-${randomUUID()}`;
      signed += 1;
      const body = JSON.stringify({
        id: eventId,
        type: 'candidate.updated',
        created_at: new Date().toISOString(),
        data: { candidate_id: remoteIds[signed % CANDIDATES] },
      });
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const secret = simulator.webhooks.all[0]?.secrets[0]?.secret ?? '';
      const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'x-hook-timestamp': timestamp,
        'x-hook-signature': `v1=${signature}`,
      };
      return { eventId, headers, body };
    },
    async [Symbol.asyncDispose]() {
      await scope.close();
      await hub.close();
      await simulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function addCandidates(simulator: ExampleSimulator): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < CANDIDATES; index += 1) {
    const answer = await fetch(`${simulator.url}/v1/candidates`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SIMULATED_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        external_id: `made-up-${index}`,
        source: 'test',
        first_name: 'Made',
        last_name: `Up ${index}`,
        emails: [],
        phones: [],
        links: [],
        positions: [],
        tags: [],
      }),
    });
    if (answer.status !== 201) throw new Error(`The simulator answered ${answer.status}.`);
    ids.push(((await answer.json()) as { readonly id: string }).id);
  }
  return ids;
}

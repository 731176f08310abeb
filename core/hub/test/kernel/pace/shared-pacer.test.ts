import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace, Urgency } from '@talentbridge/contracts';
import { createGuardedHttp, type NoTurn, SecretPlaceholders, type Turn } from '@talentbridge/plugin-host';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { Notifications } from '../../../src/kernel/notifications.js';
import { type PaceKey, PaceStore } from '../../../src/kernel/pace/pace-store.js';
import { Paces } from '../../../src/kernel/pace/paces.js';
import { SharedPacer, type SharedPacerSettings } from '../../../src/kernel/pace/shared-pacer.js';

const FAR_MS = 60_000;

function granted(turn: Turn | NoTurn): Turn {
  if (!turn.granted) throw new Error('There was no turn.');
  return turn;
}

const logger = pino({ level: 'silent' });

const newKey = (): PaceKey => ({ organizationId: randomUUID(), connectionId: randomUUID() });

describe('the pace of a connection, kept by several processes', () => {
  let url: string;
  let owner: pg.Pool;
  const ending: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    url = await freshDatabase();
    owner = new pg.Pool({ connectionString: url, max: 2 });
    owner.on('error', () => undefined);
  });
  afterAll(async () => {
    for (const end of ending.reverse()) await end();
    await owner.end();
  });

  /** What one process has: its way to the database, and its ear. */
  async function startProcess(): Promise<Paces> {
    const notifications = new Notifications(url, logger);
    await notifications.start();
    const paces = new Paces(url, notifications, logger);
    ending.push(async () => {
      await paces.close();
      await notifications.close();
    });
    return paces;
  }

  /** A pacer with settings of its own, deaf to announcements. */
  function deafPacer(key: PaceKey, pace: Pace, settings: SharedPacerSettings = {}): SharedPacer {
    const store = new PaceStore(url, logger);
    ending.push(() => store.close());
    return new SharedPacer(store, key, pace, settings);
  }

  const by = (leftMs: number, lane?: string, urgency: Urgency = 'work') => ({
    lane,
    urgency,
    deadline: Date.now() + leftMs,
  });

  it('gives no more turns at once than allowed, whichever process asks', async () => {
    const [here, there] = [await startProcess(), await startProcess()];
    const key = newKey();
    const pace: Pace = { lanes: { candidates: { concurrency: 1 } } };
    const [a, b] = [here.pacer(key, pace), there.pacer(key, pace)];
    const first = granted(await a.acquire(by(FAR_MS, 'candidates')));
    let came = false;
    const second = b.acquire(by(FAR_MS, 'candidates')).then((turn) => {
      came = true;
      return granted(turn);
    });
    // Another lane is not held up.
    granted(await b.acquire(by(FAR_MS, 'jobs'))).release();
    expect(came).toBe(false);
    expect(first.begin()).toBe(true);
    first.release();
    // The announcement brings it: the lease of the first would have been renewed for ever.
    (await second).release();
  });

  it('lets no more requests arrive in any window than allowed, from all processes together', async () => {
    const arrivals: number[] = [];
    const vendor = createServer((_request, response) => {
      arrivals.push(performance.now());
      response.end('{}');
    });
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    const address = vendor.address();
    if (address === null || typeof address === 'string') throw new Error('The vendor has no port.');
    const key = newKey();
    const pace: Pace = { eachLane: { concurrency: 8, rate: { requests: 10, perMs: 200 } } };
    const process = async (): Promise<void> => {
      const http = createGuardedHttp({
        pluginId: 'test-ats',
        atsName: 'Test ATS',
        hosts: ['api.vendor.example'],
        hostOverrides: { 'api.vendor.example': `http://127.0.0.1:${address.port}` },
        secrets: new SecretPlaceholders(),
        userAgent: 'TestHub/1.0',
        // However long a loaded machine takes to answer: what was not answered counts.
        pacer: deafPacer(key, pace, { arrivalMs: 60_000 }),
      });
      const caller = async (): Promise<void> => {
        // Many windows, however long they take.
        while (arrivals.length < 120) {
          await http.send(
            { callId: 'call', deadline: Date.now() + FAR_MS },
            { method: 'GET', url: 'https://api.vendor.example/jobs', lane: 'jobs' },
          );
        }
      };
      await Promise.all(Array.from({ length: 6 }, caller));
      await http.close();
    };
    await Promise.all([process(), process(), process()]);
    vendor.closeAllConnections();
    vendor.close();
    const closest = Math.min(...arrivals.slice(10).map((at, index) => at - (arrivals[index] ?? 0)));
    // How close it comes to the limit is measured by `npm run bench -- limits`: here a busy machine decides.
    expect(closest).toBeGreaterThanOrEqual(200);
  });

  it('counts a request from its answer, not from when it was sent', async () => {
    const key = newKey();
    const pacer = deafPacer(key, { rate: { requests: 1, perMs: 300 } }, { arrivalMs: 60_000 });
    const first = granted(await pacer.acquire(by(FAR_MS)));
    const begunAt = performance.now();
    first.begin();
    await sleep(400);
    const endedAt = performance.now();
    first.release();
    const wayBackMs = (performance.now() - begunAt) / 2;
    granted(await pacer.acquire(by(FAR_MS))).release();
    // Half of the exchange may have been the answer's way back.
    expect(performance.now() - endedAt).toBeGreaterThanOrEqual(300 - wayBackMs - 5);
    await pacer.close();
  });

  it('does not wait for the answers of a slow vendor', async () => {
    const pacer = deafPacer(newKey(), { rate: { requests: 1, perMs: 100 } }, { arrivalMs: 50, leaseMs: 300 });
    granted(await pacer.acquire(by(FAR_MS))).begin();
    // The first has no answer to this moment.
    granted(await pacer.acquire(by(FAR_MS))).release();
  });

  it('gives an unused turn back at once', async () => {
    const pacer = deafPacer(newKey(), { rate: { requests: 1, perMs: 600_000 } });
    for (let count = 0; count < 3; count += 1) granted(await pacer.acquire(by(FAR_MS))).release();
    granted(await pacer.acquire(by(FAR_MS))).begin();
    await pacer.close();
  });

  it('has the turns of a killed process back after its lease, and never sooner', async () => {
    const key = newKey();
    const pace: Pace = { concurrency: 1 };
    // Killed: it never gives its turn back, and renews nothing.
    const store = new PaceStore(url, logger);
    ending.push(() => store.close());
    const askedAt = performance.now();
    const [grant] = await store.turns(key, randomUUID(), {
      ...{ leaseMs: 1000, arrivalMs: 0, memoryMs: 0, whole: pace },
      lanes: [{ lane: '', limit: {}, wanted: 1, rank: 1 }],
      ...{ returned: [], renewed: [], pauses: [] },
    });
    expect(grant?.ids).toHaveLength(1);
    const other = deafPacer(key, pace);
    granted(await other.acquire(by(FAR_MS))).release();
    // The lease began after it was asked for; the clocks of two processes are not quite one.
    expect(performance.now() - askedAt).toBeGreaterThan(990);
  });

  it('keeps its turn for as long as it lives, however long the answer takes', async () => {
    const key = newKey();
    const leaseMs = 300;
    const [slow, other] = [deafPacer(key, { concurrency: 1 }, { leaseMs }), deafPacer(key, { concurrency: 1 })];
    const turn = granted(await slow.acquire(by(FAR_MS)));
    turn.begin();
    const heldUntil = async (): Promise<number | undefined> => {
      const { rows } = await owner.query<{ held: Date }>(
        'select held_until as held from talentbridge.pace_turn where connection_id = $1',
        [key.connectionId],
      );
      return rows[0]?.held.getTime();
    };
    // Renewed again and again. That nobody else has it before that moment, others prove.
    const first = await heldUntil();
    await expect.poll(heldUntil, { interval: 20 }).toBeGreaterThan((first ?? Number.NaN) + 3 * leaseMs);
    turn.release();
    granted(await other.acquire(by(FAR_MS))).release();
  });

  it('does not send on a turn that lapsed while the process stood still', async () => {
    const pacer = deafPacer(newKey(), { concurrency: 1 }, { leaseMs: 200 });
    const turn = granted(await pacer.acquire(by(FAR_MS)));
    const until = performance.now() + 250;
    while (performance.now() < until);
    expect(turn.begin()).toBe(false);
    turn.release();
    granted(await pacer.acquire(by(FAR_MS))).release();
  });

  it('pauses all processes when the vendor asks one of them, and only the lane that it spoke of', async () => {
    const key = newKey();
    const pace: Pace = { eachLane: { rate: { requests: 100, perMs: 1000 } } };
    const [a, b] = [deafPacer(key, pace), deafPacer(key, pace)];
    const earlier = granted(await a.acquire(by(FAR_MS, 'jobs')));
    a.slowDown(600_000, 'jobs');
    // What has not left yet does not leave any more.
    expect(earlier.begin()).toBe(false);
    earlier.release();
    granted(await a.acquire(by(FAR_MS, 'candidates'))).release();
    const refused = await b.acquire(by(5_000, 'jobs'));
    expect(refused).toMatchObject({ granted: false, retryAfterMs: expect.any(Number) });
    expect((refused as NoTurn).retryAfterMs).toBeGreaterThan(590_000);
    b.slowDown(600_000);
    expect(await b.acquire(by(5_000, 'candidates'))).toMatchObject({ granted: false });
    expect(await a.acquire(by(5_000, 'candidates'))).toMatchObject({ granted: false });
  });

  it('starves nobody: whoever waited for longer goes first', async () => {
    const key = newKey();
    const pace: Pace = { rate: { requests: 2, perMs: 100 } };
    const counts = [0, 0, 0];
    const total = (): number => counts.reduce((sum, count) => sum + count, 0);
    const processes = [await startProcess(), await startProcess(), await startProcess()];
    const callers = processes.map(async (paces, index) => {
      const pacer = paces.pacer(key, pace);
      // One of them wants far more than the others.
      const caller = async (): Promise<void> => {
        while (total() < 60) {
          const turn = granted(await pacer.acquire(by(FAR_MS)));
          turn.begin();
          turn.release();
          counts[index] = (counts[index] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: index === 0 ? 10 : 1 }, caller));
      await pacer.close?.();
    });
    await Promise.all(callers);
    expect(Math.min(...counts)).toBeGreaterThan(total() / 10);
  });

  it('serves people before crawls', async () => {
    const pacer = deafPacer(newKey(), { concurrency: 1 });
    const first = granted(await pacer.acquire(by(FAR_MS)));
    const order: string[] = [];
    const waiting = (['background', 'interactive', 'work'] as const).map(async (urgency) => {
      const turn = granted(await pacer.acquire(by(FAR_MS, undefined, urgency)));
      order.push(urgency);
      turn.release();
    });
    first.release();
    await Promise.all(waiting);
    expect(order).toEqual(['interactive', 'work', 'background']);
  });

  it('asks the database for nothing when the vendor has no limits', async () => {
    const paces = await startProcess();
    const key = newKey();
    const pacer = paces.pacer(key, { quota: { limitHeader: 'a', remainingHeader: 'b', resetHeader: 'c' } });
    granted(await pacer.acquire(by(FAR_MS))).release();
    const { rows } = await owner.query('select from talentbridge.pace_gate where connection_id = $1', [
      key.connectionId,
    ]);
    expect(rows).toHaveLength(0);
  });

  it('leaves nothing of a connection that was removed', async () => {
    const paces = await startProcess();
    const key = newKey();
    const pacer = paces.pacer(key, { rate: { requests: 1, perMs: 600_000 } });
    granted(await pacer.acquire(by(FAR_MS))).begin();
    pacer.slowDown(1000, 'jobs');
    await pacer.close?.();
    await paces.forget(key);
    for (const table of ['pace_gate', 'pace_turn', 'pace_waiting']) {
      const { rows } = await owner.query(`select from talentbridge.${table} where connection_id = $1`, [
        key.connectionId,
      ]);
      expect(rows).toHaveLength(0);
    }
  });

  it('says that no turn came while the database is away', async () => {
    const store = new PaceStore('postgres://nobody@127.0.0.1:1/nothing', logger);
    const pacer = new SharedPacer(store, newKey(), { concurrency: 1 });
    expect(await pacer.acquire(by(200))).toEqual({ granted: false });
    await pacer.close();
    await store.close();
  });
});

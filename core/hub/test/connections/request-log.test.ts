import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { type ReportedRequest, RequestLog } from '../../src/connections/request-log.js';
import { systemCaller } from '../../src/kernel/organizations/caller.js';
import { Database } from '../../src/kernel/persistence/database.js';

const organizationId = randomUUID();

let database: Database;
let owner: pg.Pool;
beforeAll(async () => {
  const url = await freshDatabase();
  database = await Database.open({ url, entities: [Connection] });
  owner = new pg.Pool({ connectionString: url, max: 1 });
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

/** A request that an ATS answered. */
const line = (
  request: Pick<ReportedRequest, 'organizationId' | 'callId'> & Partial<ReportedRequest>,
): ReportedRequest => ({
  connectionId: randomUUID(),
  at: new Date(),
  method: 'GET',
  host: 'api.vendor.example',
  path: '/',
  status: 200,
  errorCode: null,
  attempt: 1,
  durationMs: 5,
  responseBytes: 10,
  ...request,
});

it('API-5: the request log keeps the newest lines of each connection, and leaves other connections alone', async () => {
  const log = new RequestLog(database, pino({ level: 'silent' }));
  const busy = randomUUID();
  const quiet = randomUUID();
  const report = (connectionId: string, second: number): void =>
    log.report(
      line({
        organizationId,
        connectionId,
        at: new Date(1_700_000_000_000 + second * 1000),
        callId: `call-${second}`,
        path: '/jobs',
      }),
    );
  for (let second = 0; second < 10; second++) report(quiet, second);
  for (let second = 0; second < 5_200; second++) {
    report(busy, second);
    if (second % 1_000 === 0) await log.flush();
  }
  await log.close();

  const { rows } = await owner.query<{ connectionId: string; lines: number; oldest: string }>(
    `select connection_id as "connectionId", count(*)::int as lines, (array_agg(call_id order by at))[1] as oldest
     from talentbridge.request_log_entry group by connection_id`,
  );
  expect(rows).toContainEqual({ connectionId: quiet, lines: 10, oldest: 'call-0' });
  expect(rows).toContainEqual({ connectionId: busy, lines: 5_000, oldest: 'call-200' });
});

it('RED-1: the requests of a call are counted, in all and by lane, and those of others are not', async () => {
  const log = new RequestLog(database, pino({ level: 'silent' }));
  const lanes = new Map([['jobs', 1]]);
  const count = log.counting('mine', lanes);
  for (const [callId, lane] of [
    ['mine', 'jobs'],
    ['mine', 'people'],
    ['mine', undefined],
    ['theirs', 'jobs'],
  ] as const) {
    log.report(line({ organizationId, callId, lane }));
  }
  expect(count()).toBe(3);
  expect([...lanes]).toEqual([
    ['jobs', 2],
    ['people', 1],
  ]);
  await log.close();
});

it('RED-12: lines that name somebody who was erased go, of every connection and in every kind of path, and no others', async () => {
  const log = new RequestLog(database, pino({ level: 'silent' }));
  const [own, other] = [randomUUID(), randomUUID()];
  const report = (path: string, of = own): void => log.report(line({ organizationId: of, callId: 'forgotten', path }));
  const naming = ['/candidates/c-17', '/records/id=c-17&provider=ATS', '/people/(id:c-17)', '/files/a%2Fb/1'];
  const left = ['/candidates/c-170', '/records/id=xc-17', '/candidates'];
  for (const path of [...naming, ...left]) report(path);
  report('/candidates/c-17', other);
  await log.flush();
  // These wait for being written.
  for (const path of [...naming, ...left]) report(path);
  report('/candidates/c-17', other);

  const stored = await database.transaction(systemCaller(own), (tx) => log.forget(tx, ['c-17', 'a/b']));
  await log.close();
  expect(stored).toBe(naming.length);
  const { rows } = await owner.query<{ organizationId: string; path: string }>(
    `select organization_id as "organizationId", path from talentbridge.request_log_entry where call_id = 'forgotten' order by path`,
  );
  const pathsOf = (id: string) => rows.filter(({ organizationId: of }) => of === id).map(({ path }) => path);
  expect(new Set(pathsOf(own))).toEqual(new Set(left));
  expect(pathsOf(own)).toHaveLength(2 * left.length);
  expect(pathsOf(other)).toEqual(['/candidates/c-17', '/candidates/c-17']);
});

it('RED-12: what a vendor is asked about somebody who was erased is written down without their id', async () => {
  const erased = new Set(['c-17', 'a/b', 'urn:person:9']);
  const asked: string[] = [];
  const log = new RequestLog(database, pino({ level: 'silent' }), {
    named: async (_tx, ids) => {
      asked.push(...ids);
      return (id) => erased.has(id);
    },
  });
  const own = randomUUID();
  const written = new Map([
    ['/candidates/c-17', '/candidates/[erased]'],
    ['/candidates/c-17/files/c-170', '/candidates/[erased]/files/c-170'],
    ['/records/id=c-17&provider=ATS', '/records/id=[erased]&provider=ATS'],
    ['/people/(id:c-17)', '/people/(id:[erased])'],
    ['/members/urn:person:9', '/members/[erased]'],
    ['/files/a%2Fb/1', '/files/[erased]/1'],
    ['/broken/%E0%A4%A/c-17', '/broken/%E0%A4%A/[erased]'],
    ['/candidates', '/candidates'],
  ]);
  for (const path of written.keys()) {
    log.report(line({ organizationId: own, callId: 'masked', path }));
  }
  await log.close();
  const { rows } = await owner.query<{ path: string }>(
    `select path from talentbridge.request_log_entry where call_id = 'masked' and organization_id = $1`,
    [own],
  );
  expect(rows.map(({ path }) => path).sort()).toEqual([...written.values()].sort());
  expect(new Set(asked).size).toBe(asked.length);
});

import { HOSTILE_STRINGS } from '@talentbridge/testkit';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import {
  ArrayRoom,
  bigintArray,
  booleanArray,
  jsonArray,
  textArray,
  timeArray,
  uuidArray,
} from '../../../src/capabilities/rediscovery/writing/binary-arrays.js';
import { InMemoryAts } from './in-memory-ats.ts';
import { openMirrorDatabase } from './mirror-world.ts';

let url: string;
let client: pg.Client;
beforeAll(async () => {
  url = await freshDatabase();
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterAll(() => client.end());

const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc.constantFrom(...HOSTILE_STRINGS.map(({ text: hostile }) => hostile)),
  )
  .map((given) => given.toWellFormed().replaceAll('\u0000', ''));
const time = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });

describe('the database reads from an array what was written into it:', () => {
  const cases: readonly [string, fc.Arbitrary<unknown>, (room: ArrayRoom, values: never[]) => Buffer, string][] = [
    ['text', text, textArray, '$1::text[]'],
    ['json', fc.json({ maxDepth: 2 }).filter((json) => !json.includes('\\u')), jsonArray, '$1::json[]::text[]'],
    ['uuid', fc.uuid(), uuidArray, '$1::uuid[]'],
    ['timestamptz', time.map((at) => at.toISOString()), timeArray, '$1::timestamptz[]'],
    ['bigint', fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), bigintArray, '$1::bigint[]::float8[]'],
    ['boolean', fc.boolean(), booleanArray, '$1::boolean[]'],
  ];
  it.each(cases)('%s', async (type, value, array, read) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(value, { freq: 5 }), { maxLength: 20 }), async (values) => {
        const room = ArrayRoom.take();
        const { rows } = await client.query(`select ${read} as read`, [array(room, values as never[])]);
        room.giveBack();
        expect(seen(type, rows[0].read)).toEqual(seen(type, values));
      }),
    );
  });
});

it('arrays stand side by side in a room, what does not fit beside it, and others once it is given back', () => {
  const room = ArrayRoom.take();
  const lists = [['first'], ['second', null], ['x'.repeat(2_000_000)], ['third']];
  const alone = lists.map((list) => Buffer.from(textArray(new ArrayRoom(), list)));
  expect(lists.map((list) => textArray(room, list))).toEqual(alone);
  room.giveBack();
  const again = ArrayRoom.take();
  expect(again).toBe(room);
  expect(textArray(again, ['third'])).toEqual(alone[3]);
  expect(ArrayRoom.take()).not.toBe(again);
});

it('addresses stand in the mirror as they were told, whatever they hold', async () => {
  const emails = [
    '"quoted\\"@mail.example',
    'a,b{c}@mail.example',
    'null',
    'line\nbreak@mail.example',
    'é@mail.example',
  ];
  await using db = await openMirrorDatabase(url);
  const ats = new InMemoryAts();
  ats.changeCandidate(ats.addCandidate(), { emails });
  const world = await db.connect(ats);
  await world.workOff();
  const [row] = await world.write((tx) =>
    tx.rows<{ emails: string[] }>(`select c.emails from talentbridge.mirror_candidate c where ${tx.own('c')}`),
  );
  expect(row?.emails).toEqual(emails);
});

/** In a form in which what is the same is equal. */
function seen(type: string, values: readonly unknown[]): readonly unknown[] {
  return values.map((value) => {
    if (value === null) return null;
    if (type === 'json') return JSON.parse(value as string);
    return value instanceof Date ? value.toISOString() : value;
  });
}

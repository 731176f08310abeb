import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { idsInText, MASKED_ID } from '../../src/kernel/persistence/ids-in-text.js';

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: await freshDatabase(), max: 1 });
});
afterAll(() => pool.end());

async function masked(text: string, ids: readonly string[]): Promise<string> {
  const { rows } = await pool.query<{ text: string }>("select regexp_replace($1, $2, $3, 'g') as text", [
    text,
    idsInText(ids),
    MASKED_ID,
  ]);
  return rows[0]?.text ?? '';
}

it.each([
  ['It has no candidate 17.', ['17'], 'It has no candidate [erased].'],
  ['17 and (17), of c-17/j-1', ['17'], '[erased] and ([erased]), of c-[erased]/j-1'],
  ['At most 170 of 1 and 717', ['17'], 'At most 170 of 1 and 717'],
  ['Neither c-17 nor c-17/j-1.', ['c-17', 'c-17/j-1'], 'Neither [erased] nor [erased].'],
  ['No a+b(c)[d]{e}|f.g*h?i^j$k\\l, no axb', ['a+b(c)[d]{e}|f.g*h?i^j$k\\l'], 'No [erased], no axb'],
] as const)('RED-12: ids are masked where they stand by themselves: %s', async (text, ids, expected) => {
  expect(await masked(text, ids)).toBe(expected);
});

import { expect } from 'vitest';

/** A connection to a database, or a pool of them, as the superuser. */
interface Owner {
  query(sql: string): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * Resolves once a transaction of the database waits for another one, or once `unless` has ended, however it ends.
 * Nothing goes on looking after that: while it looks, Vitest turns the clocks of whatever test runs in the same process.
 */
export async function someoneWaitsForALock(owner: Owner, unless?: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
  };
  void unless?.then(end, end);
  const isWaiting = async (): Promise<boolean> => {
    const { rows } = await owner.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  };
  await expect.poll(async () => hasEnded || (await isWaiting()), { timeout: 20_000, interval: 10 }).toBe(true);
}

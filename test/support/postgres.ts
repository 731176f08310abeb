import { randomUUID } from 'node:crypto';
import { createDatabase } from '@talentbridge/hub/embedded-postgres';
import { inject } from 'vitest';
import type {} from './postgres-server.ts';

/**
 * Makes a database of the current schema, empty, that nobody else uses, and returns its URL for the superuser. It takes
 * some 50 ms, so a test file usually makes one and each test its own organization. It goes when the test run ends.
 */
export function freshDatabase(): Promise<string> {
  const { url, template } = inject('postgres');
  return createDatabase(url, `test_${randomUUID()}`, template);
}

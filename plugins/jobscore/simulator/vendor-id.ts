import { createHash, randomBytes } from 'node:crypto';

// JobScore's ids have 22 characters of `A-Z a-z 0-9 _ -` (JobScore sheet §2): 16 bytes in base64url.

/** The id of a record that is there from the start: the same in every run, so that what a hub remembers stays true. */
export function seedId(name: string): string {
  return createHash('sha256').update(name).digest().subarray(0, 16).toString('base64url');
}

/** The id of a record made while running: never seen before, not even by a hub that outlived an earlier run. */
export function newId(): string {
  return randomBytes(16).toString('base64url');
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of a whole test run, whose processes are stopped from outside and cannot clear up themselves. */
const OF_RUN = 'TALENTBRIDGE_TEST_FILES';

let parent = process.env[OF_RUN];

/** A folder for files, which goes when the test run does, or the process where there is none. */
export function throwawayFolder(): string {
  if (parent === undefined) {
    const made = madeFolder();
    process.once('exit', () => clear(made));
    parent = made;
  }
  return mkdtempSync(join(parent, 'store-'));
}

/** Vitest calls this around a run. */
export default function setup(): () => void {
  const made = madeFolder();
  process.env[OF_RUN] = made;
  return () => clear(made);
}

function madeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'talentbridge-files-'));
}

function clear(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let parent: string | undefined;

/** A folder for files, which goes when the process does. */
export function throwawayFolder(): string {
  if (parent === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'talentbridge-files-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    parent = made;
  }
  return mkdtempSync(join(parent, 'store-'));
}

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The key that seals credentials on this machine: made at the first start, readable by this account alone. */
export async function localEncryptionKeys(directory: string): Promise<string> {
  const file = join(directory, 'encryption-keys');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    await writeFile(file, `local-1:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}

import type { MirrorDatabase, MirrorWorld } from '../mirror-world.ts';
import { type CopyWorld, copyWorld } from './copy-world.ts';
import { CopyingAts } from './copying-ats.ts';

/** A mirror, and imports beside it. */
export interface CopiedMirror {
  readonly ats: CopyingAts;
  readonly world: MirrorWorld;
  readonly copies: CopyWorld;
}

/** A mirror that is kept, and imports beside it. */
export async function startCopying(
  db: MirrorDatabase,
  prepare: (ats: CopyingAts) => void = () => undefined,
  mirrored = true,
): Promise<CopiedMirror> {
  const ats = new CopyingAts({ applications: 'alone' });
  prepare(ats);
  const world = await db.connect(ats);
  if (mirrored) await world.workOff();
  return { ats, world, copies: await copyWorld(db, world, ats) };
}

/** First names of the candidates whom a mirror holds, by the ATS's id. */
export const firstNames = async (world: MirrorWorld): Promise<Readonly<Record<string, unknown>>> =>
  Object.fromEntries(
    ((await world.rows()).candidates as { remoteId: string; firstName: string }[]).map((one) => [
      one.remoteId,
      one.firstName,
    ]),
  );
/** Updated later, or earlier, than anything else. */
export const LATER = '2027-01-01T00:00:00.000Z';
export const EARLIER = '2020-01-01T00:00:00.000Z';
/** A table of candidates. */
export const candidates = (...rows: readonly string[]): string =>
  ['id,name,email,employer,updated', ...rows].join('\n');

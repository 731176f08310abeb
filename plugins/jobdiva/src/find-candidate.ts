import type { CallContext, ExportRequest } from '@talentbridge/contracts';
import type { JobDivaClient } from './client.js';
import { isSameEmail, isSameName, type KnownCandidate, linkedInUrl } from './mapping.js';

/**
 * How far JobDiva's clock and ours may be apart when a record is dated. What other items made of the same person in that
 * time is told apart by `notThese`.
 */
const CLOCK_SKEW_MS = 2 * 60_000;

/** The earliest time, in milliseconds since the epoch, at which anything can have come from an item. */
export function earliestTrace({ firstTriedAt }: Pick<ExportRequest, 'firstTriedAt'>): number {
  return Date.parse(firstTriedAt) - CLOCK_SKEW_MS;
}

/**
 * The candidate in JobDiva who is this person: the one with the same address, else the one whom JobDiva finds by the
 * LinkedIn URL and who is called the same. Two of the same name are nobody: strangers are never merged.
 *
 * A candidate of `notThese` counts by address alone. It came from an earlier export, and one that was given a placeholder
 * address is meant to be another record.
 */
export async function findPerson(
  client: JobDivaClient,
  ctx: CallContext,
  request: ExportRequest,
): Promise<KnownCandidate | undefined> {
  return (await findByEmail(client, ctx, request)) ?? (await findByLinkedIn(client, ctx, request));
}

/** The candidate with the first of the addresses, or with any of them. */
export async function findByEmail(
  client: JobDivaClient,
  ctx: CallContext,
  { candidate }: ExportRequest,
  which: 'first' | 'any' = 'first',
): Promise<KnownCandidate | undefined> {
  const emails = which === 'first' ? candidate.emails.slice(0, 1) : candidate.emails;
  for (const email of emails) {
    const found = withEmail(await client.candidatesByEmail(ctx, email.trim()), email);
    if (found) return found;
  }
  return undefined;
}

/** The candidate that this very item made: its address, and no older than its first try. */
export async function findOwn(
  client: JobDivaClient,
  ctx: CallContext,
  request: ExportRequest,
): Promise<KnownCandidate | undefined> {
  const [email] = request.candidate.emails;
  if (email === undefined) return undefined;
  const young = await client.candidatesByEmail(ctx, email.trim(), earliestTrace(request));
  return withEmail(
    young.filter(({ id }) => !request.notThese.includes(id)),
    email,
  );
}

async function findByLinkedIn(
  client: JobDivaClient,
  ctx: CallContext,
  { candidate, notThese }: ExportRequest,
): Promise<KnownCandidate | undefined> {
  const url = linkedInUrl(candidate);
  if (url === undefined) return undefined;
  const found = await client.candidatesByLinkedIn(ctx, url);
  const namesakes = found.filter((one) => !notThese.includes(one.id) && isSameName(one, candidate));
  return namesakes.length === 1 ? namesakes[0] : undefined;
}

/** JobDiva may find more than was asked for. An address of one's own counts before an alternate one. */
function withEmail(found: readonly KnownCandidate[], email: string): KnownCandidate | undefined {
  return (
    found.find((one) => isSameEmail(one.email, email)) ?? found.find((one) => isSameEmail(one.alternateEmail, email))
  );
}

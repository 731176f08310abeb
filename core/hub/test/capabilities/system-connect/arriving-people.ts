import type { NetworkExport } from '@talentbridge/contracts';
import type { InboundWorld } from './inbound-world.ts';

/** Somebody at the network. */
export const ADA: NetworkExport['person'] = {
  member: 'member-ada',
  firstName: 'Ada',
  lastName: 'Okafor',
  title: 'Staff Engineer',
  employer: 'Northwind',
};

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

/** A recruiter exports somebody, and the network tells of it. */
export async function exportPerson(
  world: InboundWorld,
  requestId: string,
  more: Partial<NetworkExport> = {},
): Promise<void> {
  world.network.exports.set(requestId, {
    person: ADA,
    jobRemoteId: 'job-7',
    exportedBy: 'seat-1',
    exportedAt: new Date().toISOString(),
    ...more,
  });
  await world.arrivals.exported(world.scope, world.pair.connectionId, [requestId]);
}

/** Somebody answers a message. */
export function reply(world: InboundWorld, member: string, authorName?: { firstName: string; lastName: string }): void {
  world.network.seat('seat-1').messages.push({
    remoteId: `m-${world.network.seat('seat-1').messages.length}`,
    conversationId: `talk-${member}`,
    member,
    author: { kind: 'member', member },
    createdAt: minutesAgo(1),
    isPublic: true,
    text: 'Yes, please.',
    ...(authorName ? { authorName } : {}),
  });
}

/** Somebody agrees to share how to reach them. */
export function consent(world: InboundWorld, member: string): void {
  world.network.seat('seat-1').contacts.push({
    remoteId: `contact-${member}`,
    person: { ...ADA, member },
    emails: ['ada@home.example'],
    phones: ['+14155550100'],
    createdAt: minutesAgo(1),
  });
}

/** Who came, newest first. */
export async function arrivalsOf(world: InboundWorld, query = {}) {
  return (await world.arrivals.list(world.scope, world.pair.connectionId, query, { first: 50 })).items;
}

/** Has everything tried again that waits for its time. */
export async function nothingWaits(world: InboundWorld): Promise<void> {
  await world.rows('update talentbridge.network_arrival a set resume_at = null');
}

import type { NetworkWidget as HubWidget } from '@talentbridge/contracts';
import type { ArrivalRecord, NetworkItem, PairProgress, SystemPair } from '@talentbridge/hub';
import type { NetworkArrival } from './network-arrival.type.js';
import type { NetworkInMail, NetworkNote, NetworkText, NetworkTextRefused } from './network-profile.type.js';
import type { NetworkWidget, NetworkWidgetValue } from './network-widget.type.js';
import type { SystemConnection } from './system-connection.type.js';
import type { SystemProgress } from './system-progress.type.js';

/** A pair of the hub as the schema shows it. */
export function showPair({
  connectionId,
  atsConnectionId,
  missingEmail,
  jobViewers,
  createdAt,
}: SystemPair): SystemConnection {
  return { id: connectionId, atsConnectionId, missingEmail, jobViewers, pairedAt: createdAt };
}

/** A network that is in no pair as the schema shows it. */
export function showUnpaired(connectionId: string): SystemConnection {
  return { id: connectionId, atsConnectionId: null, missingEmail: null, jobViewers: null, pairedAt: null };
}

/** How far a pair is as the schema shows it. */
export function showProgress({ push, poll }: PairProgress): SystemProgress {
  return { ...push, polledAt: poll.polledAt, nextPollAt: poll.nextAt, pollProblem: poll.problem };
}

/** An arrival of the hub as the schema shows it. */
export function showArrival({ connectionId: _, ...arrival }: ArrivalRecord): NetworkArrival {
  return arrival;
}

/** A note of the hub as the schema shows it. */
export function showNote(item: NetworkItem): NetworkNote {
  const { id, createdAt, updatedAt, authorName, isPublic } = item;
  return { id, createdAt, updatedAt, authorName, isPublic, content: contentOf(item) };
}

/** A message of the hub as the schema shows it. @param candidateName Who wrote it, where the candidate did and the network did not name them. */
export function showInMail(item: NetworkItem, candidateName: string): NetworkInMail {
  const { id, createdAt, isPublic, conversationId, byMember } = item;
  const authorName = item.authorName ?? (byMember && candidateName !== '' ? candidateName : null);
  const content = contentOf({ ...item, authorName });
  return { id, createdAt, authorName, isPublic, conversationId, byCandidate: byMember, content };
}

/** A widget of the network as the schema shows it. */
export function showWidget({
  scriptUrl,
  elementType,
  scriptSettings,
  attributes,
  callbacks,
}: HubWidget): NetworkWidget {
  return {
    scriptUrl,
    elementType,
    scriptSettings: valuesOf(scriptSettings),
    attributes: valuesOf(attributes),
    callbacks: Object.entries(callbacks).map(([attribute, event]) => ({ attribute, event })),
  };
}

function valuesOf(map: Readonly<Record<string, string>>): readonly NetworkWidgetValue[] {
  return Object.entries(map).map(([name, value]) => ({ name, value }));
}

function contentOf({ content, authorName, createdAt }: NetworkItem): NetworkText | NetworkTextRefused {
  return 'text' in content ? content : { ...content, authorName, writtenAt: createdAt };
}

import {
  type NetworkAuthor,
  type NetworkContact,
  type NetworkMessage,
  type NetworkPerson,
  type NetworkRecruiterNote,
  type NetworkSeat,
  present,
} from '@talentbridge/contracts';
import type { z } from 'zod';
import type { messageRecord, noteRecord, ProfileRecord, seatRecord, stubRecord } from './vendor-records.js';

// From LinkedIn's records to ours.

/** A seat; its id makes its URN (LinkedIn sheet §7.1). */
export function seatOf({ id, firstName, lastName, member, contract, state }: z.output<typeof seatRecord>): NetworkSeat {
  return {
    seatId: id.startsWith(SEAT) ? id : `${SEAT}${id}`,
    contractId: contract,
    firstName,
    lastName,
    active: state === 'ACTIVE',
    ...present({ member }),
  };
}

/**
 * An InMail; nothing when no member is part of it (LinkedIn sheet §7.2: that authors and recipients are URNs is INFERRED). It
 * carries no names.
 */
export function messageOf(message: z.output<typeof messageRecord>): readonly NetworkMessage[] {
  const author = authorOf(message.author);
  const member = [message.author, ...message.recipients].find((urn) => urn.startsWith(PERSON));
  if (author === undefined || member === undefined) return [];
  const { subject, body } = message.content;
  return [
    {
      remoteId: message.id,
      conversationId: message.conversation,
      member,
      author,
      createdAt: instant(message.createdAt),
      isPublic: isPublic(message.visibility),
      text: body,
      ...present({ subject }),
    },
  ];
}

/** A note of a recruiter. One that was deleted has no text for us. */
export function noteOf(note: z.output<typeof noteRecord>): NetworkRecruiterNote {
  return {
    remoteId: note.id,
    member: note.prospect,
    author: { kind: 'seat', seatId: note.owner },
    createdAt: instant(note.created),
    updatedAt: instant(note.lastModified),
    isPublic: isPublic(note.visibility),
    active: note.active,
    text: note.active ? note.note : '',
  };
}

/** What a member agreed to share: an email address as a text, since March 2024 (LinkedIn sheet §7.3, CONFIRMED). */
export function contactOf({ id, createdDate, stubProfile }: z.output<typeof stubRecord>): NetworkContact {
  const { emailAddress, phoneNumber } = stubProfile;
  return {
    remoteId: id,
    person: personOf(stubProfile),
    emails: emailAddress === undefined ? [] : [emailAddress],
    phones: phoneNumber === undefined ? [] : [phoneNumber],
    createdAt: instant(createdDate),
  };
}

/** A member by what may be copied: name, title and employer. Where they live and their profile are not read. */
export function personOf({
  member,
  firstName,
  lastName,
  currentTitles,
  currentEmployerNames,
}: ProfileRecord): NetworkPerson {
  return {
    member,
    firstName,
    lastName,
    ...present({ title: firstOf(currentTitles), employer: firstOf(currentEmployerNames) }),
  };
}

const SEAT = 'urn:li:seat:';
const PERSON = 'urn:li:person:';

function authorOf(urn: string): NetworkAuthor | undefined {
  if (urn.startsWith(SEAT)) return { kind: 'seat', seatId: urn };
  return urn.startsWith(PERSON) ? { kind: 'member', member: urn } : undefined;
}

/** What is not said to be public is private. */
function isPublic(visibility: string | undefined): boolean {
  return visibility === 'PUBLIC';
}

/** ISO 8601 of milliseconds. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function firstOf(texts: readonly string[]): string | undefined {
  return texts.map((text) => text.trim()).find((text) => text !== '');
}

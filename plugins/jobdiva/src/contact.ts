import {
  type CallContext,
  CandidateRejectedError,
  type ContactAddition,
  type ContactReceipt,
  newContact,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import type { JobDivaClient, PersonOnFile } from './client.js';
import type { Body } from './mapping.js';
import { type Refusal, withoutPersonalData } from './vendor-errors.js';

const ATS = 'JobDiva';

/** The two places for email addresses, in the order in which they are filled (JobDiva sheet §6, CONFIRMED). */
const EMAILS = [
  { read: 'email', field: 'email' },
  { read: 'alternateEmail', field: 'alternateemail' },
] as const;

/** The three places for numbers that JobDiva shows again, with the type that an update puts there (INFERRED). */
const PHONES = [
  { read: 'cellPhone', type: 'C' },
  { read: 'homePhone', type: 'H' },
  { read: 'workPhone', type: 'W' },
] as const;

/** What to set of a candidate, and what has no place there. */
export interface ContactChanges {
  /** Empty: nothing. */
  readonly changes: Body;
  readonly leftOut: ContactReceipt['leftOut'];
}

/**
 * Adds to a candidate what JobDiva does not have.
 * @throws CandidateRejectedError, RecordNotFoundError
 */
export async function addContact(
  client: JobDivaClient,
  ctx: CallContext,
  addition: ContactAddition,
): Promise<ContactReceipt> {
  const { remoteId } = addition;
  const person = await client.personOnFile(ctx, remoteId);
  if (!person) throw new RecordNotFoundError(ATS, 'candidate', remoteId);
  const { changes, leftOut } = contactChanges(person, addition);
  if (Object.keys(changes).length === 0) return { outcome: 'KNOWN', leftOut };
  const outcome = await client.updateCandidate(ctx, { candidateid: Number(remoteId), ...changes });
  if (!outcome.done) throw rejected(outcome.refusal, person, addition);
  return { outcome: 'UPDATED', leftOut };
}

/**
 * Puts an addition into the places that are free, or hold what was made up: a placeholder address, a name that nobody knew. Nothing
 * else of the candidate is touched.
 */
function contactChanges(person: PersonOnFile, addition: ContactAddition): ContactChanges {
  const { madeUp } = addition;
  const placeholder = madeUp?.email?.toLowerCase();
  const isFree = (value: string): boolean => value === '' || value.toLowerCase() === placeholder;
  const emailPlaces = EMAILS.filter(({ read }) => isFree(person[read]));
  const phonePlaces = PHONES.filter(({ read }) => person[read] === '');
  const { emails, phones } = newContact(addition, {
    emails: EMAILS.map(({ read }) => person[read]).filter((value) => !isFree(value)),
    phones: PHONES.map(({ read }) => person[read]),
  });
  const numbers = phones.map(({ number }) => number.trim());
  const placed = phonePlaces.flatMap(({ type }, index) => {
    const phone = numbers[index];
    return phone === undefined ? [] : [{ phone, type, action: 1 }];
  });
  const learned = (['firstName', 'lastName'] as const).filter(
    (name) => madeUp && person[name] === madeUp[name] && addition[name] !== madeUp[name],
  );
  return {
    changes: {
      ...Object.fromEntries(learned.map((name) => [name, addition[name]])),
      ...Object.fromEntries(
        emailPlaces.flatMap(({ field }, index) => {
          const email = emails[index];
          return email === undefined ? [] : [[field, email]];
        }),
      ),
      ...(placed.length === 0 ? {} : { phones: placed }),
    },
    leftOut: {
      emails: emails.slice(emailPlaces.length),
      phones: phones.slice(placed.length).map(({ number }) => number),
    },
  };
}

function rejected(
  { kind, reason, field }: Refusal,
  { firstName, lastName }: PersonOnFile,
  addition: ContactAddition,
): CandidateRejectedError {
  if (kind === 'emailUsed') {
    return new CandidateRejectedError(
      ATS,
      'another candidate there has this email address. Merge the two there',
      'emails',
    );
  }
  const { emails, phones } = addition;
  const personal = [firstName, lastName, addition.firstName, addition.lastName, ...emails];
  const sent = phones.map(({ number }) => number);
  return new CandidateRejectedError(ATS, withoutPersonalData(reason, [...personal, ...sent]), field);
}

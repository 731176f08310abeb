import {
  type CallContext,
  CandidateRejectedError,
  type ContactAddition,
  type ContactReceipt,
  newContact,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import type { IcimsClient } from './client.js';
import { entriesIn, idOf, textIn, wordIn } from './field-values.js';
import { type PersonBody, phoneEntry } from './mapping.js';
import type { People } from './people.js';
import type { PersonFields } from './person-fields.js';
import { ATS, isDuplicate, isGone, isHidden, type Refusal } from './vendor-errors.js';
import type { VendorProfile } from './vendor-records.js';

/** What to write of a person, and what has no place there. */
export interface ContactChanges {
  /** Empty: nothing. */
  readonly changes: PersonBody;
  /** Entries for the collection of phone numbers. */
  readonly phones: readonly PersonBody[];
  readonly leftOut: ContactReceipt['leftOut'];
}

/**
 * Adds to a person what iCIMS does not have: the address by a change of the person, each number as an entry of its own, which leaves
 * the others alone for certain (iCIMS sheet §6.4, CONFIRMED).
 * @throws CandidateRejectedError, RecordNotFoundError
 */
export async function addContact(
  ctx: CallContext,
  addition: ContactAddition,
  { client, people }: { readonly client: IcimsClient; readonly people: People },
): Promise<ContactReceipt> {
  const { remoteId } = addition;
  const fields = await people.fields(ctx);
  const person = await personNow(ctx, remoteId, fields, client);
  const { changes, phones, leftOut } = contactChanges(person, addition, fields);
  const hasChanges = Object.keys(changes).length > 0;
  if (!hasChanges && phones.length === 0) return { outcome: 'KNOWN', leftOut };
  if (hasChanges) {
    const outcome = await client.updatePerson(ctx, remoteId, changes);
    if (!outcome.done) throw await refused(ctx, remoteId, outcome.refusal, people);
  }
  for (const phone of phones) {
    const outcome = await client.addEntry(ctx, remoteId, fields.phones?.id ?? '', phone);
    if (!outcome.done) throw await refused(ctx, remoteId, outcome.refusal, people);
  }
  return { outcome: 'UPDATED', leftOut };
}

/**
 * Puts the first new address where there is none, or a placeholder, and adds the new numbers. A name that nobody knew makes way for
 * the one that is known. Nothing else of the person is touched.
 */
function contactChanges(person: VendorProfile, addition: ContactAddition, fields: PersonFields): ContactChanges {
  const { madeUp } = addition;
  const there = textIn(person, fields.email?.id)?.trim();
  const held = there !== undefined && there.toLowerCase() === madeUp?.email?.toLowerCase() ? undefined : there;
  const { emails, phones } = newContact(addition, {
    emails: held === undefined ? [] : [held],
    phones: entriesIn(person, fields.phones?.id).flatMap((entry) => textIn(entry, fields.phones?.parts.number) ?? []),
  });
  const email = held === undefined && fields.email ? emails[0] : undefined;
  const learned = (['firstName', 'lastName'] as const).flatMap((name) => {
    const id = fields[name]?.id;
    const isMadeUp = madeUp !== undefined && id !== undefined && textIn(person, id)?.trim() === madeUp[name];
    return isMadeUp && addition[name] !== madeUp[name] ? [[id, addition[name]] as const] : [];
  });
  return {
    changes: {
      ...Object.fromEntries(learned),
      ...(email !== undefined && fields.email ? { [fields.email.id]: email } : {}),
    },
    phones: fields.phones ? phones.map((phone) => phoneEntry(phone, fields.phones?.parts)) : [],
    leftOut: {
      emails: email === undefined ? emails : emails.slice(1),
      // The API user sees no field for them.
      phones: fields.phones ? [] : phones.map(({ number }) => number),
    },
  };
}

async function personNow(
  ctx: CallContext,
  remoteId: string,
  { firstName, lastName, email, phones }: PersonFields,
  client: IcimsClient,
): Promise<VendorProfile> {
  const id = idOf(remoteId);
  if (id === undefined) throw new RecordNotFoundError(ATS, 'person', remoteId);
  const ids = [firstName, lastName, email, phones].flatMap((field) => field?.id ?? []);
  const person = await client.profile(ctx, 'people', id, { fields: [...ids, 'folder'], inferred: [] });
  if (person === 'hidden') throw hiddenPerson();
  // The Purge folder is how users delete (iCIMS sheet §6.6).
  if (person === 'gone' || wordIn(person, 'folder')?.trim().toLowerCase() === 'purge')
    throw new RecordNotFoundError(ATS, 'person', remoteId);
  return person;
}

function hiddenPerson(): CandidateRejectedError {
  return new CandidateRejectedError(ATS, 'the login group of the API user may not see that person');
}

async function refused(ctx: CallContext, remoteId: string, refusal: Refusal, people: People): Promise<Error> {
  if (isHidden(refusal)) return hiddenPerson();
  if (isGone(refusal)) return new RecordNotFoundError(ATS, 'person', remoteId);
  if (isDuplicate(refusal)) {
    return new CandidateRejectedError(
      ATS,
      'another person there has this email address. Merge the two there',
      'emails',
    );
  }
  return people.rejected(ctx, refusal);
}

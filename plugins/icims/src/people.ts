import {
  type CallContext,
  type CandidateRecord,
  CandidateRejectedError,
  type ExportFieldName,
  type ExportRequest,
  type ExportWarning,
  PermissionMissingError,
  RecordNotFoundError,
  type RemoteReference,
} from '@talentbridge/contracts';
import { type Filter, type IcimsClient, MAX_ROWS, type WriteOutcome } from './client.js';
import { idOf } from './field-values.js';
import { dateTime, emailOf, type MappedPerson, notVisible, personBody, valueRefused } from './mapping.js';
import { optionalIds, type PersonFields, resolveFields, withoutFields } from './person-fields.js';
import { ATS, isDuplicate, isGone, isHidden, type Refusal, reasonOf } from './vendor-errors.js';
import type { PersonProfile } from './vendor-records.js';

/** A person who holds the candidate now. */
export interface ArrivedPerson {
  readonly reference: RemoteReference;
  /** `fresh`: made by this very call. `earlier`: made by an earlier try of the item. `known`: was there before. */
  readonly origin: 'fresh' | 'earlier' | 'known';
  readonly warnings: readonly ExportWarning[];
}

/** Schemas change when an admin changes rights: what was read is good for so long. */
const SCHEMA_MS = 60 * 60_000;

/** Hits of one look-up that are read one by one; beyond it each address is searched by itself. */
const MOST_READS = 300;

/** People of one address that are looked at, to find one who is still in use. */
const MOST_NAMESAKES = 25;

/** How long a person who was made is remembered: longer than a look-up is used. */
const MADE_MS = 10 * 60_000;
const MOST_MADE = 10_000;

/**
 * How far the clock of iCIMS and ours may be apart when a person is dated, on top of the minute that it dates by. People whom other
 * items made in that time are told apart by `notThese`.
 */
const CLOCK_SKEW_MS = 2 * 60_000;

/** People of iCIMS, who are known by their email address (iCIMS sheet §6.3: nothing makes it unique, so the plugin asks first). */
export class People {
  #schema: { readonly at: number; readonly fields: Promise<PersonFields> } | undefined;
  /** Addresses that are being written at this moment, and people who were made a moment ago. */
  readonly #writing = new Map<string, Promise<unknown>>();
  readonly #made = new Map<string, { readonly at: number; readonly reference: RemoteReference }>();

  constructor(
    private readonly client: IcimsClient,
    private readonly linkedinField: string | undefined,
  ) {}

  /**
   * Where the parts of a candidate go. Read once, and again after an hour or a refusal.
   * @throws PermissionMissingError when not even an email address could be written.
   */
  async fields(ctx: CallContext): Promise<PersonFields> {
    const kept = this.#schema;
    if (kept && Date.now() - kept.at < SCHEMA_MS) return kept.fields;
    const schema = { at: Date.now(), fields: this.readFields(ctx) };
    this.#schema = schema;
    schema.fields.catch(() => {
      if (this.#schema === schema) this.#schema = undefined;
    });
    const fields = await schema.fields;
    if (!fields.email) {
      this.#schema = undefined;
      throw new PermissionMissingError(
        ATS,
        'write the email address of people',
        'its login group does not see the field',
      );
    }
    return fields;
  }

  /** The same, as it is at this moment. */
  async readFields(ctx: CallContext): Promise<PersonFields> {
    return resolveFields(await this.client.personSchema(ctx), this.linkedinField);
  }

  /**
   * The person who is there, as they are.
   * @throws RecordNotFoundError when they are no more.
   */
  async known(ctx: CallContext, reference: RemoteReference, firstTriedAt: string): Promise<ArrivedPerson> {
    const id = idOf(reference.remoteId);
    if (id === undefined || !isInUse(await this.client.person(ctx, id))) {
      throw new RecordNotFoundError(ATS, 'person', reference.remoteId);
    }
    const made = await this.#madeSince(ctx, id, firstTriedAt);
    return { reference, origin: made ? 'earlier' : 'known', warnings: [] };
  }

  /**
   * Creates or updates the person. With `lookedUp` it does not search. Candidates with one address go one after the other, so that
   * the second updates what the first made.
   * @throws CandidateRejectedError
   */
  async send(ctx: CallContext, request: ExportRequest, email: string): Promise<ArrivedPerson> {
    const key = email.toLowerCase();
    for (let before = this.#writing.get(key); before; before = this.#writing.get(key))
      await before.catch(() => undefined);
    const written = this.#createOrUpdate(ctx, request, email);
    this.#writing.set(key, written);
    try {
      const person = await written;
      if (person.origin === 'fresh') this.#remember(key, person.reference);
      return person;
    } finally {
      this.#writing.delete(key);
    }
  }

  async #createOrUpdate(ctx: CallContext, request: ExportRequest, email: string): Promise<ArrivedPerson> {
    const { candidate } = request;
    const looked = await this.#looked(ctx, request, email);
    if (looked.reference) {
      const updated = await this.#update(ctx, candidate, looked.reference);
      if (updated) return { ...updated, warnings: [...looked.warnings, ...updated.warnings] };
    }
    const created = await this.#create(ctx, candidate);
    if (created) return created;
    // iCIMS says that it has this person: made in between, or in this very moment by somebody else.
    const { reference, warnings } = await this.#byEmail(ctx, email);
    const updated = reference && (await this.#update(ctx, candidate, reference));
    if (updated) return { ...updated, warnings: [...warnings, ...updated.warnings] };
    throw new CandidateRejectedError(
      ATS,
      'it calls this candidate a duplicate and shows nobody with this email address; the person may be in a folder that the API user cannot see',
      'emails' satisfies ExportFieldName,
    );
  }

  /** Who has the address. A look-up that found nobody is a moment old: the candidate before may have made that person since. */
  async #looked(
    ctx: CallContext,
    { lookedUp }: ExportRequest,
    email: string,
  ): Promise<{ readonly reference?: RemoteReference; readonly warnings: readonly ExportWarning[] }> {
    if (lookedUp === undefined) return this.#byEmail(ctx, email);
    const reference = lookedUp.found ?? this.#made.get(email.toLowerCase())?.reference;
    return { ...(reference ? { reference } : {}), warnings: [] };
  }

  #remember(key: string, reference: RemoteReference): void {
    const now = Date.now();
    this.#made.delete(key);
    this.#made.set(key, { at: now, reference });
    // Oldest first, as a map keeps the order of its keys.
    for (const [old, { at }] of this.#made) {
      if (now - at < MADE_MS && this.#made.size <= MOST_MADE) break;
      this.#made.delete(old);
    }
  }

  /** The person that this item made: same address, created since the first try, and no other item's. */
  async findMade(ctx: CallContext, request: ExportRequest, email: string): Promise<RemoteReference | undefined> {
    const found = await this.client.search(ctx, 'people', {
      filters: [byEmail(email), createdSince(request.firstTriedAt)],
      operator: '&',
    });
    const [first] = found.filter((id) => !request.notThese.includes(String(id)));
    return first === undefined ? undefined : this.client.referenceTo(first);
  }

  /** Who of these addresses is there, by address in lower case: one search, and one reading for each hit. */
  async lookUp(ctx: CallContext, emails: readonly string[]): Promise<ReadonlyMap<string, RemoteReference>> {
    const wanted = new Map(emails.map((email) => [email.toLowerCase(), email]));
    const found = new Map<string, RemoteReference>();
    if (wanted.size === 0) return found;
    // One filter each, joined by "or": that a filter takes several values as alternatives is nowhere said.
    const filters = [...wanted.values()].map(byEmail);
    const ids = await this.client.search(ctx, 'people', { filters, operator: '|' });
    if (ids.length === 0) return found;
    const readable = ids.length <= MOST_READS;
    const profiles = readable ? await Promise.all(ids.map((id) => this.client.person(ctx, id))) : [];
    for (const [index, profile] of profiles.entries()) {
      const email = typeof profile === 'string' ? undefined : profile.email?.trim().toLowerCase();
      const id = ids[index];
      if (id === undefined || email === undefined || !wanted.has(email) || found.has(email) || !isInUse(profile))
        continue;
      found.set(email, this.client.referenceTo(id));
    }
    // Whose a hit is cannot be read: then each address is asked for by itself. Rare, and never wrong.
    if (readable && profiles.every((profile) => profile === 'gone' || hasEmail(profile))) return found;
    for (const [key, email] of wanted) {
      if (found.has(key)) continue;
      const { reference } = await this.#byEmail(ctx, email);
      if (reference) found.set(key, reference);
    }
    return found;
  }

  /** The person of an address: the lowest id that is still in use (iCIMS sheet §6.3 and §6.6). */
  async #byEmail(
    ctx: CallContext,
    email: string,
  ): Promise<{ readonly reference?: RemoteReference; readonly warnings: readonly ExportWarning[] }> {
    const ids = await this.client.search(ctx, 'people', { filters: [byEmail(email)], operator: '&' });
    for (const id of ids.slice(0, MOST_NAMESAKES)) {
      const profile = await this.client.person(ctx, id);
      if (!isInUse(profile) || isAnother(profile, email)) continue;
      const others = ids.length - 1;
      return { reference: this.client.referenceTo(id), warnings: others > 0 ? [severalPeople(ids.length)] : [] };
    }
    return { warnings: [] };
  }

  /** `undefined`: iCIMS calls it a duplicate. */
  async #create(ctx: CallContext, candidate: CandidateRecord): Promise<ArrivedPerson | undefined> {
    const { outcome, warnings } = await this.#write(ctx, candidate, 'create', ({ body }) =>
      this.client.createPerson(ctx, body),
    );
    if (outcome.done) return { reference: this.client.referenceTo(outcome.value), origin: 'fresh', warnings };
    if (isDuplicate(outcome.refusal)) return undefined;
    if (outcome.refusal.status === 404) {
      // The way to create people itself is closed: no matter of this candidate.
      throw new PermissionMissingError(ATS, 'create people', reasonOf(outcome.refusal));
    }
    throw await this.rejected(ctx, outcome.refusal);
  }

  /** `undefined`: the person is gone since. */
  async #update(
    ctx: CallContext,
    candidate: CandidateRecord,
    reference: RemoteReference,
  ): Promise<ArrivedPerson | undefined> {
    const { outcome, warnings } = await this.#write(ctx, candidate, 'update', ({ body }) =>
      this.client.updatePerson(ctx, reference.remoteId, body),
    );
    if (outcome.done) return { reference, origin: 'known', warnings };
    const { refusal } = outcome;
    if (isGone(refusal)) return undefined;
    if (isHidden(refusal)) {
      throw new CandidateRejectedError(
        ATS,
        'a person with this email address is there, and the login group of the API user may not see that person',
      );
    }
    throw await this.rejected(ctx, refusal);
  }

  /** Writes, and once more without what was refused when the candidate can do without it. */
  async #write<Value>(
    ctx: CallContext,
    candidate: CandidateRecord,
    purpose: 'create' | 'update',
    write: (person: MappedPerson) => Promise<WriteOutcome<Value>>,
  ): Promise<{ readonly outcome: WriteOutcome<Value>; readonly warnings: readonly ExportWarning[] }> {
    const fields = await this.fields(ctx);
    const person = personBody(candidate, fields, purpose);
    const warnings = notVisible(person.notSent);
    const outcome = await write(person);
    if (outcome.done || outcome.refusal.status !== 400 || isDuplicate(outcome.refusal)) return { outcome, warnings };
    const named = namedFields(outcome.refusal, fields);
    const optional = optionalIds(fields);
    // What was sent is refused: the schema may have changed under us, so whoever comes next reads it anew. A field that was not
    // sent is one that the tenant requires, and says nothing of the sort.
    if (named.some((id) => isIn(person.body, id))) this.#schema = undefined;
    if (named.length === 0 || !named.every((id) => optional.has(id) && isIn(person.body, id))) {
      return { outcome, warnings };
    }
    const less = personBody(candidate, withoutFields(fields, new Set(named)), purpose);
    const lost = less.notSent.filter(({ what }) => !person.notSent.some((before) => before.what === what));
    return { outcome: await write(less), warnings: [...warnings, ...valueRefused(lost)] };
  }

  /** The refusal of a candidate, in words for an admin: names of fields, and never what was sent. */
  async rejected(ctx: CallContext, refusal: Refusal): Promise<CandidateRejectedError> {
    const fields = await this.fields(ctx);
    const named = namedFields(refusal, fields);
    if (named.length === 0) return new CandidateRejectedError(ATS, reasonOf(refusal));
    const list = named.map((id) => labelled(id, fields.titles.get(id))).join(', ');
    const field = named.length === 1 ? ourName(named[0], fields) : undefined;
    const reason = refusal.codes.includes(1)
      ? `it requires ${list}, which the candidate does not have; in iCIMS, make them optional for the login group of the API user`
      : `it does not take the value of ${list} (${reasonOf(refusal)})`;
    return new CandidateRejectedError(ATS, reason, field);
  }

  async #madeSince(ctx: CallContext, personId: number, firstTriedAt: string): Promise<boolean> {
    const found = await this.client.search(ctx, 'people', {
      filters: [{ name: 'person.id', value: [String(personId)], operator: '=' }, createdSince(firstTriedAt)],
      operator: '&',
    });
    return found.includes(personId);
  }
}

function byEmail(email: string): Filter {
  // `=` would mean "contains" (iCIMS sheet §9, CONFIRMED).
  return { name: 'person.email', value: [email], operator: '==' };
}

function createdSince(firstTriedAt: string): Filter {
  return { name: 'person.createddate', value: [dateTime(Date.parse(firstTriedAt) - CLOCK_SKEW_MS)], operator: '>=' };
}

/** After a merge the losing profile moves to the Purge folder: as good as deleted (iCIMS sheet §6.6). */
function isInUse(profile: PersonProfile | 'gone' | 'hidden' | undefined): boolean {
  if (profile === undefined || profile === 'gone') return false;
  return profile === 'hidden' || profile.folder?.trim().toLowerCase() !== 'purge';
}

function hasEmail(profile: PersonProfile | 'hidden'): boolean {
  return profile !== 'hidden' && profile.email !== undefined;
}

/** The search compares as it likes; the address itself decides, without capitals. */
function isAnother(profile: PersonProfile | 'gone' | 'hidden', email: string): boolean {
  if (typeof profile === 'string' || profile.email === undefined) return false;
  return profile.email.trim().toLowerCase() !== email.toLowerCase();
}

function severalPeople(count: number): ExportWarning {
  return {
    code: 'SEVERAL_PEOPLE',
    field: 'emails',
    message: `iCIMS has ${count >= MAX_ROWS ? 'very many' : count} people with this email address; the one with the lowest number that is in use was updated. Merge them in iCIMS.`,
  };
}

/** Which fields a refusal means: those that X-Error names, and those whose id or title stands in a message. */
export function namedFields({ fields: inHeader, text }: Refusal, { titles }: PersonFields): readonly string[] {
  const words = ` ${text.toLowerCase().replace(/[^a-z0-9]+/g, ' ')} `;
  const inText = [...titles]
    .filter(([id, title]) => words.includes(` ${id} `) || (title !== '' && words.includes(` ${spaced(title)} `)))
    .map(([id]) => id);
  // A message can mention a word that happens to be a title; the header means what it says.
  return inHeader.length > 0 ? inHeader : inText;
}

function spaced(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

function labelled(id: string, title: string | undefined): string {
  return title === undefined || title === '' ? id : `${title} (${id})`;
}

/** Whether a field, or a part of a collection, is in what was sent. */
function isIn(body: MappedPerson['body'], id: string): boolean {
  return (
    Object.hasOwn(body, id) ||
    Object.values(body).some(
      (value) =>
        Array.isArray(value) &&
        value.some((entry) => typeof entry === 'object' && entry !== null && Object.hasOwn(entry, id)),
    )
  );
}

function ourName(id: string | undefined, fields: PersonFields): ExportFieldName | undefined {
  const names: readonly (readonly [ExportFieldName, { readonly id: string } | undefined])[] = [
    ['firstName', fields.firstName],
    ['lastName', fields.lastName],
    ['emails', fields.email],
    ['phones', fields.phones],
    ['socialUrls', fields.linkedin],
    ['workExperience', fields.workExperience],
    ['education', fields.education],
  ];
  return names.find(([, field]) => field?.id === id)?.[0];
}

/** The address that a request is about; none: it cannot be sent or found. */
export function addressOf({ candidate }: ExportRequest): string | undefined {
  return emailOf(candidate);
}

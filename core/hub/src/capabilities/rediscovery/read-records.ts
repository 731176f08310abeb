import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type {
  ApplicationStatus,
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  RecordReference,
  SocialNetwork,
  UnreadableRecord,
} from '@talentbridge/contracts';
import { choice, count, isIdentifier, line, list, partialDate, text, time, url, webLink } from './read-values.js';

/** Entries of one list: emails, jobs held, tags. What is beyond is left out. */
const MOST_ENTRIES = 500;
/** Applications and files of one candidate. */
const MOST_PARTS = 5_000;
/** Bytes of one record. No honest one comes near. */
const LARGEST_RECORD = 1_000_000;
/** Candidates that are read in one go: a quarter of a millisecond, less than the database takes for an answer. */
const CANDIDATES_A_TURN = 5;
/** After so many turns candidates are handed on, while the others are still being read. */
const TURNS_A_PART = 12;
/** The first ones sooner: until they are there, whoever writes them has nothing to do. */
const TURNS_OF_FIRST_PART = 4;

/** A record as it will be stored, cleaned and with its hash. */
interface ReadRecord {
  readonly remoteId: string;
  readonly json: string;
  /** Of what is stored, as a UUID: the first half of SHA-256 over JSON whose members stand in the order of our schema. */
  readonly hash: string;
}

/** An application, ready to be stored. */
export interface ReadApplication extends ReadRecord {
  readonly candidateRemoteId: string;
  readonly value: ReturnType<typeof cleanApplication>;
}

/** A file's description, ready to be stored. */
export interface ReadAttachment extends ReadRecord {
  readonly value: ReturnType<typeof cleanAttachment>;
}

/** A job, ready to be stored. */
export interface ReadJob extends ReadRecord {
  readonly value: ReturnType<typeof cleanJob>;
}

/** Parts of a candidate that came with it, all of them. */
export interface ReadParts<Part> {
  readonly hash: string;
  readonly parts: readonly Part[];
}

/** A candidate, ready to be stored. */
export interface ReadCandidate extends ReadRecord {
  /** In lower case, each once. */
  readonly emails: readonly string[];
  /** ISO 8601. */
  readonly remoteUpdatedAt: string | null;
  /** When it was updated, else created, by the clock of the ATS. */
  readonly sortedAt: string | null;
  /** Absent: they come by themselves. */
  readonly applications?: ReadParts<ReadApplication>;
  /** Absent: nobody said. */
  readonly attachments?: ReadParts<ReadAttachment>;
}

/** A record that cannot be used, and why, without its values. */
export interface RefusedRecord {
  readonly kind: RecordReference['kind'];
  readonly remoteId: string | null;
  readonly reason: string;
}

/** How many records came, by kind. */
export interface ReadTotals {
  readonly candidates: number;
  readonly jobs: number;
  readonly applications: number;
}

/** What came from an ATS, checked: each record once, and the last one of those with the same id. */
export interface ReadRecords {
  readonly candidates: readonly ReadCandidate[];
  readonly jobs: readonly ReadJob[];
  /** Those that came by themselves. */
  readonly applications: readonly ReadApplication[];
  readonly gone: readonly RecordReference[];
  /** Those that the ATS has and did not hand out; they are refused as well. */
  readonly unreadable: readonly RecordReference[];
  readonly refused: readonly RefusedRecord[];
  /** Before any was refused or taken once for twice. */
  readonly totals: ReadTotals;
}

/** Records that are still being checked. Whatever goes wrong with them is told by each of the promises. */
export interface RecordsBeingRead {
  /**
   * The candidates in parts, none of them in two: all at once where an id comes twice. Promises and no asynchronous iterator, with
   * which each page outlived its time until all garbage was looked for, for a fifth more of the processor.
   */
  readonly candidates: readonly Promise<readonly ReadCandidate[]>[];
  /** All of it. */
  readonly whole: Promise<ReadRecords>;
  /** Whether that is there by now. */
  isChecked(): boolean;
}

/** Records as a plugin hands them over. Nothing is believed of them but that they are plain data. */
export interface RecordsToRead {
  readonly candidates: readonly MirroredCandidate[];
  readonly jobs: readonly MirroredJob[];
  readonly applications: readonly MirroredApplication[];
  readonly gone: readonly RecordReference[];
  readonly unreadable?: readonly UnreadableRecord[];
}

/**
 * Checks and cleans what a plugin hands over. A member that is of no use is left out, a text that is too long is cut; only a
 * record without a usable id, or one that is too large, is refused as a whole. Nothing here ever throws for what stands in it.
 *
 * Written by hand and not with schemas of zod, because every record of every full run passes here: 10 against 45 us of processor
 * time for a candidate with a history of six jobs.
 */
export function readRecords(records: RecordsToRead): ReadRecords {
  const reading = inTurns(records);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}

/**
 * The same bit by bit, so that whatever else this process waits for, such as the page before being written, goes on meanwhile, and
 * the candidates that were read first can be written while the others are read.
 */
export function readRecordsMeanwhile(records: RecordsToRead): RecordsBeingRead {
  const ids = candidateIdsOf(records);
  const isEachOnce = new Set(ids).size === ids.length;
  const turnsAfterFirst = Math.ceil(records.candidates.length / CANDIDATES_A_TURN) - TURNS_OF_FIRST_PART;
  const partsAfterFirst = isEachOnce ? Math.max(0, Math.ceil(turnsAfterFirst / TURNS_A_PART)) : 0;
  const parts = Array.from({ length: 1 + partsAfterFirst }, () => Promise.withResolvers<readonly ReadCandidate[]>());
  let isChecked = false;
  const readAll = async (): Promise<ReadRecords> => {
    const reading = inTurns(records);
    let part: ReadCandidate[] = [];
    let handedOn = 0;
    for (let turns = 1; ; turns += 1) {
      const step = reading.next();
      if (step.done) {
        parts.at(-1)?.resolve(isEachOnce ? part : step.value.candidates);
        isChecked = true;
        return step.value;
      }
      part.push(...step.value);
      if (handedOn < partsAfterFirst && turns === TURNS_OF_FIRST_PART + handedOn * TURNS_A_PART) {
        parts[handedOn]?.resolve(part);
        handedOn += 1;
        part = [];
      }
      await turn();
    }
  };
  const whole = readAll();
  whole.catch((error: unknown) => {
    for (const part of parts) part.reject(error);
  });
  const candidates = parts.map(({ promise }) => promise);
  // Whoever waits for them hears of it.
  for (const promise of candidates) promise.catch(() => undefined);
  return { candidates, whole, isChecked: () => isChecked };
}

/** Records that are read already, as if they were still being read. */
export function readAlready(records: ReadRecords): RecordsBeingRead {
  return {
    candidates: [Promise.resolve(records.candidates)],
    whole: Promise.resolve(records),
    isChecked: () => true,
  };
}

/** The ids of the candidates that can be used, before anything else of them is looked at. */
export function candidateIdsOf({ candidates }: Pick<RecordsToRead, 'candidates'>): readonly string[] {
  return candidates.map((given) => membersOf(given)['remoteId']).filter(isIdentifier);
}

/** Yields the candidates of each turn. */
function* inTurns(records: RecordsToRead): Generator<readonly ReadCandidate[], ReadRecords, void> {
  const refused: RefusedRecord[] = [];
  const candidates = new Map<string, ReadCandidate>();
  let embedded = 0;
  for (let from = 0; from < records.candidates.length; from += CANDIDATES_A_TURN) {
    const given = records.candidates.slice(from, from + CANDIDATES_A_TURN);
    const read = given.flatMap((one) => readCandidate(one, refused) ?? []);
    for (const one of read) candidates.set(one.remoteId, one);
    for (const one of given) embedded += Array.isArray(one?.applications) ? one.applications.length : 0;
    yield read;
  }
  const jobs = records.jobs.flatMap((given) => readJob(given, refused) ?? []);
  const applications = records.applications.flatMap((given) => readApplication(given, refused) ?? []);
  const unreadable = new Map<string, RecordReference>();
  for (const given of Array.isArray(records.unreadable) ? records.unreadable : []) {
    const reference = readReference(membersOf(given)['reference']);
    if (!reference) continue;
    const key = `${reference.kind}/${reference.remoteId}`;
    if (unreadable.has(key)) continue;
    unreadable.set(key, reference);
    const reason = line(membersOf(given)['reason']) ?? 'It could not be read.';
    refused.push({ ...reference, reason });
  }
  return {
    candidates: [...candidates.values()],
    jobs: lastOfEach(jobs),
    applications: lastOfEach(applications),
    gone: records.gone.flatMap((given) => readReference(given) ?? []),
    unreadable: [...unreadable.values()],
    refused,
    totals: {
      candidates: records.candidates.length,
      jobs: records.jobs.length,
      applications: records.applications.length + embedded,
    },
  };
}

function readCandidate(given: unknown, refused: RefusedRecord[]): ReadCandidate | undefined {
  const from = membersOf(given);
  const remoteId = from['remoteId'];
  if (!isIdentifier(remoteId)) return refuse(refused, 'candidate', from, 'remoteId');
  const emails = list(from['emails'], MOST_ENTRIES, line);
  const updatedAt = time(from['updatedAt']);
  const createdAt = time(from['createdAt']);
  // Members stand in this order whatever order they came in, so that the same candidate has the same hash.
  const own = {
    remoteId,
    firstName: line(from['firstName']),
    lastName: line(from['lastName']),
    emails,
    phones: list(from['phones'], MOST_ENTRIES, readPhone),
    address: readAddress(from['address']),
    socialUrls: list(from['socialUrls'], MOST_ENTRIES, readSocialUrl),
    workExperience: list(from['workExperience'], MOST_ENTRIES, readWork),
    education: list(from['education'], MOST_ENTRIES, readEducation),
    tags: list(from['tags'], MOST_ENTRIES, line),
    source: line(from['source']),
    createdAt,
    updatedAt,
    remoteUrl: url(from['remoteUrl']),
  };
  const json = JSON.stringify(own);
  if (json.length > LARGEST_RECORD) {
    const megabytes = (json.length / 1_000_000).toFixed(1);
    const reason = `Too large: ${megabytes} MB. At most 1 MB of one record is taken.`;
    refused.push({ kind: 'candidate', remoteId, reason });
    return undefined;
  }
  const { applications, attachments } = from;
  return {
    remoteId,
    hash: hashOf(json),
    json,
    emails: [...new Set(emails.map((email) => email.toLowerCase()))],
    remoteUpdatedAt: updatedAt ?? null,
    sortedAt: updatedAt ?? createdAt ?? null,
    ...(Array.isArray(applications) ? { applications: readApplications(remoteId, applications, refused) } : {}),
    ...(Array.isArray(attachments) ? { attachments: partsOf(list(attachments, MOST_PARTS, readAttachment)) } : {}),
  };
}

function readApplications(
  candidateRemoteId: string,
  given: readonly unknown[],
  refused: RefusedRecord[],
): ReadParts<ReadApplication> {
  return partsOf(list(given, MOST_PARTS, (one) => readApplication(one, refused, candidateRemoteId)));
}

/** Of records with the same id the last one, where the first stood. */
function lastOfEach<Read extends ReadRecord>(records: readonly Read[]): Read[] {
  return [...new Map(records.map((record) => [record.remoteId, record])).values()];
}

/** Whether each id comes after the one before, as most lists have them: then none is there twice. */
function isInOrder(records: readonly ReadRecord[]): boolean {
  let last = '';
  for (const { remoteId } of records) {
    if (remoteId <= last) return false;
    last = remoteId;
  }
  return true;
}

function hashed(value: object): Pick<ReadRecord, 'hash' | 'json'> {
  const json = JSON.stringify(value);
  return { hash: hashOf(json), json };
}

/** Each part once, in the order of their ids. */
function partsOf<Part extends ReadRecord>(parts: readonly Part[]): ReadParts<Part> {
  const inOrder = isInOrder(parts)
    ? parts
    : lastOfEach(parts).sort((one, other) => (one.remoteId < other.remoteId ? -1 : 1));
  return { hash: hashOf(inOrder.map((part) => part.hash).join()), parts: inOrder };
}

function readApplication(given: unknown, refused: RefusedRecord[], owner?: string): ReadApplication | undefined {
  const from = membersOf(given);
  const { remoteId, jobRemoteId, candidateRemoteId = owner } = from;
  if (!isIdentifier(remoteId)) return refuse(refused, 'application', from, 'remoteId');
  if (!isIdentifier(jobRemoteId)) return refuse(refused, 'application', from, 'jobRemoteId');
  if (!isIdentifier(candidateRemoteId)) return refuse(refused, 'application', from, 'candidateRemoteId');
  // Whoever it came with has it, whatever it says.
  const value = cleanApplication(from, { remoteId, candidateRemoteId: owner ?? candidateRemoteId, jobRemoteId });
  return { remoteId, candidateRemoteId: value.candidateRemoteId, value, ...hashed(value) };
}

function cleanApplication(
  from: Members,
  {
    remoteId,
    candidateRemoteId,
    jobRemoteId,
  }: Readonly<Record<'remoteId' | 'candidateRemoteId' | 'jobRemoteId', string>>,
) {
  return {
    remoteId,
    candidateRemoteId,
    jobRemoteId,
    jobTitle: line(from['jobTitle']),
    status: choice(from['status'], STATUSES, 'other'),
    statusLabel: line(from['statusLabel']),
    subStatus: line(from['subStatus']),
    stage: line(from['stage']),
    rejectionReason: line(from['rejectionReason']),
    withdrawalReason: line(from['withdrawalReason']),
    source: line(from['source']),
    recruiter: readRecruiter(from['recruiter']),
    appliedAt: time(from['appliedAt']),
    updatedAt: time(from['updatedAt']),
  };
}

/** A file's description, checked as if it had come with its candidate; `undefined` without a usable id. */
export function readAttachment(given: unknown): ReadAttachment | undefined {
  const from = membersOf(given);
  const { remoteId } = from;
  if (!isIdentifier(remoteId)) return undefined;
  const value = cleanAttachment(from, remoteId);
  return { remoteId, value, ...hashed(value) };
}

function cleanAttachment(from: Members, remoteId: string) {
  return {
    remoteId,
    filename: line(from['filename']) ?? 'file',
    kind: choice(from['kind'], ['resume', 'coverLetter', 'other'] as const, 'other'),
    contentType: line(from['contentType']),
    size: count(from['size']),
    updatedAt: time(from['updatedAt']),
  };
}

function readJob(given: unknown, refused: RefusedRecord[]): ReadJob | undefined {
  const from = membersOf(given);
  const { remoteId } = from;
  if (!isIdentifier(remoteId)) return refuse(refused, 'job', from, 'remoteId');
  const value = cleanJob(from, remoteId);
  return { remoteId, value, ...hashed(value) };
}

function cleanJob(from: Members, remoteId: string) {
  return {
    remoteId,
    title: line(from['title']) ?? 'Untitled',
    code: line(from['code']),
    open: from['open'] === true,
    statusLabel: line(from['statusLabel']),
    department: line(from['department']),
    location: line(from['location']),
    remoteUrl: url(from['remoteUrl']),
    description: text(from['description']),
    applyUrl: webLink(from['applyUrl']),
    recruiter: readRecruiter(from['recruiter']),
    createdAt: time(from['createdAt']),
    updatedAt: time(from['updatedAt']),
  };
}

function readPhone(given: unknown) {
  const from = membersOf(given);
  const number = line(from['number']);
  return number === undefined
    ? undefined
    : { number, type: choice(from['type'], ['mobile', 'home', 'work', 'other'] as const, 'other') };
}

function readAddress(given: unknown) {
  if (given === undefined || given === null) return undefined;
  const from = membersOf(given);
  return {
    street1: line(from['street1']),
    street2: line(from['street2']),
    city: line(from['city']),
    region: line(from['region']),
    postalCode: line(from['postalCode']),
    country: line(from['country']),
    coordinates: readCoordinates(from['coordinates']),
  };
}

function readCoordinates(given: unknown) {
  const { latitude, longitude } = membersOf(given ?? {});
  return isWithin(latitude, 90) && isWithin(longitude, 180) ? { latitude, longitude } : undefined;
}

function isWithin(degrees: unknown, most: number): degrees is number {
  return typeof degrees === 'number' && Math.abs(degrees) <= most;
}

function readSocialUrl(given: unknown) {
  const from = membersOf(given);
  const address = url(from['url']);
  return address === undefined ? undefined : { network: choice(from['network'], NETWORKS, 'other'), url: address };
}

function readWork(given: unknown) {
  const from = membersOf(given);
  const employer = line(from['employer']);
  if (employer === undefined) return undefined;
  return {
    employer,
    title: line(from['title']),
    startDate: partialDate(from['startDate']),
    endDate: partialDate(from['endDate']),
    current: from['current'] === true,
  };
}

function readEducation(given: unknown) {
  const from = membersOf(given);
  const school = line(from['school']);
  if (school === undefined) return undefined;
  return {
    school,
    degree: line(from['degree']),
    major: line(from['major']),
    graduationDate: partialDate(from['graduationDate']),
  };
}

function readRecruiter(given: unknown) {
  const from = membersOf(given);
  const name = line(from['name']);
  if (name === undefined) return undefined;
  return { remoteId: isIdentifier(from['remoteId']) ? from['remoteId'] : undefined, name };
}

function readReference(given: unknown): RecordReference | undefined {
  const { kind, remoteId } = membersOf(given);
  if (kind !== 'candidate' && kind !== 'job' && kind !== 'application') return undefined;
  return isIdentifier(remoteId) ? { kind, remoteId } : undefined;
}

const STATUSES = ['active', 'hired', 'rejected', 'withdrawn', 'other'] as const satisfies readonly ApplicationStatus[];
const NETWORKS = [
  'linkedin',
  'github',
  'twitter',
  'facebook',
  'stackoverflow',
  'website',
  'other',
] as const satisfies readonly SocialNetwork[];

type Members = Readonly<Record<string, unknown>>;

/** What is no object has no members. */
function membersOf(given: unknown): Members {
  return typeof given === 'object' && given !== null ? (given as Members) : {};
}

function refuse(refused: RefusedRecord[], kind: RecordReference['kind'], from: Members, field: string): undefined {
  const { remoteId } = from;
  refused.push({
    kind,
    remoteId: isIdentifier(remoteId) ? remoteId : null,
    reason: `Not usable: ${field} is missing or malformed.`,
  });
}

/** The hash of a text, in the form of a UUID. */
export function hashOf(text: string): string {
  const hex = hash('sha256', text, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

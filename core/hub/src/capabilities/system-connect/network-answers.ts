import {
  type ClosedMember,
  isHubError,
  type NetworkAuthor,
  type NetworkContact,
  type NetworkExport,
  type NetworkIntegration,
  type NetworkMatch,
  type NetworkMessage,
  type NetworkNotice,
  type NetworkPerson,
  type NetworkRecruiterNote,
  type NetworkResult,
  type NetworkSeat,
  type NetworkService,
  type NetworkWidget,
  PluginFaultError,
  type SeatPage,
} from '@talentbridge/contracts';
import { cut, idOf, line, listOf, type Members, membersOf, text, time } from './answer-values.js';

const LONGEST_URL = 2_000;
const LONGEST_CURSOR = 4_000;
/** Addresses, or numbers, of one contact. */
const MOST_CONTACTS = 20;
/** Attributes, settings or callbacks of a widget. */
const MOST_ATTRIBUTES = 50;

/** A page of a list that the network hands out. */
export interface AnsweredPage<Entry> {
  readonly entries: readonly Entry[];
  /** Absent: that was all. */
  readonly cursor?: string;
}

/** The parts of the integration, those without an id left out. */
export function readIntegrations(given: unknown): readonly NetworkIntegration[] {
  return listOf(given, (entry) => {
    const id = idOf(entry['id']);
    if (id === undefined) return undefined;
    const remedy = line(entry['remedy']);
    return {
      id,
      label: line(entry['label']) ?? id,
      status: INTEGRATION_STATUSES.find((status) => status === entry['status']) ?? 'missing',
      carries: SERVICES.filter((service) => Array.isArray(entry['carries']) && entry['carries'].includes(service)),
      ...(remedy === undefined ? {} : { remedy }),
    };
  });
}

/** One page of seats. One whose contract is not told is left out: nobody could say what it may read. */
export function readSeats(given: unknown): AnsweredPage<NetworkSeat> {
  const page = membersOf(given);
  const entries = listOf(page['seats'], (entry) => {
    const seatId = idOf(entry['seatId']);
    const contractId = idOf(entry['contractId']);
    if (seatId === undefined || contractId === undefined) return undefined;
    const member = idOf(entry['member']);
    return {
      seatId,
      contractId,
      firstName: line(entry['firstName']) ?? '',
      lastName: line(entry['lastName']) ?? '',
      active: entry['active'] === true,
      ...(member === undefined ? {} : { member }),
    };
  });
  return { entries, ...cursorOf(page['cursor']) };
}

/**
 * What became of records that were sent or removed, one answer for each.
 * @throws PluginFaultError when there are more or fewer: nobody could say which record an answer is about.
 */
export function readResults(pluginId: string, given: unknown, sent: number): readonly NetworkResult[] {
  if (!Array.isArray(given) || given.length !== sent) {
    throw new PluginFaultError(pluginId, 'did not answer once for each record of a batch');
  }
  return given.map((one: unknown): NetworkResult => {
    const entry = membersOf(one);
    if (entry['ok'] === true) return { ok: true };
    const reason = line(entry['reason']) ?? 'The network gave no reason.';
    return entry['retry'] === true ? { ok: false, retry: true, reason } : { ok: false, retry: false, reason };
  });
}

/** Whom the network takes candidates for; candidates that nobody asked about are left out. */
export function readMatches(given: unknown, asked: readonly string[]): readonly NetworkMatch[] {
  const wanted = new Set(asked);
  return listOf(given, (entry) => {
    const candidateRemoteId = idOf(entry['candidateRemoteId']);
    if (candidateRemoteId === undefined || !wanted.has(candidateRemoteId)) return undefined;
    const member = idOf(entry['member']);
    return { candidateRemoteId, byHand: entry['byHand'] === true, ...(member === undefined ? {} : { member }) };
  });
}

/** One page of what a seat wrote and received. What has no id, time or member is left out: the rest is of use. */
export function readSeatPage(given: unknown): SeatPage {
  const page = membersOf(given);
  return {
    messages: listOf(page['messages'], readMessage),
    notes: listOf(page['notes'], readNote),
    contacts: listOf(page['contacts'], readContact),
    ...cursorOf(page['cursor']),
  };
}

/**
 * Somebody who was exported.
 * @throws PluginFaultError when nobody can say who it is.
 */
export function readExported(pluginId: string, given: unknown): NetworkExport {
  const from = membersOf(given);
  const person = readPerson(from['person']);
  if (!person) throw new PluginFaultError(pluginId, 'did not say who was exported');
  const jobRemoteId = idOf(from['jobRemoteId']);
  const exportedBy = idOf(from['exportedBy']);
  return {
    person,
    exportedAt: time(from['exportedAt']) ?? new Date().toISOString(),
    ...(jobRemoteId === undefined ? {} : { jobRemoteId }),
    ...(exportedBy === undefined ? {} : { exportedBy }),
  };
}

/** What a notice says. What cannot be read says nothing. */
export function readNotice(given: unknown): NetworkNotice {
  const from = membersOf(given);
  const requestId = idOf(from['requestId']);
  if (from['kind'] === 'export' && requestId !== undefined) return { kind: 'export', requestId };
  return { kind: from['kind'] === 'integrations' ? 'integrations' : 'unknown' };
}

/** One page of members who left the network. */
export function readClosedMembers(given: unknown): AnsweredPage<ClosedMember> {
  const page = membersOf(given);
  const entries = listOf(page['members'], (entry) => {
    const member = idOf(entry['member']);
    const closedAt = time(entry['closedAt']);
    return member === undefined || closedAt === undefined ? undefined : { member, closedAt };
  });
  return { entries, ...cursorOf(page['cursor']) };
}

/**
 * What a page includes to show something of the network.
 * @throws PluginFaultError when its script is not from the web, or its element has no type.
 */
export function readWidget(pluginId: string, given: unknown): NetworkWidget {
  const from = membersOf(given);
  const scriptUrl = from['scriptUrl'];
  const elementType = line(from['elementType']);
  if (!isWebAddress(scriptUrl) || elementType === undefined) {
    throw new PluginFaultError(pluginId, 'described a widget without a web address or a type');
  }
  return {
    scriptUrl,
    elementType,
    scriptSettings: textsOf(from['scriptSettings']),
    attributes: textsOf(from['attributes']),
    callbacks: callbacksOf(from['callbacks']),
  };
}

/** Attributes for functions of the page, those left out that nobody would know what to do for. */
function callbacksOf(given: unknown): NetworkWidget['callbacks'] {
  const known = Object.entries(textsOf(given)).flatMap(([name, event]) => {
    const one = WIDGET_EVENTS.find((each) => each === event);
    return one ? [[name, one] as const] : [];
  });
  return Object.fromEntries(known);
}

/**
 * Walks through a list that the network hands out page by page.
 * @throws PluginFaultError when it leads in a circle.
 */
export async function* pagesOf<Page extends { readonly cursor?: string }>(
  pluginId: string,
  ask: (cursor: string | undefined) => Promise<Page>,
): AsyncGenerator<Page, void, void> {
  const seen = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const page = await ask(cursor);
    yield page;
    cursor = page.cursor;
    if (cursor === undefined) return;
    if (seen.has(cursor)) throw new PluginFaultError(pluginId, 'answered the same cursor twice');
    seen.add(cursor);
  }
}

/** Whether the network says that it does not have what it was asked for. */
export function isNotFound(error: unknown): boolean {
  return isHubError(error) && error.code === 'ATS_RECORD_NOT_FOUND';
}

const WIDGET_EVENTS = ['link', 'unlink', 'request'] as const;
const INTEGRATION_STATUSES = ['missing', 'requested', 'ready', 'enabled', 'disabled'] as const;

const SERVICES = ['push', 'export', 'pull', 'widget'] as const satisfies readonly NetworkService[];

function readMessage(from: Members): NetworkMessage | undefined {
  const remoteId = idOf(from['remoteId']);
  const conversationId = idOf(from['conversationId']);
  const member = idOf(from['member']);
  const author = readAuthor(from['author']);
  const createdAt = time(from['createdAt']);
  if (!remoteId || !conversationId || !member || !author || !createdAt) return undefined;
  const subject = line(from['subject']);
  const name = membersOf(from['authorName']);
  const firstName = line(name['firstName']);
  const lastName = line(name['lastName']);
  return {
    remoteId,
    conversationId,
    member,
    author,
    createdAt,
    // What does not say that it is public is private.
    isPublic: from['isPublic'] === true,
    text: text(from['text']),
    ...(subject === undefined ? {} : { subject }),
    ...(firstName === undefined && lastName === undefined
      ? {}
      : { authorName: { ...(firstName ? { firstName } : {}), ...(lastName ? { lastName } : {}) } }),
  };
}

function readNote(from: Members): NetworkRecruiterNote | undefined {
  const remoteId = idOf(from['remoteId']);
  const member = idOf(from['member']);
  const author = readAuthor(from['author']);
  const updatedAt = time(from['updatedAt']);
  const createdAt = time(from['createdAt']) ?? updatedAt;
  if (!remoteId || !member || !author || !createdAt) return undefined;
  return {
    remoteId,
    member,
    author,
    createdAt,
    updatedAt: updatedAt ?? createdAt,
    isPublic: from['isPublic'] === true,
    active: from['active'] !== false,
    text: text(from['text']),
  };
}

function readContact(from: Members): NetworkContact | undefined {
  const remoteId = idOf(from['remoteId']);
  const person = readPerson(from['person']);
  const createdAt = time(from['createdAt']);
  if (!remoteId || !person || !createdAt) return undefined;
  return { remoteId, person, createdAt, emails: lines(from['emails']), phones: lines(from['phones']) };
}

function readAuthor(given: unknown): NetworkAuthor | undefined {
  const from = membersOf(given);
  const seatId = idOf(from['seatId']);
  const member = idOf(from['member']);
  if (from['kind'] === 'seat' && seatId !== undefined) return { kind: 'seat', seatId };
  if (from['kind'] === 'member' && member !== undefined) return { kind: 'member', member };
  return undefined;
}

function readPerson(given: unknown): NetworkPerson | undefined {
  const from = membersOf(given);
  const member = idOf(from['member']);
  if (member === undefined) return undefined;
  const title = line(from['title']);
  const employer = line(from['employer']);
  return {
    member,
    firstName: line(from['firstName']) ?? '',
    lastName: line(from['lastName']) ?? '',
    ...(title === undefined ? {} : { title }),
    ...(employer === undefined ? {} : { employer }),
  };
}

function cursorOf(given: unknown): { readonly cursor?: string } {
  return typeof given === 'string' && given !== '' && given.length <= LONGEST_CURSOR ? { cursor: given } : {};
}

function lines(given: unknown): readonly string[] {
  if (!Array.isArray(given)) return [];
  return [...new Set(given.slice(0, MOST_CONTACTS).flatMap((one: unknown) => line(one) ?? []))];
}

function textsOf(given: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(membersOf(given)).slice(0, MOST_ATTRIBUTES);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, cut(value, LONGEST_URL)]] : [])),
  );
}

function isWebAddress(given: unknown): given is string {
  const protocol = typeof given === 'string' && given.length <= LONGEST_URL ? URL.parse(given)?.protocol : undefined;
  return protocol === 'https:' || protocol === 'http:';
}

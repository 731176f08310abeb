import type { z } from 'zod';
import type { Members } from './members.js';
import type { PushedRecord } from './records.js';
import { invalid, notFound } from './refusal.js';
import type { candidateInput, jobInput } from './validation.js';

/** What hangs on a candidate or an application. */
export type SubResource = 'notes' | 'interviewFeedback' | 'stages';

/** A job as it stands. */
export type PushedJob = z.output<typeof jobInput> & { readonly listed: boolean };

/** A candidate with what hangs on it. */
export interface PushedCandidate {
  readonly id: string;
  record: PushedRecord;
  /** Computed by LinkedIn; shown from a moment on. */
  matched: readonly string[];
  matchedFrom: number;
  readonly notes: Map<string, PushedRecord>;
}

/** An application with what hangs on it. */
export interface PushedApplication {
  readonly id: string;
  record: PushedRecord;
  readonly notes: Map<string, PushedRecord>;
  readonly interviewFeedback: Map<string, PushedRecord>;
  readonly stages: Map<string, PushedRecord>;
}

/** What applicant tracking systems pushed for one organization. */
export class AtsRecords {
  readonly jobs = new Map<string, PushedJob>();
  readonly candidates = new Map<string, PushedCandidate>();
  readonly applications = new Map<string, PushedApplication>();
  /** Groups that jobs are tied to, and the people in them, by the identity of their keys. */
  readonly acls = new Map<string, Readonly<Record<string, string>>>();
  readonly assignees = new Map<string, Readonly<Record<string, string>>>();
  readonly #byMember = new Map<string, Set<string>>();
  readonly #byCandidate = new Map<string, Set<string>>();

  constructor(private readonly members: Members) {}

  /**
   * Puts a candidate in the place of the one before, whole.
   * @throws Refusal with status 422 for a person who does not exist.
   */
  putCandidate(id: string, input: z.output<typeof candidateInput>, matchedFrom: number): void {
    const manual = input.manualMatchedMember ?? undefined;
    if (manual !== undefined) this.#member(manual);
    const before = this.candidates.get(id);
    if (before) this.#forget(before);
    const matched = this.members
      .matching({
        firstName: input.firstName,
        lastName: input.lastName,
        emails: input.emailAddresses ?? [],
        phones: input.phoneNumbers.map(({ number }) => number),
        profileUrl: input.linkedInProfileUrl ?? undefined,
        title: input.currentJobTitle ?? undefined,
        employer: input.currentCompanyName ?? undefined,
      })
      .map(({ urn }) => urn);
    // A match that was there already does not go away while it is looked for again.
    const isKnown = before !== undefined && matched.join() === before.matched.join();
    const candidate: PushedCandidate = {
      id,
      record: { ...NO_CANDIDATE, ...input },
      matched,
      matchedFrom: isKnown ? before.matchedFrom : matchedFrom,
      notes: before?.notes ?? new Map(),
    };
    this.candidates.set(id, candidate);
    this.#remember(candidate);
  }

  /** Attaches a person by hand, or nobody any more. */
  attach(id: string, member: string | null): void {
    const candidate = this.candidate(id);
    if (member !== null) this.#member(member);
    this.#forget(candidate);
    candidate.record = { ...candidate.record, manualMatchedMember: member };
    this.#remember(candidate);
  }

  /** Takes a candidate away with its notes. Its applications stay (LinkedIn sheet §5.7 does not say). */
  deleteCandidate(id: string): void {
    this.#forget(this.candidate(id));
    this.candidates.delete(id);
  }

  /**
   * Puts an application in the place of the one before, whole.
   * @throws Refusal with status 422 when its candidate was never pushed.
   */
  putApplication(id: string, record: PushedRecord): void {
    const { atsCandidateId } = record;
    if (typeof atsCandidateId === 'string' && !this.candidates.has(atsCandidateId)) {
      throw invalid('atsCandidateId: no such candidate');
    }
    const before = this.applications.get(id);
    if (before) this.#byCandidate.get(String(before.record['atsCandidateId']))?.delete(id);
    this.applications.set(id, {
      notes: new Map(),
      interviewFeedback: new Map(),
      stages: new Map(),
      ...before,
      id,
      record: { ...NO_APPLICATION, ...record },
    });
    if (typeof atsCandidateId === 'string') addTo(this.#byCandidate, atsCandidateId, id);
  }

  /** Takes an application away with its notes, feedback and stages (LinkedIn sheet §5.7, CONFIRMED). */
  deleteApplication(id: string): void {
    const { record } = this.application(id);
    this.#byCandidate.get(String(record['atsCandidateId']))?.delete(id);
    this.applications.delete(id);
  }

  /** @throws Refusal with status 404 for one that was never pushed. */
  candidate(id: string): PushedCandidate {
    const found = this.candidates.get(id);
    if (!found) throw notFound('Candidate');
    return found;
  }

  /** @throws Refusal with status 404 for one that was never pushed. */
  application(id: string): PushedApplication {
    const found = this.applications.get(id);
    if (!found) throw notFound('Application');
    return found;
  }

  /** The candidates who are a member: those attached by hand, and those that LinkedIn has matched by now. */
  candidatesOf(member: string, now: number): readonly PushedCandidate[] {
    return [...(this.#byMember.get(member) ?? [])]
      .map((id) => this.candidate(id))
      .filter((candidate) => this.membersOf(candidate, now).includes(member));
  }

  /** The members whom a candidate is taken for. One attached by hand wins (LinkedIn sheet §5.2, INFERRED). */
  membersOf({ record, matched, matchedFrom }: PushedCandidate, now: number): readonly string[] {
    const manual = record['manualMatchedMember'];
    const urns = typeof manual === 'string' ? [manual] : matchedFrom > now ? [] : matched;
    return urns.filter((urn) => this.members.closedAt(urn) === undefined);
  }

  /** The members whom any candidate is taken for. */
  matchedMembers(now: number): readonly string[] {
    return [...this.#byMember.keys()].filter((member) => this.candidatesOf(member, now).length > 0);
  }

  /** The applications of a candidate, the oldest first. */
  applicationsOf(candidateId: string): readonly PushedApplication[] {
    return [...(this.#byCandidate.get(candidateId) ?? [])]
      .map((id) => this.application(id))
      .sort((one, other) => createdAt(one.record) - createdAt(other.record));
  }

  #member(urn: string): void {
    if (!this.members.byUrn(urn) || this.members.closedAt(urn) !== undefined) {
      throw invalid('manualMatchedMember: no such member');
    }
  }

  #remember(candidate: PushedCandidate): void {
    for (const urn of urnsOf(candidate)) addTo(this.#byMember, urn, candidate.id);
  }

  #forget(candidate: PushedCandidate): void {
    for (const urn of urnsOf(candidate)) this.#byMember.get(urn)?.delete(candidate.id);
  }
}

/** When a record says that it was made. */
export function createdAt(record: PushedRecord): number {
  return Number(record['atsCreatedAt']);
}

/** What a property is that was left out: an upsert replaces (LinkedIn sheet §4). */
const NO_CANDIDATE: PushedRecord = Object.fromEntries(
  [
    'middleInitial',
    'prefix',
    'suffix',
    'emailAddresses',
    'currentCompanyName',
    'currentJobTitle',
    'linkedInProfileUrl',
    'doNotContact',
    'manualMatchedMember',
  ].map((name) => [name, null]),
);
const NO_APPLICATION: PushedRecord = Object.fromEntries(
  ['atsCandidateId', 'candidateEmail', 'source', 'dispositionReason'].map((name) => [name, null]),
);

function urnsOf({ record, matched }: PushedCandidate): readonly string[] {
  const manual = record['manualMatchedMember'];
  return typeof manual === 'string' ? [...matched, manual] : matched;
}

function addTo(index: Map<string, Set<string>>, key: string, value: string): void {
  const set = index.get(key) ?? new Set<string>();
  index.set(key, set.add(value));
}

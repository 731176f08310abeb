import { createdAt, type PushedApplication, type PushedCandidate } from './ats-records.js';
import { mentions } from './members.js';
import type { Member, PushedRecord, Seat } from './records.js';
import type { Recruiter } from './recruiter.js';
import { notFound } from './refusal.js';
import { urnOf, type World } from './world.js';

/** One member in a search. */
export interface FoundMember {
  readonly member: Member;
  readonly inAts: boolean;
  readonly pastApplicant: boolean;
}

/** What a search shows. */
export interface SearchView {
  readonly found: readonly FoundMember[];
  readonly total: number;
  /** How many of those found have applied before: the spotlight (LinkedIn sheet §12). */
  readonly pastApplicants: number;
}

/** A job that somebody was considered for. */
export interface ConsideredJob {
  readonly title: string;
  readonly source: string | null;
  readonly dispositionReason: string | null;
  readonly currentStage: string | null;
  readonly stages: readonly { readonly stage: string; readonly at: number }[];
}

/** What the applicant tracking system says of a member (LinkedIn sheet §12). */
export interface PreviewView {
  readonly name: string;
  /** The record in the applicant tracking system. */
  readonly url: string;
  readonly jobs: readonly ConsideredJob[];
  readonly notes: readonly { readonly note: string; readonly author: string; readonly at: number }[];
  readonly interviews: readonly {
    readonly type: string;
    readonly feedback: string;
    readonly interviewer: string;
    readonly at: number;
  }[];
}

/** A profile, as a seat sees it. */
export interface ProfileView {
  readonly member: Member;
  readonly closedAt: number | undefined;
  /** Whether the indicator shows: somebody is matched, and the indicator is enabled. */
  readonly inAts: boolean;
  readonly previews: readonly PreviewView[];
  readonly notes: readonly {
    readonly id: number;
    readonly note: string;
    readonly visibility: string;
    readonly author: string;
    readonly mine: boolean;
  }[];
  readonly conversations: readonly {
    readonly urn: string;
    readonly mine: boolean;
    readonly replied: boolean;
    /** `text` is absent where only who and when is shown (LinkedIn sheet §8). */
    readonly events: readonly { readonly author: string; readonly at: number; readonly text?: string }[];
  }[];
}

/** What pages and `/_sim/recruiter` answer. */
export class RecruiterViews {
  constructor(
    private readonly world: World,
    private readonly recruiter: Recruiter,
  ) {}

  /** The members who have each word, and how many of them applied before. */
  search(seat: Seat, text: string, only: 'all' | 'pastApplicants', most = 25): SearchView {
    const now = this.world.now();
    const { organization } = this.world.companyWith(seat.contract);
    const records = this.world.recordsOf(organization);
    const hasApplied = (urn: string): boolean =>
      records.candidatesOf(urn, now).some(({ id }) => records.applicationsOf(id).length > 0);
    const shows = this.#hasIndicator(organization);
    const past = (shows ? records.matchedMembers(now) : [])
      .filter(hasApplied)
      .map((urn) => this.world.members.byUrn(urn))
      .filter((member) => member !== undefined && mentions(member, text));
    const all = only === 'all' ? this.world.members.search(text) : past.filter((member) => member !== undefined);
    const found = all.slice(0, most).map((member) => ({
      member,
      inAts: shows && records.candidatesOf(member.urn, now).length > 0,
      pastApplicant: shows && hasApplied(member.urn),
    }));
    return { found, total: all.length, pastApplicants: past.length };
  }

  /** @throws Refusal with status 404 for nobody. */
  profile(seat: Seat, urn: string): ProfileView {
    const member = this.world.members.byUrn(urn);
    if (!member) throw notFound('Member');
    const now = this.world.now();
    const { organization } = this.world.companyWith(seat.contract);
    const shows = this.#hasIndicator(organization);
    const candidates = shows ? this.world.recordsOf(organization).candidatesOf(urn, now) : [];
    return {
      member,
      closedAt: this.world.members.closedAt(urn),
      inAts: candidates.length > 0,
      previews: candidates.map((candidate) => this.#preview(seat, organization, candidate)),
      notes: this.#notes(seat, urn),
      conversations: this.#conversations(seat, urn),
    };
  }

  #hasIndicator(organization: string): boolean {
    return this.world.enabledIn(organization, 'IN_ATS_INDICATOR') !== undefined;
  }

  #preview(seat: Seat, organization: string, { id, record, notes }: PushedCandidate): PreviewView {
    const applications = this.world
      .recordsOf(organization)
      .applicationsOf(id)
      .filter((application) =>
        this.recruiter.seesJob(seat, String(application.record['atsJobPostingId']), 'applications'),
      );
    const allNotes = [notes, ...applications.map((application) => application.notes)].flatMap((map) => [
      ...map.values(),
    ]);
    const feedback = applications.flatMap(({ interviewFeedback }) => [...interviewFeedback.values()]);
    return {
      name: `${record['firstName']} ${record['lastName']}`,
      url: String(record['externalProfileUrl']),
      jobs: applications.map(consideredJob),
      notes: allNotes
        .sort(byCreation)
        .map((note) => ({ note: String(note['note']), author: nameOf(note['author']), at: createdAt(note) })),
      interviews: feedback.sort(byCreation).map((one) => ({
        type: String(one['interviewType']),
        feedback: String(one['feedback']),
        interviewer: nameOf(one['interviewer']),
        at: createdAt(one),
      })),
    };
  }

  /** The notes that a seat sees: a private one is its author's alone (LinkedIn sheet §8). */
  #notes(seat: Seat, urn: string): ProfileView['notes'] {
    return this.world.notes
      .filter(({ prospect, active, contract }) => prospect === urn && active && contract === seat.contract)
      .filter(({ visibility, owner }) => visibility === 'PUBLIC' || owner === urnOf(seat))
      .map(({ id, note, visibility, owner }) => ({
        id,
        note,
        visibility,
        author: this.#authorName(owner),
        mine: owner === urnOf(seat),
      }));
  }

  #conversations(seat: Seat, urn: string): ProfileView['conversations'] {
    return this.world.conversations
      .filter(({ member, contract }) => member === urn && contract === seat.contract)
      .filter((one) => one.seat === urnOf(seat) || one.events[0]?.visibility === 'PUBLIC')
      .map(({ urn: conversation, seat: owner, events }) => {
        const mine = owner === urnOf(seat);
        return {
          urn: conversation,
          mine,
          replied: events.some(({ author }) => author === urn),
          events: events.map(({ author, createdAt: at, content }) => ({
            author: this.#authorName(author),
            at,
            ...(mine ? { text: `${content.subject}: ${content.body}` } : {}),
          })),
        };
      });
  }

  #authorName(urn: string): string {
    const author = this.world.seatByUrn(urn) ?? this.world.members.byUrn(urn);
    return author ? `${author.firstName} ${author.lastName}` : urn;
  }
}

function consideredJob({ record, stages }: PushedApplication): ConsideredJob {
  const history = [...stages.values()]
    .sort(byCreation)
    .map((stage) => ({ stage: String(stage['stage']), at: createdAt(stage) }));
  return {
    title: String(record['atsJobPostingName']),
    source: textOf(record['source']),
    dispositionReason: textOf(record['dispositionReason']),
    // The newest one is where the application stands (LinkedIn sheet §5.5, INFERRED).
    currentStage: history.at(-1)?.stage ?? null,
    stages: history,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function nameOf(person: unknown): string {
  const isPerson = typeof person === 'object' && person !== null && 'firstName' in person && 'lastName' in person;
  return isPerson ? `${person.firstName} ${person.lastName}` : '';
}

function byCreation(one: PushedRecord, other: PushedRecord): number {
  return createdAt(one) - createdAt(other);
}

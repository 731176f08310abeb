import type { NetworkWidget } from '@talentbridge/contracts';

/** The topic under which changes of a pair are announced (steps, seats, progress); the id is the network connection's. */
export const SYSTEM_CONNECT_TOPIC = 'systemConnect';

/** The topic under which a new application is announced; the id is the organization's. */
export const NEW_APPLICATIONS_TOPIC = 'newApplications';

/** How a candidate came to be linked with a member of the network. */
export const LINK_KINDS = ['MATCHED', 'ADDED', 'BY_HAND'] as const;

/** How a candidate came to be linked with a member of the network. */
export type LinkKind = (typeof LINK_KINDS)[number];

/** Who a candidate is at the network. */
export interface NetworkLink {
  readonly connectionId: string;
  readonly candidateRemoteId: string;
  readonly member: string;
  readonly how: LinkKind;
  readonly linkedBy: string | null;
  readonly linkedAt: Date;
}

/** What a pair does with people without an email, where the ATS demands one. */
export const MISSING_EMAIL_RULES = ['DUMMY', 'REFUSE'] as const;

/** One of them. */
export type MissingEmailRule = (typeof MISSING_EMAIL_RULES)[number];

/** Who sees jobs at the network. */
export const JOB_VIEWERS = ['EVERYBODY', 'RECRUITERS'] as const;

/** One of them. */
export type JobViewers = (typeof JOB_VIEWERS)[number];

/** A network connection joined with the ATS whose mirror goes there. */
export interface SystemPair {
  /** Of the network. */
  readonly connectionId: string;
  readonly atsConnectionId: string;
  readonly missingEmail: MissingEmailRule;
  readonly jobViewers: JobViewers;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/**
 * How far a step is.
 *
 * - `DONE`: nothing is left to do
 * - `WAITING`: the hub, or the network, does it
 * - `TODO`: a person does it
 */
export const STEP_STATUSES = ['DONE', 'WAITING', 'TODO'] as const;

/** How far a step is. */
export type StepStatus = (typeof STEP_STATUSES)[number];

/** A step of switching System Connect on, in the order in which they are done. */
export interface ConnectStep {
  /** Stable: `connect`, `pair`, `taking`, `request`, `callback`, `integration:` and an id, `seats`, `firstSync`. */
  readonly id: string;
  /** For people, as a phrase. */
  readonly title: string;
  readonly status: StepStatus;
  /** What comes next, as a sentence. `null`: nothing. */
  readonly remedy: string | null;
  /** When the network was asked last. `null`: it is nothing that is asked. */
  readonly checkedAt: Date | null;
}

/** A license of a recruiter at the network, as the network told it last. */
export interface SeatRecord {
  readonly connectionId: string;
  readonly seatId: string;
  /** Seats of one contract read the same. */
  readonly contractId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly active: boolean;
  readonly seenAt: Date;
  /** Whose seat it is. `null`: nobody has connected it. */
  readonly userId: string | null;
  /** An admin said so: only then what is private to the seat is shown. */
  readonly confirmed: boolean;
  readonly connectedAt: Date | null;
}

/** A seat with what it used of its exports. */
export interface ShownSeat extends SeatRecord {
  /** In this month, UTC. */
  readonly exportsThisMonth: number;
  /** `null`: no limit is known. */
  readonly exportsPerMonth: number | null;
}

/** What recruiters leave at the network. */
export const ITEM_KINDS = ['NOTE', 'MESSAGE'] as const;

/** What recruiters leave at the network. */
export type ItemKind = (typeof ITEM_KINDS)[number];

/**
 * Why somebody does not read what a note or message says.
 *
 * - `SEAT_NEEDED`: they have no active seat of the network
 * - `OTHER_CONTRACT`: their seat is of another contract
 * - `PRIVATE`: it is for its owner alone
 */
export const ITEM_REFUSALS = ['SEAT_NEEDED', 'OTHER_CONTRACT', 'PRIVATE'] as const;

/** Why somebody does not read an item, and what they can do. */
export interface ItemRefusal {
  readonly code: (typeof ITEM_REFUSALS)[number];
  /** For people. */
  readonly message: string;
  /** Who can read it: the name of the author, else of whose seat it came with. `null`: nobody's name is known. */
  readonly askWhom: string | null;
}

/** What a note or message says. */
export interface ItemContent {
  readonly subject?: string;
  readonly text: string;
}

/** A note or message of the network. That it exists, when and by whom is for everybody, what it says is not. */
export interface NetworkItem {
  readonly id: string;
  readonly candidateId: string;
  readonly kind: ItemKind;
  readonly conversationId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `null`: the network did not tell. */
  readonly authorName: string | null;
  /** The member wrote it, not a recruiter. */
  readonly byMember: boolean;
  readonly isPublic: boolean;
  /** What it says, or why the caller does not read it. */
  readonly content: ItemContent | ItemRefusal;
}

/** A candidate as the network sees them, without a word of what was written. */
export interface NetworkProfile {
  readonly candidateId: string;
  /** Of the network. */
  readonly connectionId: string;
  /** `null`: nobody is known. */
  readonly link: NetworkLink | null;
  readonly notes: number;
  readonly messages: number;
}

/** A widget of the network that a page may show now. */
export interface ShownWidget extends NetworkWidget {
  readonly connectionId: string;
}

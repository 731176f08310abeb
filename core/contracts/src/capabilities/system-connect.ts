import type { CallContext } from '../context.js';
import type { CandidateNote, InterviewFeedback, StageChange } from '../model/history.js';
import type { MirroredApplication, MirroredCandidate, MirroredJob } from '../model/mirror.js';

/** A person of the network, as the application of this connection sees them. Opaque: compare, keep, hand back. */
export type MemberId = string;

/**
 * What integrations carry, in parts that can be switched off apart from each other.
 *
 * - `push`: what the ATS holds goes to the network.
 * - `export`: recruiters export people of the network.
 * - `pull`: seats, messages, notes and contacts come from the network.
 * - `widget`: pages show profiles of the network.
 */
export type NetworkService = 'push' | 'export' | 'pull' | 'widget';

/** One part of the integration that somebody switches on at the network, and how it stands. */
export interface NetworkIntegration {
  /** Stable within the plugin, such as `one-click-export`. */
  readonly id: string;
  /** What it gives, as a phrase: "Export from Recruiter". */
  readonly label: string;
  /**
   * - `missing`: nobody at the customer has asked for it.
   * - `requested`: it waits for `prepare`.
   * - `ready`: it waits for an administrator of the network to enable it.
   * - `enabled`: it works.
   * - `disabled`: an administrator switched it off.
   */
  readonly status: 'missing' | 'requested' | 'ready' | 'enabled' | 'disabled';
  /** A service works while one of the integrations that carry it is enabled. */
  readonly carries: readonly NetworkService[];
  /** What a person does next, as a sentence. Absent when it is enabled. */
  readonly remedy?: string;
}

/** A license of a recruiter at the network. */
export interface NetworkSeat {
  /** Opaque. */
  readonly seatId: string;
  /** The contract that the seat belongs to: seats of different contracts read nothing of each other. */
  readonly contractId: string;
  readonly member?: MemberId;
  readonly firstName: string;
  readonly lastName: string;
  /** Only an active seat may read and be polled. */
  readonly active: boolean;
}

/** A candidate as it goes to the network. */
export interface NetworkCandidate {
  readonly candidate: MirroredCandidate;
  /** Who it is, by a person's word or because they came from the network. Absent: the network finds out by itself. */
  readonly member?: MemberId;
}

/**
 * An application as it goes to the network. It goes again when it changes, or the name or the addresses of its candidate, or the
 * title of its job; not when anything else of these two does.
 */
export interface NetworkApplication {
  readonly application: MirroredApplication;
  /** Whose it is. */
  readonly candidate: MirroredCandidate;
  /** Absent: the mirror does not have it (any more). */
  readonly job?: MirroredJob;
}

/** A note as it goes to the network. */
export interface NetworkNote {
  readonly note: CandidateNote;
  readonly candidateRemoteId: string;
}

/**
 * Who may see a job at the network: members who have a seat. Replaces whoever might before; removing it leaves the job to whom
 * `prepare` said.
 */
export interface NetworkAccess {
  /** The job's id. */
  readonly remoteId: string;
  readonly members: readonly MemberId[];
  /** They are all who have a seat now: the job has no list of its own. */
  readonly everySeat: boolean;
}

/**
 * Records of one kind that go out together, complete: each replaces what the network has of it, so that what is left out is
 * lost there. A note with an `applicationRemoteId` belongs to that application.
 */
export type NetworkBatch =
  | { readonly kind: 'job'; readonly records: readonly MirroredJob[] }
  | { readonly kind: 'candidate'; readonly records: readonly NetworkCandidate[] }
  | { readonly kind: 'candidateNote'; readonly records: readonly NetworkNote[] }
  | { readonly kind: 'application'; readonly records: readonly NetworkApplication[] }
  | { readonly kind: 'applicationNote'; readonly records: readonly NetworkNote[] }
  | { readonly kind: 'feedback'; readonly records: readonly InterviewFeedback[] }
  | { readonly kind: 'stage'; readonly records: readonly StageChange[] }
  | { readonly kind: 'access'; readonly records: readonly NetworkAccess[] };

/** The kinds of records that go out, in the order that their references need. */
export const NETWORK_KINDS = [
  'job',
  'candidate',
  'candidateNote',
  'application',
  'applicationNote',
  'feedback',
  'stage',
  'access',
] as const satisfies readonly NetworkBatch['kind'][];

/** A kind of records that go out. */
export type NetworkKind = NetworkBatch['kind'];

/** Names a record that went out. `parentId`: the candidate of a note, the application of what belongs to one. */
export interface NetworkKey {
  readonly remoteId: string;
  readonly parentId?: string;
}

/** What became of one record of a batch. */
export type NetworkResult =
  | { readonly ok: true }
  /** The network refuses this record as it is; it is not sent again before it changes. The reason has no personal data. */
  | { readonly ok: false; readonly retry: false; readonly reason: string }
  /** It failed this time. */
  | { readonly ok: false; readonly retry: true; readonly reason: string };

/** Whom the network takes a candidate for. */
export interface NetworkMatch {
  readonly candidateRemoteId: string;
  /** The one that the network goes by: the one by a person's word before those that it found. Absent: nobody. */
  readonly member?: MemberId;
  /** Whether that is by a person's word. */
  readonly byHand: boolean;
}

/** What a seat is asked for. */
export interface SeatWindow {
  readonly seatId: string;
  readonly kind: 'message' | 'note' | 'contact';
  /** ISO 8601 in UTC; inclusive. */
  readonly from: string;
  /** ISO 8601 in UTC; exclusive. A window is no longer than `limits.longestWindowMs`. */
  readonly to: string;
  /** Absent on the first page. */
  readonly cursor?: string;
}

/** Somebody who wrote at the network: a seat, or a member who answers. */
export type NetworkAuthor =
  | { readonly kind: 'seat'; readonly seatId: string }
  | { readonly kind: 'member'; readonly member: MemberId };

/** A message between a seat and a member. */
export interface NetworkMessage {
  readonly remoteId: string;
  readonly conversationId: string;
  /** The member of the conversation. */
  readonly member: MemberId;
  readonly author: NetworkAuthor;
  /** The author's name, where the message carries it. */
  readonly authorName?: { readonly firstName?: string; readonly lastName?: string };
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** Private: for its own seat alone. */
  readonly isPublic: boolean;
  readonly subject?: string;
  readonly text: string;
}

/** A note that a recruiter wrote at the network. */
export interface NetworkRecruiterNote {
  readonly remoteId: string;
  readonly member: MemberId;
  readonly author: NetworkAuthor;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** ISO 8601 in UTC. */
  readonly updatedAt: string;
  readonly isPublic: boolean;
  /** `false`: it was deleted, and so is our copy. */
  readonly active: boolean;
  readonly text: string;
}

/** What a member agreed to share after a message. Without consent there is none. */
export interface NetworkContact {
  readonly remoteId: string;
  readonly person: NetworkPerson;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/** One page of what a seat was asked for. */
export interface SeatPage {
  readonly messages: readonly NetworkMessage[];
  readonly notes: readonly NetworkRecruiterNote[];
  readonly contacts: readonly NetworkContact[];
  /** Absent: that was all of the window. */
  readonly cursor?: string;
}

/** A member by what may be copied into an ATS: name, title and employer, and nothing else. */
export interface NetworkPerson {
  readonly member: MemberId;
  readonly firstName: string;
  readonly lastName: string;
  readonly title?: string;
  readonly employer?: string;
}

/** Somebody whom a recruiter exported from the network. */
export interface NetworkExport {
  readonly person: NetworkPerson;
  /** The job of the ATS that was chosen, by the ATS's id. Absent: none. */
  readonly jobRemoteId?: string;
  readonly exportedBy?: string;
  /** ISO 8601 in UTC. */
  readonly exportedAt: string;
}

/** What a notice of the network says. */
export type NetworkNotice =
  /** Somebody was exported: `readExport` tells who. */
  | { readonly kind: 'export'; readonly requestId: string }
  /** The integrations are to be read again. */
  | { readonly kind: 'integrations' }
  /** Nothing that this plugin knows. */
  | { readonly kind: 'unknown' };

/** A member who left the network. */
export interface ClosedMember {
  readonly member: MemberId;
  /** ISO 8601 in UTC. */
  readonly closedAt: string;
}

/**
 * What somebody did in a widget.
 *
 * - `link`: they said who the candidate is; the function is called with the member
 * - `unlink`: they said that the candidate is not that member; it is called with the member
 * - `request`: they asked for the integration; what it is called with is the network's own
 */
export type NetworkWidgetEvent = 'link' | 'unlink' | 'request';

/**
 * What a page includes to show something of the network: a script, its settings, and an element. All values are texts; a page
 * writes them as attributes, never as markup.
 */
export interface NetworkWidget {
  readonly scriptUrl: string;
  /** What stands in the script element: names and values. */
  readonly scriptSettings: Readonly<Record<string, string>>;
  /** The `type` of the element. */
  readonly elementType: string;
  /** Attributes of the element. Values that name functions of the page are the page's to choose: they are left out. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Attributes whose value is the name of a function of the page, and what has happened when it is called. */
  readonly callbacks: Readonly<Record<string, NetworkWidgetEvent>>;
}

/** What holds at the network. */
export interface SystemConnectLimits {
  /** Most records in a batch. Default 100. */
  readonly batch?: number;
  /** The longest window that a seat may be asked for, in milliseconds. Default 12 hours. */
  readonly longestWindowMs?: number;
  /** How often seats are asked, in milliseconds. Default half an hour. */
  readonly pollEveryMs?: number;
  /** Exports that a seat has in a month. Absent: no limit is known. */
  readonly exportsPerSeatAndMonth?: number;
}

/**
 * System Connect: joins a mirrored ATS with a professional network that recruiters work in. What the ATS holds is pushed
 * there, what recruiters do there is pulled. The hub decides what goes out and when, keeps order, and hides what somebody may
 * not read; the plugin turns it into the network's own calls.
 */
export interface SystemConnectCapability {
  readonly limits: SystemConnectLimits;

  /** Each part of the integration, and how it stands. */
  integrations(ctx: CallContext): Promise<readonly NetworkIntegration[]>;

  /**
   * Does what the network expects of the ATS's side before an administrator can enable the integrations: names them, says who
   * sees what. Doing it again does no harm. Integrations that are `missing` are passed over.
   * @param request `name`: of this installation, for the network's administrators. `jobViewers`: with `everybody` all who work at
   *   the network for this customer see every job; with `listed` those alone whom an `access` record names.
   */
  prepare(
    ctx: CallContext,
    request: { readonly name: string; readonly jobViewers: 'everybody' | 'listed' },
  ): Promise<void>;

  /** One page of the seats of this contract, inactive ones too where the network tells them. */
  seats(
    ctx: CallContext,
    request: { readonly cursor?: string },
  ): Promise<{ readonly seats: readonly NetworkSeat[]; readonly cursor?: string }>;

  /**
   * Sends complete records of one kind, at most `limits.batch`. One answer for each, in their order. What fails as a whole is
   * thrown: some may have arrived, and sending all again does no harm.
   */
  push(ctx: CallContext, batch: NetworkBatch): Promise<readonly NetworkResult[]>;

  /**
   * Removes records of one kind. What is not there is removed already. Removing an application removes what belongs to it.
   * Jobs are not removed: push them closed. For them the answer is `ok`, and the network is not asked. One answer for each, in
   * their order.
   */
  remove(ctx: CallContext, kind: NetworkKind, keys: readonly NetworkKey[]): Promise<readonly NetworkResult[]>;

  /** Whom the network takes candidates for, at most `limits.batch`. Those that it does not have are left out. */
  matches(ctx: CallContext, candidateRemoteIds: readonly string[]): Promise<readonly NetworkMatch[]>;

  /**
   * A person's word on who a candidate is; `undefined` takes it back, upon which the network goes by what it finds.
   * @throws RecordNotFoundError when the network does not have the candidate.
   */
  resolveMatch(ctx: CallContext, candidateRemoteId: string, member: MemberId | undefined): Promise<void>;

  /**
   * One page of what a seat wrote and received in a window, messages, notes or contacts.
   * @throws RecordNotFoundError when the network says that the seat is not active (any more). It may say so for messages alone.
   */
  pull(ctx: CallContext, window: SeatWindow): Promise<SeatPage>;

  /** What a notice of the network says. Asks nobody. @param id As a webhook's `Notice` had it. */
  readNotice(ctx: CallContext, id: string): Promise<NetworkNotice>;

  /**
   * Whom a recruiter exported, by the id of a notice.
   * @throws RecordNotFoundError when the network does not know it (any more), or it is not for this connection.
   */
  readExport(ctx: CallContext, requestId: string): Promise<NetworkExport>;

  /** One page of the members who left the network, of those whom this connection knows. */
  closedMembers(
    ctx: CallContext,
    request: { readonly cursor?: string },
  ): Promise<{ readonly members: readonly ClosedMember[]; readonly cursor?: string }>;

  /** What a page shows a candidate's profile at the network with. Asks nobody. */
  profileWidget(ctx: CallContext, candidateRemoteId: string): Promise<NetworkWidget>;

  /** What an administrator asks for the integration with, on a page of the hub. Asks nobody. */
  setupWidget(ctx: CallContext): Promise<NetworkWidget>;
}

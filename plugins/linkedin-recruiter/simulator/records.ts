/** What an integration is for (LinkedIn sheet §3). */
export const INTEGRATION_TYPES = ['ONE_CLICK_EXPORT', 'IN_ATS_INDICATOR', 'PROFILE_PLUGIN', 'CSA_API'] as const;
/** One of them. */
export type IntegrationType = (typeof INTEGRATION_TYPES)[number];

/** How far an integration has come (LinkedIn sheet §3.3, INFERRED). */
export type IntegrationStatus = 'REQUESTED' | 'PARTNER_READY' | 'ENABLED' | 'DISABLED';

/** One integration of an application with an organization or a contract. */
export interface Integration {
  readonly context: string;
  readonly type: IntegrationType;
  name?: string;
  status: IntegrationStatus;
  readonly configuration: Map<string, string>;
}

/** A developer application: the partner's own, or one of a customer. */
export interface Application {
  readonly urn: string;
  readonly kind: 'parent' | 'child';
  readonly clientId: string;
  readonly clientSecret: string;
  readonly uniqueForeignId: string;
  readonly name: string;
  readonly description: string;
  oauth2AuthorizedCallbackUrls: readonly string[];
  /** The origins on which widgets show (LinkedIn sheet §2.3). */
  validJsSdkDomains: readonly string[];
  readonly integrations: Integration[];
}

/** The states of a Recruiter licence (LinkedIn sheet §7.1, CONFIRMED). */
export const SEAT_STATES = ['ACTIVE', 'INACTIVE', 'INVITED', 'PARKED'] as const;
/** One of them. */
export type SeatState = (typeof SEAT_STATES)[number];

/** One Recruiter licence, held by one member. */
export interface Seat {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly member: string;
  readonly contract: string;
  state: SeatState;
  /** Exports by month, such as `2026-01` in UTC. */
  readonly exports: Map<string, number>;
}

/** A member of the network, with what only LinkedIn knows of them. */
export interface Member {
  readonly urn: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The first is the home address: the one that is shared. */
  readonly emails: readonly string[];
  readonly phone?: string;
  readonly title: string;
  readonly employer: string;
  readonly location: string;
  readonly profileUrl: string;
}

/** Who reads an InMail or a note: everybody on the contract, or its author alone. */
export type Visibility = 'PUBLIC' | 'PRIVATE';

/** One message of a conversation between a seat and a member. */
export interface ConversationEvent {
  readonly id: string;
  readonly conversation: string;
  /** A seat, or the member who replied. */
  readonly author: string;
  readonly recipients: readonly string[];
  readonly createdAt: number;
  readonly visibility: Visibility;
  readonly content: { readonly subject: string; readonly body: string };
}

/** A thread of InMails. */
export interface Conversation {
  readonly urn: string;
  readonly seat: string;
  readonly contract: string;
  readonly member: string;
  readonly events: ConversationEvent[];
}

/** The contact data that a member agreed to share (LinkedIn sheet §7.3). */
export interface MailStub {
  readonly id: number;
  readonly contract: string;
  readonly owner: string;
  readonly createdDate: number;
  readonly stubProfile: Readonly<Record<string, unknown>>;
}

/** A Recruiter note about a member (LinkedIn sheet §7.4). */
export interface ProspectNote {
  readonly id: number;
  active: boolean;
  readonly contract: string;
  readonly created: number;
  lastModified: number;
  readonly owner: string;
  readonly prospect: string;
  note: string;
  visibility: Visibility;
}

/** One "Export to ATS" (LinkedIn sheet §6.4). */
export interface ExportRequest {
  readonly id: string;
  readonly organization: string;
  readonly member: string;
  readonly exporter: string;
  readonly exportedAt: number;
  readonly expiresAt: number;
  readonly externalJobPostingId?: string;
}

/** Any record that an application pushed: as it was sent, what was left out being `null`. */
export type PushedRecord = Readonly<Record<string, unknown>>;

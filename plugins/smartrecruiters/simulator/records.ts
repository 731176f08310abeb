// What the simulated SmartRecruiters holds, named as its API names it (SmartRecruiters sheet §4, §6 and §8).

import type { Labelled } from './vocabulary.js';

/** Where a job can stand (sheet §4, CONFIRMED). */
export const JOB_STATUSES = [
  'CREATED',
  'SOURCING',
  'FILLED',
  'INTERVIEW',
  'OFFER',
  'CANCELLED',
  'ON_HOLD',
  'OTHER',
] as const;

/** Where a job stands. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** A job. */
export interface SimulatedJob {
  readonly id: string;
  title: string;
  readonly refNumber: string;
  status: JobStatus;
  /** Templates are no jobs to apply for. That the list shows them, and says so, is INFERRED. */
  readonly template: boolean;
  readonly department: string;
  readonly city: string;
  readonly regionCode: string;
  readonly countryCode: string;
  readonly createdOn: string;
  updatedOn: string;
  readonly history: { readonly changedOn: string; readonly status: JobStatus }[];
}

/** Where an application can stand (sheet §8, CONFIRMED). */
export type CandidateStatus =
  | 'LEAD'
  | 'NEW'
  | 'IN_REVIEW'
  | 'INTERVIEW'
  | 'OFFERED'
  | 'HIRED'
  | 'REJECTED'
  | 'WITHDRAWN'
  | 'TRANSFERRED';

/** A place, as candidates have it. */
export interface SimulatedLocation {
  readonly country?: string | undefined;
  readonly countryCode?: string | undefined;
  readonly regionCode?: string | undefined;
  readonly region?: string | undefined;
  readonly city?: string | undefined;
  readonly lat?: number | undefined;
  readonly lng?: number | undefined;
}

/** The five links that a candidate can have. */
export interface SimulatedWeb {
  readonly skype?: string | undefined;
  readonly linkedin?: string | undefined;
  readonly facebook?: string | undefined;
  readonly twitter?: string | undefined;
  readonly website?: string | undefined;
}

/** One course of study. */
export interface SimulatedEducation {
  readonly institution?: string | undefined;
  readonly degree?: string | undefined;
  readonly major?: string | undefined;
  readonly current?: boolean | undefined;
  readonly location?: string | undefined;
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly description?: string | undefined;
}

/** One title held. */
export interface SimulatedExperience {
  readonly title?: string | undefined;
  readonly company?: string | undefined;
  readonly current?: boolean | undefined;
  readonly location?: string | undefined;
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly description?: string | undefined;
}

/** Which source a client names. */
export interface SourceDetails {
  readonly sourceTypeId: string;
  readonly sourceSubTypeId?: string | undefined;
  readonly sourceId: string;
}

/** What `PATCH /candidates/{id}` can change. */
export interface PersonalDetails {
  firstName: string;
  lastName: string;
  email: string;
  phoneNumber?: string | undefined;
  location?: SimulatedLocation | undefined;
  web?: SimulatedWeb | undefined;
}

/** What a client may write of a new candidate. */
export interface CandidateInput extends PersonalDetails {
  readonly tags?: readonly string[] | undefined;
  readonly education?: readonly SimulatedEducation[] | undefined;
  readonly experience?: readonly SimulatedExperience[] | undefined;
  readonly sourceDetails?: SourceDetails | undefined;
  readonly internal?: boolean | undefined;
}

/** A candidate on one job. */
export interface SimulatedAssignment {
  readonly applicationId: string;
  readonly jobId: string;
  status: CandidateStatus;
  subStatus?: string | undefined;
  /** When the person begins, once hired. */
  startsOn?: string | undefined;
  reasonOfRejection?: Labelled | undefined;
  reasonOfWithdrawal?: Labelled | undefined;
  /** The label, as every view shows it. */
  source: string;
  readonly history: { readonly changedOn: string; readonly status: CandidateStatus; readonly subStatus?: string }[];
}

/** Where an application goes. */
export interface StatusInput {
  readonly status: CandidateStatus;
  readonly subStatus?: string | undefined;
  readonly startsOn?: string | undefined;
  /** The id of a reason to reject or to withdraw. */
  readonly reason?: string | undefined;
}

/** A file. Its bytes are kept by the account. */
export interface SimulatedAttachment {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly contentType: string;
  /** In bytes. Absent: it was generated. */
  readonly size?: number;
  /** Absent: it hangs on the candidate, not on one of the jobs. */
  readonly jobId?: string;
}

/** A candidate. The first assignment is the primary one; without any, the candidate is in the talent pool alone. */
export interface SimulatedCandidate extends PersonalDetails {
  readonly id: string;
  readonly internal: boolean;
  readonly createdOn: string;
  updatedOn: string;
  tags: readonly string[];
  readonly education: readonly SimulatedEducation[];
  readonly experience: readonly SimulatedExperience[];
  /** The label of the source that the candidate came with. */
  readonly source: string;
  readonly assignments: SimulatedAssignment[];
  readonly attachments: SimulatedAttachment[];
}

/** One kind of source, and the sources of that kind. Ids are each customer's own (sheet §16, trap 7). */
export interface SimulatedSourceType {
  readonly id: string;
  readonly label: string;
  readonly subtypes: readonly string[];
  readonly values: SimulatedSource[];
}

/** One source. */
export interface SimulatedSource {
  readonly id: string;
  readonly label: string;
  readonly subType?: string;
}

/** A credential, and what it may do. */
export interface SimulatedToken {
  readonly token: string;
  /** By which traffic is shown: the token itself is a secret. */
  readonly name: string;
  readonly scopes: Set<string>;
  revoked: boolean;
}

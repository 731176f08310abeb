// What the simulated JobScore holds, named as its API names it (JobScore sheet §4).

/** On every object (JobScore sheet §2, CONFIRMED). */
export interface Stamped {
  readonly id: string;
  readonly created_on: string;
  updated_on: string;
}

/** A user of the account. */
export interface SimulatedUser extends Stamped {
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly access_level: 'admin' | 'recruiter';
}

/** A key, and whose it is. */
export interface SimulatedKey {
  readonly token: string;
  /** A User Key may not act on behalf of others; an account key may (JobScore sheet §1, INFERRED). */
  readonly accessLevel: 'account' | 'user';
  readonly userId: string;
  revoked: boolean;
}

/** Where a job can stand (JobScore sheet §4.2, SECONDARY). */
export type JobStatus = 'draft' | 'internal' | 'open' | 'on_hold' | 'closed' | 'filled';

/** A job. */
export interface SimulatedJob extends Stamped {
  readonly title: string;
  status: JobStatus;
  readonly job_type: readonly string[];
  readonly department: { readonly id: string; readonly name: string };
  readonly location: { readonly city: string; readonly state: string; readonly country: string };
}

/** A database source or a tag. */
export interface SimulatedName extends Stamped {
  readonly name: string;
}

/** What a client may write of a candidate. */
export interface CandidateInput {
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly work_email?: string | null | undefined;
  readonly home_phone?: string | null | undefined;
  readonly mobile_phone?: string | null | undefined;
  readonly work_phone?: string | null | undefined;
  readonly home_street1?: string | null | undefined;
  readonly home_street2?: string | null | undefined;
  readonly home_city?: string | null | undefined;
  readonly home_state?: string | null | undefined;
  readonly home_postal_code?: string | null | undefined;
  readonly home_country?: string | null | undefined;
  readonly source?: string | null | undefined;
  readonly source_detail?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly profile_links?: readonly { readonly type: string; readonly url: string }[] | undefined;
  readonly employers?: readonly SimulatedEmployer[] | undefined;
  readonly schools?: readonly SimulatedSchool[] | undefined;
}

/** An employer with the titles held there. */
export interface SimulatedEmployer {
  readonly employer_name: string;
  readonly titles: readonly {
    readonly title?: string | null | undefined;
    readonly start_year?: number | null | undefined;
    readonly end_year?: number | null | undefined;
  }[];
}

/** A school. */
export interface SimulatedSchool {
  readonly name: string;
  readonly degree_type?: string | null | undefined;
  readonly degree_major?: string | null | undefined;
  readonly graduation_year?: string | null | undefined;
}

/** A candidate. */
export interface SimulatedCandidate extends Stamped, CandidateInput {
  readonly url: string;
  primary_resume_id: string | null;
}

/** What became of somebody on a job (JobScore sheet §9a, INFERRED). */
export type SimulatedStatus = 'active' | 'rejected' | 'withdrawn' | 'hired';

/** A candidate's place on a job. */
export interface SimulatedApplication extends Stamped {
  candidate_id: string;
  readonly job_id: string;
  workflow_stage: { readonly id: string; readonly name: string };
  status: SimulatedStatus;
  /** Why somebody was rejected or withdrew. */
  disposition: { readonly id: string; readonly name: string } | null;
  readonly stage_history: {
    readonly stage: { readonly id: string; readonly name: string };
    readonly entered_on: string;
  }[];
}

/** Somebody as notes and interviews name them. */
export type SimulatedAuthor = Pick<SimulatedUser, 'id' | 'first_name' | 'last_name'>;

/** What a user wrote about a candidate (JobScore sheet §9a, INFERRED). */
export interface SimulatedNote extends Stamped {
  candidate_id: string;
  readonly body: string;
  readonly author: SimulatedAuthor;
  readonly private: boolean;
}

/** What an interviewer recommends (JobScore sheet §9a, INFERRED). */
export type Recommendation = 'yes' | 'no' | 'undecided';

/** An interview of a candidate, planned or held (JobScore sheet §9a, INFERRED; `name` is our own inference). */
export interface SimulatedInterview extends Stamped {
  candidate_id: string;
  readonly application_id: string;
  /** "Phone screen". */
  readonly name: string;
  readonly scheduled_on: string;
  readonly interviewers: readonly SimulatedAuthor[];
  /** Absent words of the interviewer are null. */
  feedback: string | null;
  recommendation: Recommendation | null;
}

/** A file of a candidate. Its bytes are kept aside. */
export interface SimulatedDocument extends Stamped {
  candidate_id: string;
  readonly filename: string;
  readonly document_type: string;
  readonly content_type: string;
  readonly size: number;
}

/** A candidate with what hangs on it. */
export interface CandidateFolder {
  readonly candidate: SimulatedCandidate;
  readonly applications: readonly SimulatedApplication[];
  readonly documents: readonly SimulatedDocument[];
  readonly notes: readonly SimulatedNote[];
  readonly interviews: readonly SimulatedInterview[];
}

/** What JobScore tells about (JobScore sheet §7 and §9a, SECONDARY in part, else INFERRED). */
export const EVENT_TYPES = [
  'candidate_applied',
  'candidate_created',
  'candidate_updated',
  'candidate_deleted',
  'application_stage_changed',
  'job_added',
  'job_status_changed',
  'task_added',
] as const;

/** The name of an event. */
export type EventType = (typeof EVENT_TYPES)[number];

/** A webhook. */
export interface SimulatedWebhook extends Stamped {
  readonly target_url: string;
  readonly event_types: readonly string[];
  /** Without it nothing is delivered (JobScore sheet §7; how it shows is INFERRED). */
  enabled: boolean;
}

/** Two candidates that look like one person to the duplicate check. */
export interface SuspectedDuplicate {
  readonly id: string;
  /** The older record first. */
  readonly candidate_ids: readonly [string, string];
  state: 'suspected' | 'dismissed' | 'merged';
}

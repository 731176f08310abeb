// What the simulated JobDiva holds.

/** Who may call the API. */
export interface SimulatedUser {
  readonly username: string;
  password: string;
  disabled: boolean;
}

/** Statuses of jobs by the number that `SearchJob` asks with (JobDiva sheet §6). */
export const JOB_STATUSES = ['OPEN', 'ON HOLD', 'FILLED', 'CANCELLED', 'CLOSED', 'EXPIRED', 'IGNORED'] as const;

/** Where a job can stand. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** A job. */
export interface SimulatedJob {
  readonly id: number;
  /** `26-02701` */
  readonly reference: string;
  readonly title: string;
  readonly company: string;
  readonly city: string;
  readonly state: string;
  status: JobStatus;
  /** The user who is its primary recruiter. */
  readonly recruiterId?: number;
  /** Milliseconds since the epoch. Absent: it has been there from the start. */
  readonly createdAt?: number;
  updatedAt?: number;
}

/** Somebody who works at the customer. */
export interface SimulatedRecruiter {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
}

/** Where candidates come from. */
export interface SimulatedSource {
  readonly id: number;
  readonly name: string;
}

/** A phone number; `type` as the client named it. */
export interface SimulatedPhone {
  phone: string;
  type: string;
}

/** A school. */
export interface SimulatedEducation {
  readonly school?: string | undefined;
  readonly degree?: string | undefined;
  readonly major?: string | undefined;
  readonly year?: number | undefined;
}

/** A title, skill or certification with the time it was held. */
export interface SimulatedTitle {
  readonly titleskillcertification?: string | undefined;
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly years?: number | undefined;
}

/** A candidate. Empty texts are unknown. */
export interface SimulatedCandidate {
  readonly id: number;
  firstName: string;
  lastName: string;
  email: string;
  alternateemail: string;
  address1: string;
  address2: string;
  city: string;
  state: string;
  zipCode: string;
  countryid: string;
  phones: SimulatedPhone[];
  readonly educations: readonly SimulatedEducation[];
  readonly titles: readonly SimulatedTitle[];
  narrative: string;
  readonly resumeSource: number | undefined;
  readonly owner: number | undefined;
  /** Link by the name of its network: one each. */
  links: Record<string, string>;
  /** User-defined fields by name. */
  userFields: Record<string, string>;
  /** Whether JobDiva deems the candidate active: its API shows no other (JobDiva sheet §10). */
  active: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  updatedAt: number;
}

/** A résumé. */
export interface SimulatedResume {
  /** `19535651872847_2950_11` */
  readonly id: string;
  readonly candidateId: number;
  readonly filename: string;
  readonly source: number;
  readonly text: string;
  readonly bytes: number;
  readonly createdAt: number;
}

/** A candidate's application to a job. */
export interface SimulatedApplication {
  candidateId: number;
  readonly jobId: number;
  /** US Eastern wall clock, as it was sent. */
  readonly dateApplied: string | undefined;
  readonly source: number | undefined;
  /** The name of a source that is none of the account's own. */
  readonly sourceName?: string;
  /** Default `Pending`. */
  status?: string;
  rejectReason?: string;
  /** When it was made or last acted on, in milliseconds since the epoch. */
  touchedAt?: number;
}

/** How far a submittal has come. */
export type SubmittalState = 'internal' | 'submitted' | 'interview' | 'rejected' | 'hired';

/** A candidate whom a recruiter put forward for a job, and what came of it. A pair can have several. */
export interface SimulatedSubmittal {
  readonly id: number;
  candidateId: number;
  readonly jobId: number;
  readonly userId: number;
  state: SubmittalState;
  rejectReason: string;
  /** Milliseconds since the epoch. */
  readonly submittedAt: number;
  touchedAt: number;
}

/** A record that was deleted, or merged into another. */
export interface SimulatedRemoval {
  readonly kind: 'candidate' | 'job';
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Absent: it was deleted. */
  readonly mergedInto?: number;
}

/** A field of a request that JobDiva took no notice of. */
export interface IgnoredField {
  readonly method: string;
  readonly field: string;
}

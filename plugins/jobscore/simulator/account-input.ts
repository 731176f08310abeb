import type { STAGES } from './hiring-words.js';
import type { JobStatus, Recommendation, SimulatedAuthor, SimulatedStatus } from './records.js';

// What users and clients give to an account.

/** An uploaded file, before it is a document. */
export interface Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly documentType: string;
  readonly bytes: Buffer;
}

/** Who goes onto which job. */
export interface Placement {
  readonly candidate_id: string;
  readonly job_id: string;
  /** Whether the same again makes another application. */
  readonly mayRepeat: boolean;
}

/** Where an application goes. */
export interface ApplicationMove {
  readonly status: SimulatedStatus;
  /** Default: it stays where it is. */
  readonly stage?: (typeof STAGES)[number];
}

/** A new job. */
export interface JobInput {
  readonly title: string;
  /** Default `open`. */
  readonly status?: JobStatus | undefined;
}

/** What somebody writes about a candidate. */
export interface NoteInput {
  readonly body: string;
  readonly private: boolean;
  readonly author: SimulatedAuthor;
}

/** What an interviewer says. */
export interface FeedbackInput {
  readonly feedback?: string | undefined;
  readonly recommendation?: Recommendation | undefined;
}

/** An interview, planned or held. */
export interface InterviewInput extends FeedbackInput {
  /** Default: the first that the candidate has. */
  readonly application?: string | undefined;
  /** Default "On-site interview". */
  readonly name?: string | undefined;
  /** Default: now. */
  readonly scheduled_on?: string | undefined;
  /** Default: the first user of the account. */
  readonly interviewer?: SimulatedAuthor | undefined;
}

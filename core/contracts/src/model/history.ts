/** Who wrote something, as the ATS names them. A name that it does not tell is empty. */
export interface Author {
  readonly firstName: string;
  readonly lastName: string;
}

/** What a user of the ATS wrote about a candidate, for all users of the ATS to read. */
export interface CandidateNote {
  readonly remoteId: string;
  readonly text: string;
  readonly author: Author;
  /** The application that it is about. Absent: the candidate. */
  readonly applicationRemoteId?: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/** A stage that an application came to. */
export interface StageChange {
  /** Where the ATS has no id for it, one that stays the same: application, stage and time. */
  readonly remoteId: string;
  readonly applicationRemoteId: string;
  readonly stage: string;
  /** ISO 8601 in UTC. */
  readonly enteredAt: string;
}

/** What an interviewer said of a candidate. An interview without it is not there yet. */
export interface InterviewFeedback {
  readonly remoteId: string;
  readonly applicationRemoteId: string;
  readonly interviewer: Author;
  readonly kind: 'phone' | 'onsite';
  readonly text?: string;
  /** The ATS's own word: "yes". */
  readonly recommendation?: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/**
 * What the ATS keeps of a candidate's way, beside where each application stands now. Each list is whole: what is missing is
 * gone. A list that the account does not offer is empty. Private notes are left out by the plugin.
 */
export interface CandidateHistory {
  readonly notes: readonly CandidateNote[];
  readonly stageChanges: readonly StageChange[];
  readonly feedback: readonly InterviewFeedback[];
}

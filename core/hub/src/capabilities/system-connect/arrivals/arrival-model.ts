import { z } from 'zod';

/** How somebody came: a recruiter exported them, or they answered a message. */
export const ARRIVAL_SOURCES = ['EXPORT', 'REPLY'] as const;

/** How somebody came. */
export type ArrivalSource = (typeof ARRIVAL_SOURCES)[number];

/**
 * How far an arrival is.
 *
 * - `PENDING`: nothing of it is in the ATS
 * - `SENDING`: it may be
 * - `ADDED`: the ATS has them
 * - `REFUSED`: the ATS does not take them as they are
 * - `UNCLEAR`: the ATS never said; a person settles it
 */
export const ARRIVAL_STATES = ['PENDING', 'SENDING', 'ADDED', 'REFUSED', 'UNCLEAR'] as const;

/** How far an arrival is. */
export type ArrivalState = (typeof ARRIVAL_STATES)[number];

/** What the ATS did: `KNOWN` says that it had them, and that nothing was to be added. */
export type ArrivalOutcome = 'CREATED' | 'UPDATED' | 'KNOWN';

/** Who arrives: what of a member may be copied, and what they agreed to share. */
export const arrivingPerson = z.object({
  firstName: z.string(),
  lastName: z.string(),
  title: z.string().optional(),
  employer: z.string().optional(),
  emails: z.array(z.string()).default([]),
  phones: z.array(z.string()).default([]),
});

/** Who arrives. */
export type ArrivingPerson = z.infer<typeof arrivingPerson>;

/** A name for somebody of whom the network tells half of one or none: a person completes it in the ATS. */
export function namedFor(
  networkName: string,
  { firstName = '', lastName = '' }: { readonly firstName?: string; readonly lastName?: string },
): Pick<ArrivingPerson, 'firstName' | 'lastName'> {
  if (firstName === '' && lastName === '') return { firstName: networkName, lastName: 'member' };
  return { firstName: firstName || networkName, lastName: lastName || 'member' };
}

/** Somebody who comes from the network into the ATS. */
export interface ArrivalRecord {
  readonly id: string;
  /** Of the network. */
  readonly connectionId: string;
  readonly source: ArrivalSource;
  readonly state: ArrivalState;
  readonly outcome: ArrivalOutcome | null;
  /** Why it is not added, as a sentence; of one that is, what was left out. */
  readonly reason: string | null;
  /** What a person does about it. */
  readonly remedy: string | null;
  /** Whoever it is, until the ATS has them. */
  readonly name: string | null;
  /** What they agreed to share and the ATS does not have from here: a person adds it there. */
  readonly contact: { readonly emails: readonly string[]; readonly phones: readonly string[] } | null;
  /** The ATS's. */
  readonly jobRemoteId: string | null;
  /** The ATS's. */
  readonly candidateRemoteId: string | null;
  /** Where a person opens them in the ATS. `null`: it gave no link. */
  readonly candidateUrl: string | null;
  /** The mirror's. `null`: it does not have them, or not yet. */
  readonly candidateId: string | null;
  /** The seat that exported them. */
  readonly seatId: string | null;
  /** They are in the ATS and on no job. */
  readonly unassigned: boolean;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** Which arrivals somebody wants to see. */
export interface ArrivalQuery {
  /** Only those who are on no job. */
  readonly unassigned?: boolean;
}

/** The columns of an `ArrivalRecord` without who it is, of a table that is called `a`. */
export const ARRIVAL_COLUMNS = `a.id, a.connection_id as "connectionId", a.source, a.state, a.outcome, a.reason, a.remedy,
  a.job_remote_id as "jobRemoteId", a.candidate_remote_id as "candidateRemoteId", a.candidate_url as "candidateUrl",
  a.seat_id as "seatId",
  ${isUnassigned('a')} as unassigned, a.created_at as "createdAt", a.finished_at as "finishedAt"`;

/** SQL for whether an arrival made a candidate whom nobody has put on a job. */
export function isUnassigned(alias: string): string {
  return `(${alias}.state = 'ADDED' and ${alias}.outcome = 'CREATED' and ${alias}.job_remote_id is null and not ${alias}.assigned)`;
}

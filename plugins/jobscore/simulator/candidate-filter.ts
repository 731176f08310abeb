import type { SimulatedCandidate } from './records.js';

/** Which candidates a list is asked for. */
export interface CandidateFilter {
  /** In lower case. */
  readonly email?: string | undefined;
  /** Changed since then, ISO 8601 in UTC. */
  readonly since?: string | undefined;
}

/** Whether a candidate is among those that a list is asked for. */
export function meets({ email, work_email, updated_on }: SimulatedCandidate, filter: CandidateFilter): boolean {
  return (
    (filter.email === undefined || [email, work_email].some((one) => one?.toLowerCase() === filter.email)) &&
    (filter.since === undefined || updated_on >= filter.since)
  );
}

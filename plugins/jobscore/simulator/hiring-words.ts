import { seedId } from './vendor-id.js';

/** Something with a name that JobScore refers to by id as well. */
export interface IdAndName {
  readonly id: string;
  readonly name: string;
}

/** The stages of every job; everybody begins in the first (JobScore sheet §4.6: its name is CONFIRMED). */
export const STAGES = ['New', 'Screen', 'Interview', 'Offer', 'Hired'] as const;

/** A stage of a job's workflow. */
export function stageOf(jobId: string, name: (typeof STAGES)[number]): IdAndName {
  return { id: seedId(`${jobId} stage ${name}`), name };
}

/** Why people are rejected or withdraw: `GET /disposition_codes` (JobScore sheet §9a, SECONDARY). */
export const DISPOSITIONS = {
  rejected: ['Lacks experience', 'Position filled', 'Failed a reference check'].map(disposition),
  withdrawn: ['Took another offer', 'Salary too low'].map(disposition),
} as const;

function disposition(name: string): IdAndName {
  return { id: seedId(`disposition ${name}`), name };
}

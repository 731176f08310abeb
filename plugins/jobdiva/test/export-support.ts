import type { CandidateState, JobDivaSimulator } from '../simulator/index.js';

/** Creates a candidate. */
export const CREATE = { method: 'POST', path: '/apiv2/jobdiva/createCandidate' };

/** Updates a candidate. */
export const UPDATE = { method: 'POST', path: '/apiv2/jobdiva/updateCandidateProfile' };

/** Updates the links of a candidate. */
export const LINKS = { method: 'POST', path: '/apiv2/jobdiva/updateCandidateSNLinks' };

/** Uploads a résumé. */
export const UPLOAD = { method: 'POST', path: '/apiv2/jobdiva/uploadResume' };

/** The one candidate that there is. */
export function theOnlyCandidate(simulator: JobDivaSimulator): CandidateState {
  const [candidate, ...others] = simulator.candidates();
  if (!candidate || others.length > 0) throw new Error(`There are ${others.length + 1} candidates, not one.`);
  return candidate;
}

/** How often JobDiva was called so. */
export function calls(
  simulator: JobDivaSimulator,
  { method, path }: { readonly method: string; readonly path: string },
): number {
  return simulator.requests.matching({ method, path: new RegExp(`${path}$`) }).length;
}

/** Somebody who is in JobDiva already, put there by somebody else. */
export function known(simulator: JobDivaSimulator, fields: Readonly<Record<string, string>>): CandidateState {
  const account = simulator.account();
  const { linkedIn, ...texts } = fields;
  const { id } = account.createCandidate(
    { firstName: 'Ada', lastName: 'Byron', ...texts },
    simulator.clock.now() - 86_400_000,
  );
  if (linkedIn) account.updateLinks({ candidateid: id, socialnetworks: [{ name: 'LinkedIn', link: linkedIn }] }, 0);
  const state = simulator.candidates().find((candidate) => candidate.id === id);
  if (!state) throw new Error('unreachable');
  return state;
}

import { exportRequest } from '@talentbridge/testkit';
import type { SmartRecruitersSimulator } from '../simulator/index.js';

/** An hour, in milliseconds. */
export const HOUR = 3_600_000;

/** An export to this job. */
export function toJob(jobRemoteId: string, overrides: Parameters<typeof exportRequest>[0] = {}) {
  return exportRequest({ target: { kind: 'job', jobRemoteId }, ...overrides });
}

/** What leads to a candidate of production. */
export function referenceTo(remoteId: string) {
  return { remoteId, remoteUrl: `https://www.smartrecruiters.com/app/people/candidates/${remoteId}` };
}

/** The paths that candidates were created by. */
export function posts({ requests }: SmartRecruitersSimulator): readonly string[] {
  return requests.matching({ method: 'POST', path: /candidates$/ }).map(({ path }) => path);
}

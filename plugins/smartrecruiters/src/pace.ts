import type { Pace, PaceLimit } from '@talentbridge/contracts';

/**
 * SmartRecruiters takes 10 requests in any second and 8 at once, counted for each endpoint and credential (SmartRecruiters
 * sheet §13, CONFIRMED).
 */
const ENDPOINT: PaceLimit = { concurrency: 8, rate: { requests: 10, perMs: 1000 } };

/** How fast SmartRecruiters may be asked with one SmartToken. A lane is one endpoint: method and path template. */
export const smartRecruitersPace: Pace = {
  eachLane: ENDPOINT,
  // The list of candidates is answered one request at a time (sheet §13, CONFIRMED).
  lanes: { 'GET /candidates': { ...ENDPOINT, concurrency: 1 } },
};

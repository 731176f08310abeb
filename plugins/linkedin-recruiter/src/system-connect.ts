import type { SystemConnectCapability } from '@talentbridge/contracts';
import { MOST_RECORDS } from './batches.js';
import type { LinkedInApi } from './client.js';
import { Collections } from './collections.js';
import { closedMembers, readExport } from './exports.js';
import type { Integrations } from './integrations.js';
import { matches, resolveMatch } from './matching.js';
import { readNotice } from './notices.js';
import { Pushing } from './push.js';
import type { RecruiterActivity } from './recruiter.js';
import { profileWidget, setupWidget } from './widgets.js';

/** LinkedIn advises windows of 12 hours at most, every 30 minutes (LinkedIn sheet §7, CONFIRMED). */
const HOUR_MS = 3_600_000;

/** Recruiter System Connect. */
export function linkedInSystemConnect(
  api: LinkedInApi,
  integrations: Integrations,
  activity: RecruiterActivity,
): SystemConnectCapability {
  const collections = new Collections(api);
  const pushing = new Pushing(api, collections);
  return {
    limits: {
      batch: MOST_RECORDS,
      longestWindowMs: 12 * HOUR_MS,
      pollEveryMs: HOUR_MS / 2,
      // LinkedIn sheet §4, CONFIRMED.
      exportsPerSeatAndMonth: 300,
    },
    integrations: (ctx) => integrations.all(ctx),
    prepare: (ctx, request) => integrations.prepare(ctx, request),
    seats: (ctx, request) => activity.seats(ctx, request),
    push: (ctx, batch) => pushing.push(ctx, batch),
    remove: (ctx, kind, keys) => pushing.remove(ctx, kind, keys),
    matches: (ctx, ids) => matches(collections.candidates, ctx, ids),
    resolveMatch: (ctx, id, member) => resolveMatch(collections.candidates, ctx, id, member),
    pull: (ctx, window) => activity.pull(ctx, window),
    readNotice: async (_ctx, id) => readNotice(id),
    readExport: (ctx, requestId) => readExport(api, ctx, requestId),
    closedMembers: (ctx, request) => closedMembers(api, ctx, request),
    profileWidget: async (_ctx, id) => profileWidget(api.customer, id),
    setupWidget: async () => setupWidget(api.customer),
  };
}

import type { ErrorShape } from './refusal.js';

/**
 * Turns facts around that the sheet had to infer, so that tests show what the plugin does should JobScore be
 * different. All absent: JobScore as the fact sheet describes it.
 */
export interface Deviations {
  /** Lists come without `meta` (JobScore sheet §2). */
  withoutPageMeta?: boolean;
  /** Lists come whole and without `meta`, whatever page is asked for (JobScore sheet §2). */
  withoutPaging?: boolean;
  /** A candidate can be put onto the same job again and again (JobScore sheet §4.6). */
  withRepeatedApplications?: boolean;
  /** `GET /candidates?email=` answers all candidates (JobScore sheet §6). */
  withoutEmailFilter?: boolean;
  /** `GET /users` is refused with 403 (JobScore sheet §3). */
  withoutUserList?: boolean;
  /** How error bodies look (JobScore sheet §5). Default `errors`. */
  errorShape?: ErrorShape;
}

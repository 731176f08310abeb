import type { ErrorShape } from './refusal.js';

/** What an account may lack. */
export const MISSABLE_PARTS = [
  'applications',
  'documents',
  'disposition_codes',
  'notes',
  'interviews',
  'webhooks',
] as const;

/** Something that an account may lack. */
export type MissablePart = (typeof MISSABLE_PARTS)[number];

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
  /** `GET /candidates?updated_since=` answers all candidates (JobScore sheet §9a: it may). */
  withoutUpdatedSince?: boolean;
  /** A change of an application, document, note or interview does not date its candidate anew (not known; by default it does). */
  withoutDatingByParts?: boolean;
  /** Jobs and candidates are listed by their last change, the newest first, so that a change moves them (JobScore sheet §2: no order is promised). */
  newestFirst?: boolean;
  /** Dispositions of applications come as ids (JobScore sheet §9a). */
  withoutDispositionNames?: boolean;
  /** `GET /documents/{id}` is the file itself, and not JSON that says where it is (JobScore sheet §9a). */
  documentsAsFiles?: boolean;
  /** Lists of the read side, or webhooks, that the account does not have: 404 (JobScore sheet §9a). */
  notOffered?: readonly MissablePart[];
  /** `GET /users` is refused with 403 (JobScore sheet §3). */
  withoutUserList?: boolean;
  /** How error bodies look (JobScore sheet §5). Default `errors`. */
  errorShape?: ErrorShape;
}

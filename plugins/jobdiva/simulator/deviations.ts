import type { TokenScheme } from './sessions.js';

/**
 * Turns facts around that the sheet leaves open, so that tests show what the plugin does should JobDiva be different. All
 * absent: JobDiva as the fact sheet describes it.
 */
export interface Deviations {
  /** `POST /apiv2/v2/login` is not there (JobDiva sheet §2). */
  withoutLogin?: boolean;
  /** `GET /apiv2/v2/refreshToken` is not there (JobDiva sheet §2, unverified). */
  withoutRefresh?: boolean;
  /** `GET /apiv2/v2/authenticate` answers the bare token, in quotes, as the older call does. */
  bareToken?: boolean;
  /** Default `both`. */
  tokenScheme?: TokenScheme;
  /** How a BI read says that it is not allowed (JobDiva sheet §8). Default `message`. */
  biRefusal?: 'message' | 'status' | 'emptyList';
  /** `SearchJob` takes no notice of `offset`: every page is the first one. */
  withoutOffset?: boolean;
  /** `createdDate` filters nothing (that it does is INFERRED). */
  withoutCreatedDate?: boolean;
  /** BI reads answer rows as arrays, the first being the header, as v1 does (JobDiva sheet §3). */
  headerRows?: boolean;
  /** `CandidateApplicationRecords` takes no notice of `pageNumber`: every page is the first one. */
  withoutPages?: boolean;
  /** `searchSubmittal` answers no more than so many at once. */
  mostSubmittals?: number;
  /** `DATEUPDATED` and the like are empty or missing in lists of changes. */
  feedHasIdsAlone?: boolean;
}

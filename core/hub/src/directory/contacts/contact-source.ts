import type { EmailType, Profile } from '../profile.js';

/** Which contact data is revealed. */
export type ContactKind = 'EMAIL' | 'PHONE';

/** One person whose contact data is asked for. */
export interface ContactQuestion {
  readonly profileId: string;
  /** The profile as it is stored now; `key` is the host platform's own id. */
  readonly profile: Profile;
  /** Never empty. An answer about another kind is ignored. */
  readonly kinds: readonly ContactKind[];
  /** The same whenever this order asks about this profile, so that a source which charges can recognise a repeated question. */
  readonly idempotencyKey: string;
}

/** An email address that a source found. */
export interface FoundEmail {
  readonly address: string;
  /** Absent: unknown. */
  readonly type?: EmailType;
}

/** A phone number that a source found. */
export interface FoundPhone {
  /** Best in E.164; otherwise read as one of the country where the person lives. */
  readonly number: string;
  /** In any words: `mobile`, `home`, `work`. Absent: other. */
  readonly type?: string;
}

/**
 * Why a source did not answer about one person. There are no free words, because those could repeat contact data.
 *
 * - `UNAVAILABLE`: it does not answer at the moment; it is asked again
 * - `RATE_LIMITED`: it wants to be asked more slowly; it is asked again
 * - `REFUSED`: it will not say anything about this person; it is not asked again
 */
export type ContactFailure = 'UNAVAILABLE' | 'RATE_LIMITED' | 'REFUSED';

/** What a source says about one person. */
export type ContactAnswer =
  /** What the profile has stored of the kinds that were asked for may be revealed. */
  | { readonly kind: 'STORED' }
  /** This is their contact data, preferred first. Entries that are no address and no number are left out. */
  | { readonly kind: 'FOUND'; readonly emails?: readonly FoundEmail[]; readonly phones?: readonly FoundPhone[] }
  /** There is none. */
  | { readonly kind: 'NONE' }
  | {
      readonly kind: 'FAILED';
      readonly failure: ContactFailure;
      /** Not sooner than this, in milliseconds. Default: a delay that doubles with each try. */
      readonly retryAfterMs?: number;
    };

/** Why a source answers nobody of this organization any more. */
export type ContactSourceClosed = 'BUDGET_SPENT' | 'NOT_ALLOWED';

/** What a source says to several questions. */
export interface ContactReply {
  /** By profile id. Who is missing has not been answered, and is asked about again. */
  readonly answers: ReadonlyMap<string, ContactAnswer>;
  /** Present: the order stops here. What was answered is kept, and nobody else is asked about. */
  readonly closed?: ContactSourceClosed;
}

/**
 * Where contact data comes from when a recruiter asks for it: the host platform's own contact service, say. A question
 * may cost money, so none is repeated once its answer is stored. A process that dies between question and answer
 * makes one batch of questions repeat, with the same idempotency keys.
 */
export interface ContactSource {
  /** Questions in one call at most. Default 100. */
  readonly batchSize?: number;
  /**
   * How long an answer stands, in milliseconds: so long no other order asks about the same person and kind again, and what
   * is revealed already counts. Default 0: each order asks.
   */
  readonly answersStandForMs?: number;
  /**
   * Asks about several people at once, of one organization. Whatever it throws counts as "does not answer at the moment", and
   * its words are read by nobody, because they could repeat contact data.
   * @param signal Aborts when the time for an answer is over or the process stops.
   */
  find(organizationId: string, questions: readonly ContactQuestion[], signal: AbortSignal): Promise<ContactReply>;
}

/** Reveals what the host platform has stored with the profiles: the source of a deployment that has no other. */
export const storedContacts: ContactSource = {
  find: async (_organizationId, questions) => ({
    answers: new Map(questions.map(({ profileId }) => [profileId, { kind: 'STORED' }])),
  }),
};

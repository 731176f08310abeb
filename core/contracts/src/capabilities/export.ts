import type { CallContext } from '../context.js';
import type { CandidateRecord, Phone } from '../model/candidate.js';
import type { Job, JobQuery } from '../model/job.js';
import type { Page } from '../model/page.js';

/** The parts of a candidate that can go out. `resume` is the generated PDF. */
export type ExportFieldName =
  | 'firstName'
  | 'lastName'
  | 'source'
  | 'address'
  | 'emails'
  | 'phones'
  | 'tags'
  | 'socialUrls'
  | 'workExperience'
  | 'education'
  | 'resume';

/**
 * One field that the plugin sends. The same declaration trims the candidate, draws the preview and documents the
 * plugin; what is not declared is not sent.
 */
export interface ExportField {
  readonly name: ExportFieldName;
  /** As an admin reads it: "Email addresses". */
  readonly label: string;
  /** What happens to it in this ATS, as a sentence. */
  readonly note?: string;
  /** A candidate without it is refused before anything is sent. Default `false`. */
  readonly required?: boolean;
  /** Most values of a list; more are dropped from the end, with a warning. Default: all. */
  readonly maxCount?: number;
  /** Most characters of each text; more are cut, with a warning. Default: all. */
  readonly maxLength?: number;
  /** The parts that are sent, where the ATS takes only some: `employer`, `title`. Default: all. */
  readonly parts?: readonly string[];
  /** How exact dates go out. Default `day`: as exact as they are known. */
  readonly datePrecision?: 'year' | 'month' | 'day';
  /** Networks whose URLs are sent. Default: all. */
  readonly networks?: readonly string[];
}

/** Where a candidate goes: to the pool as a prospect, or to one job as an application. */
export type ExportTarget = { readonly kind: 'prospect' } | { readonly kind: 'job'; readonly jobRemoteId: string };

/** The generated résumé. */
export interface ResumeFile {
  readonly filename: string;
  readonly contentType: 'application/pdf';
  readonly bytes: Uint8Array;
}

/** One candidate to send. */
export interface ExportRequest {
  /** The same for every try of this item, and for no other item: fit to be an idempotency key. */
  readonly itemId: string;
  readonly candidate: CandidateRecord;
  readonly target: ExportTarget;
  /** Absent: none is sent. */
  readonly resume?: ResumeFile;
  /**
   * Where they come from, when that is not this product: the name of a network, the same for every try. It takes the place of the
   * connection's own source. An ATS that cannot take it for one candidate writes its own. Absent: from this product.
   */
  readonly source?: string;
  /** When the first try of this item began, ISO 8601 in UTC. What is older than this cannot come from it. */
  readonly firstTriedAt: string;
  /**
   * The candidate that an earlier try of this same item made, or that the person is known to be. Present: do not create it
   * again, complete what is missing (application, résumé). Where the ATS does not have it any more, a `RecordNotFoundError`
   * names it, and whoever comes from a network comes as somebody new.
   */
  readonly existing?: RemoteReference;
  /** Candidates that other items made from the same person: never the answer to `findExported`. */
  readonly notThese: readonly string[];
  /**
   * What `lookUp` said of it moments ago: the candidate there is, or that there is none. Absent: nobody looked, so that a
   * plugin that must know looks by itself. Never together with `existing`.
   */
  readonly lookedUp?: { readonly found?: RemoteReference };
}

/** A record in the ATS. */
export interface RemoteReference {
  readonly remoteId: string;
  /** Where a person can look at it. Absent: the ATS has no link. */
  readonly remoteUrl?: string;
}

/** Something that did not go as asked, while the candidate itself arrived. */
export interface ExportWarning {
  /** Stable, in upper case: `TAG_UNKNOWN`, `RESUME_REFUSED`. */
  readonly code: string;
  /** For people: what happened and what to do, without personal data. */
  readonly message: string;
  readonly field?: ExportFieldName;
}

/** What the ATS holds now. */
export interface ExportReceipt extends RemoteReference {
  readonly outcome: 'CREATED' | 'UPDATED';
  readonly warnings: readonly ExportWarning[];
}

/** What somebody agreed to share, for a candidate that the ATS has. */
export interface ContactAddition {
  /** The candidate. */
  readonly remoteId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly emails: readonly string[];
  readonly phones: readonly Phone[];
  /**
   * What the hub once wrote in place of what nobody knew. Where it still stands, what is known now takes its place: the name half
   * by half. Absent: nothing of this candidate is made up, so that name and addresses stay as they are.
   */
  readonly madeUp?: {
    readonly firstName: string;
    readonly lastName: string;
    /** A placeholder address. */
    readonly email?: string;
  };
}

/** What became of a `ContactAddition`. */
export interface ContactReceipt {
  /** `KNOWN`: everything that has room was there already. */
  readonly outcome: 'UPDATED' | 'KNOWN';
  /** Addresses and numbers, as they were handed over, that are not there and for which the ATS has no room. */
  readonly leftOut: { readonly emails: readonly string[]; readonly phones: readonly string[] };
}

/**
 * Thrown when the candidate arrived but a later step failed: the hub keeps the reference, and the next try gets it as
 * `existing`. `failure` decides what happens next, exactly as if it had been thrown alone.
 */
export class ExportInterruptedError extends Error {
  constructor(
    readonly reference: RemoteReference,
    readonly failure: unknown,
  ) {
    super('The candidate arrived; a later step of its export failed.', { cause: failure });
    this.name = 'ExportInterruptedError';
  }
}

/** Whether a thrown value is an `ExportInterruptedError`, whichever copy of this package made it. */
export function isExportInterrupted(error: unknown): error is ExportInterruptedError {
  return (
    error instanceof Error && error.name === 'ExportInterruptedError' && 'reference' in error && 'failure' in error
  );
}

/** What this ATS takes, and how it behaves. */
export interface ExportLimits {
  /** The ATS has candidates without a job. Default `true`. */
  readonly prospects?: boolean;
  /** The ATS has jobs to attach candidates to. Default `true`. */
  readonly jobs?: boolean;
  /** How many candidates may be under way at once on one connection. Default 2. */
  readonly concurrency?: number;
  /** `true`: sending the same request again cannot make a second candidate. Default `false`. */
  readonly absorbsRepeats?: boolean;
  /**
   * The targets for which `findExported` can tell, where it exists: an ATS may list the candidates of its jobs alone.
   * Default: all.
   */
  readonly findable?: readonly ExportTarget['kind'][];
  /** Most requests in one call of `lookUp`. Default 50. */
  readonly lookUpBatch?: number;
  /**
   * How long after a request the ATS may still be acting on it, in milliseconds. The hub asks `findExported` no
   * earlier. Default 1,000.
   */
  readonly settleMs?: number;
  /** How our tags are compared with those of `listTags`. Default `exact`. */
  readonly tagMatching?: 'exact' | 'caseInsensitive';
}

/**
 * Export: write candidates into the ATS, as prospects or attached to a job. The hub chooses candidates, trims them to
 * `fields`, skips those already exported, and retries. The plugin turns ONE candidate into the ATS's own calls.
 */
export interface ExportCapability {
  /** What is sent, in the order that documentation shows. */
  readonly fields: readonly ExportField[];
  readonly limits: ExportLimits;

  /** One page of the open jobs that a candidate can be attached to. Every job appears once over all pages. */
  listJobs(ctx: CallContext, query: JobQuery): Promise<Page<Job>>;

  /**
   * Creates or updates one candidate, then attaches the job and the résumé.
   * A résumé that is refused is a warning, never a failure.
   * @throws CandidateRejectedError when the ATS refuses this candidate; the others go on.
   * @throws JobNotOpenError when the job takes no candidates.
   * @throws ExportInterruptedError when the candidate arrived and a later step failed.
   */
  exportCandidate(ctx: CallContext, request: ExportRequest): Promise<ExportReceipt>;

  /**
   * Settles a try that the ATS never answered: the candidate that this very item made, or `undefined` when it
   * certainly made none. Absent when the ATS cannot be asked: the hub then reports the item as unclear.
   */
  findExported?(ctx: CallContext, request: ExportRequest): Promise<RemoteReference | undefined>;

  /**
   * Which of these people the ATS has already, many in one call, shortly before they are sent: saves a search each. The
   * answer is keyed by `itemId`; who is missing in it is not there. The hub hands it on as `lookedUp`. Absent: the hub does
   * not ask.
   */
  lookUp?(ctx: CallContext, requests: readonly ExportRequest[]): Promise<Readonly<Record<string, RemoteReference>>>;

  /**
   * Adds addresses and numbers to a candidate that is there. What is there stays, but for what was made up; an address is the same
   * in other capitals, a number in other punctuation. Doing it again does no harm. Absent: the ATS cannot be asked to, and a
   * person adds them.
   * @throws CandidateRejectedError when the ATS refuses them.
   * @throws RecordNotFoundError when the candidate is no more.
   */
  addContact?(ctx: CallContext, addition: ContactAddition): Promise<ContactReceipt>;

  /** The tags that exist in the ATS. Absent when it takes any tag; present: the hub sends only those. */
  listTags?(ctx: CallContext): Promise<readonly string[]>;

  /**
   * Creates tags that `listTags` does not have. Absent when the ATS cannot be asked to: an admin gets the list then. A tag
   * that exists by now is no error.
   */
  createTags?(ctx: CallContext, names: readonly string[]): Promise<void>;

  /** Whether the source that exports carry exists in the ATS. Absent when the ATS takes any source. */
  checkSource?(ctx: CallContext): Promise<SourceCheck>;
}

/** The source that this connection writes, and whether the ATS has it. */
export interface SourceCheck {
  readonly name: string;
  readonly present: boolean;
  /** What an admin does when it is not present. */
  readonly remedy?: string;
}

import type { Education, LocatedAddress, Phone, SocialUrl, WorkExperience } from './candidate.js';
import type { Job } from './job.js';

/** A candidate as the ATS holds it. Times are ISO 8601 in UTC, by the vendor's clock. */
export interface MirroredCandidate {
  /** The ATS's identifier. */
  readonly remoteId: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly emails: readonly string[];
  readonly phones: readonly Phone[];
  readonly address?: LocatedAddress;
  readonly socialUrls: readonly SocialUrl[];
  readonly workExperience: readonly WorkExperience[];
  readonly education: readonly Education[];
  readonly tags: readonly string[];
  /** The ATS's own word for where the candidate came from. */
  readonly source?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  /** Where a person can look at it. Absent: the ATS has no link. */
  readonly remoteUrl?: string;
  /** Every application of the candidate: what is missing is gone. Absent: applications come by themselves. */
  readonly applications?: readonly MirroredApplication[];
  /** Every file of the candidate: what is missing is gone. Absent: this read does not tell; what is known stays. */
  readonly attachments?: readonly MirroredAttachment[];
}

/** Where an application stands, in words that all systems share. */
export type ApplicationStatus = 'active' | 'hired' | 'rejected' | 'withdrawn' | 'other';

/** A candidate on a job. */
export interface MirroredApplication {
  /** The ATS's identifier; where it has none, one that stays the same: `candidate/job`. */
  readonly remoteId: string;
  readonly candidateRemoteId: string;
  readonly jobRemoteId: string;
  /** As this record has it; the mirrored job has the current one. */
  readonly jobTitle?: string;
  readonly status: ApplicationStatus;
  /** The ATS's own word for the status. */
  readonly statusLabel?: string;
  readonly subStatus?: string;
  readonly stage?: string;
  readonly rejectionReason?: string;
  readonly withdrawalReason?: string;
  readonly source?: string;
  /** Who works on it. */
  readonly recruiter?: { readonly remoteId?: string; readonly name: string };
  readonly appliedAt?: string;
  readonly updatedAt?: string;
}

/** A file of a candidate. */
export interface MirroredAttachment {
  readonly remoteId: string;
  readonly filename: string;
  readonly kind: 'resume' | 'coverLetter' | 'other';
  readonly contentType?: string;
  /** In bytes. */
  readonly size?: number;
  readonly updatedAt?: string;
}

/** A job as the ATS holds it, open or not. */
export interface MirroredJob extends Job {
  /** What the work is, as plain text. */
  readonly description?: string;
  /** Where candidates apply. */
  readonly applyUrl?: string;
  readonly recruiter?: { readonly remoteId?: string; readonly name: string };
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

/** A record of the ATS, by its kind and id. */
export interface RecordReference {
  readonly kind: 'candidate' | 'job' | 'application';
  readonly remoteId: string;
}

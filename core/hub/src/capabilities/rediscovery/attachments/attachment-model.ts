/** Where the content of a file stands. */
export const ATTACHMENT_STATES = ['NOT_FETCHED', 'FETCHING', 'STORED', 'GONE', 'TOO_LARGE', 'FAILED'] as const;

/**
 * Where the content of a file stands. `NOT_FETCHED`: nobody has asked for it, or it changed in the ATS since. `GONE`: the ATS
 * lists the file and does not hand it out.
 */
export type AttachmentState = (typeof ATTACHMENT_STATES)[number];

/** What became of reading the text of a file. */
export const TEXT_STATES = [
  'NONE',
  'READ',
  'EMPTY',
  'ENCRYPTED',
  'MALFORMED',
  'TOO_LARGE',
  'TOO_SLOW',
  'UNSUPPORTED',
] as const;

/**
 * What became of reading the text of a file. `NONE`: nobody has asked for it. `EMPTY`: there is none in it, as in a scan.
 * `TOO_LARGE`: it takes more memory than a file may, as zip bombs do.
 */
export type TextState = (typeof TEXT_STATES)[number];

/** What is known of the content of a file. */
export interface AttachmentContent {
  /** The id of the file in the mirror. */
  readonly attachmentId: string;
  readonly state: AttachmentState;
  /** Why it cannot be had, as a sentence. */
  readonly reason: string | null;
  /** When it is worth asking again; `null`: it can be had, or asking again changes nothing. */
  readonly retryAt: Date | null;
  readonly textState: TextState;
  /** In bytes, once it is stored. */
  readonly size: number | null;
  /** Lower-case hex, once it is stored. */
  readonly sha256: string | null;
  /** As its bytes say, once it is stored. */
  readonly contentType: string | null;
}

/** A way to a file, for a while and for one person. */
export interface AttachmentLink {
  /** Stands in the path of the route that serves it. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** A file, and a way to it where there is one. */
export interface LinkedAttachment extends AttachmentContent {
  readonly link?: AttachmentLink;
}

/** A file and its text, where there is one. */
export interface ReadAttachmentText extends AttachmentContent {
  readonly text?: string;
}

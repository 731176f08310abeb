import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { HubError } from '@talentbridge/contracts';
import { z } from 'zod';
import { isUuid } from '../../../kernel/persistence/organization-scope.js';
import { KeyMissingError, type KeyRing } from '../../../kernel/vault/key-ring.js';
import type { AttachmentLink } from './attachment-model.js';

/** How long a link is good, in milliseconds. */
const GOOD_FOR_MS = 300_000;
const ATTACHMENTS = 'talentbridge/file-links/1';
/** A user's id comes from a token of the host platform and is not long. */
const LONGEST_TOKEN = 2_000;

/** Who may open which file. */
export interface FileTicket {
  readonly organizationId: string;
  readonly fileId: string;
  readonly userId: string;
  /** What the file tells of, as whoever made the link names it. Absent: that needs no name. */
  readonly about?: string;
}

const uuid = z.string().refine(isUuid);
const ticket = z.object({ k: z.string(), o: uuid, a: uuid, u: z.string(), e: z.number(), s: z.string().optional() });

/** A link that nobody here made, or that was changed. */
export class FileLinkInvalidError extends HubError {
  readonly code = 'FILE_LINK_INVALID';
  readonly recovery = 'skip';

  constructor() {
    super('This link to a file is none of ours, or was changed. Ask for a new one.');
  }
}

/** A link whose time is over. */
export class FileLinkExpiredError extends HubError {
  readonly code = 'FILE_LINK_EXPIRED';
  readonly recovery = 'skip';

  constructor() {
    super('This link to a file has expired. Ask for a new one.');
  }
}

/**
 * Makes links and checks them: HMAC-SHA-256 with a key that is derived from the current one of the key ring. A link names the
 * key, so that those made before a rotation stay good as long as the ring has the older key.
 */
export class FileLinks {
  /** @param purpose What the links lead to: those of one purpose are none of another's. Default: files of candidates. */
  constructor(
    private readonly keys: KeyRing,
    private readonly now: () => number = Date.now,
    private readonly purpose = ATTACHMENTS,
  ) {}

  /** A link for one person to one file of their organization. */
  sign({ organizationId, fileId, userId, about }: FileTicket): AttachmentLink {
    const expires = this.now() + GOOD_FOR_MS;
    const k = this.keys.currentKeyId;
    const signed = Buffer.from(
      JSON.stringify({ k, o: organizationId, a: fileId, u: userId, e: expires, s: about } satisfies z.infer<
        typeof ticket
      >),
    ).toString('base64url');
    return { token: `${signed}.${this.seal(k, signed).toString('base64url')}`, expiresAt: new Date(expires) };
  }

  /** @throws FileLinkInvalidError, FileLinkExpiredError */
  read(token: string): FileTicket {
    const [signed = '', seal = '', ...rest] = token.length > LONGEST_TOKEN ? [] : token.split('.');
    const found = ticket.safeParse(parsed(signed));
    // What is in it counts for nothing yet, but it says which key to check it with.
    if (!found.success || rest.length > 0 || !this.isSealed(found.data.k, signed, seal))
      throw new FileLinkInvalidError();
    const { o: organizationId, a: fileId, u: userId, e: expires, s: about } = found.data;
    if (expires <= this.now()) throw new FileLinkExpiredError();
    return { organizationId, fileId, userId, ...(about === undefined ? {} : { about }) };
  }

  private isSealed(keyId: string, signed: string, seal: string): boolean {
    let expected: Buffer;
    try {
      expected = this.seal(keyId, signed);
    } catch (error) {
      if (error instanceof KeyMissingError) return false;
      throw error;
    }
    const given = Buffer.from(seal, 'base64url');
    // Written in one way only: base64 can spell the same bytes differently.
    return given.length === expected.length && timingSafeEqual(given, expected) && given.toString('base64url') === seal;
  }

  private seal(keyId: string, signed: string): Buffer {
    const key = Buffer.from(hkdfSync('sha256', this.keys.key(keyId), '', this.purpose, 32));
    return createHmac('sha256', key).update(signed).digest();
  }
}

function parsed(signed: string): unknown {
  try {
    return JSON.parse(Buffer.from(signed, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

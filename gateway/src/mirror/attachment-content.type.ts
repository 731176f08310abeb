import type { AttachmentState as HubAttachmentState, TextState as HubTextState } from '@talentbridge/hub';
import { Field, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** Where the content of a file stands. */
export const AttachmentState = describedEnum<HubAttachmentState>(
  'AttachmentState',
  'Where the content of a file stands. Asking for `link` or `text` fetches it.',
  {
    NOT_FETCHED: 'Nobody has asked for it yet, or it changed in the ATS since.',
    FETCHING: 'It is being fetched. Ask again in a moment.',
    STORED: 'It is here.',
    GONE: 'The ATS lists the file and does not have it.',
    TOO_LARGE: 'It is larger than a file may be.',
    FAILED: 'It could not be fetched; `reason` says why, and `retryAt` when it is worth asking again.',
  },
);

/** What became of reading the text of a file. */
export const AttachmentTextState = describedEnum<HubTextState>(
  'AttachmentTextState',
  'What became of reading the text of a file. Asking for `text` reads it.',
  {
    NONE: 'Nobody has asked for it yet, it is being read, or the file itself cannot be had.',
    READ: 'It was read.',
    EMPTY: 'There is no text in it: a scan, for instance.',
    ENCRYPTED: 'The file asks for a password.',
    MALFORMED: 'The file is broken.',
    TOO_LARGE: 'Reading it takes more memory than a file may.',
    TOO_SLOW: 'Reading it takes longer than a file may.',
    UNSUPPORTED: 'Of this type of file no text is read.',
  },
);

/** A way to a file. */
@ObjectType({ description: 'A way to a file, or why there is none.' })
export class AttachmentLink {
  @Field(() => AttachmentState, { description: 'Where the content of the file stands.' })
  state!: HubAttachmentState;

  @Field(() => String, { nullable: true, description: 'Why there is no link, as a sentence; null where there is one.' })
  reason?: string | null;

  @Field(() => Date, { nullable: true, description: 'When it is worth asking again after a failure.' })
  retryAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where the file can be downloaded until `expiresAt` without a token, relative to the origin of this API; null unless the state is `STORED`. It is made for the user who asked: do not hand it on, and do not keep it.',
  })
  url?: string | null;

  @Field(() => Date, { nullable: true, description: 'Until when the link is good.' })
  expiresAt?: Date | null;
}

/** The text of a file. */
@ObjectType({ description: 'The text of a file, or why there is none.' })
export class AttachmentText {
  @Field(() => AttachmentState, { description: 'Where the content of the file stands.' })
  state!: HubAttachmentState;

  @Field(() => AttachmentTextState, { description: 'What became of reading it.' })
  textState!: HubTextState;

  @Field(() => String, { nullable: true, description: 'Why the file cannot be had, as a sentence.' })
  reason?: string | null;

  @Field(() => Date, { nullable: true, description: 'When it is worth asking again after a failure.' })
  retryAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'The text, without its layout: at most 500,000 characters. Null unless `textState` is `READ`.',
  })
  text?: string | null;
}

import type { LinkKind as HubLinkKind, ItemRefusal, MirroredPerson } from '@talentbridge/hub';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { createResultUnion } from '../graphql/result-union.js';

/** How a link came about. */
const NetworkLinkKind = describedEnum<HubLinkKind>(
  'NetworkLinkKind',
  'How a candidate came to be linked with a member of the network.',
  {
    MATCHED: 'The network found out, mostly by the email address.',
    ADDED: 'They came from there: exported, or by answering a message.',
    BY_HAND: 'Somebody said so.',
  },
);

/** Who a candidate is at the network. */
@ObjectType({ description: 'Who a candidate is at the network.' })
export class NetworkLink {
  @Field(() => ID, { description: "The network's identifier of the member." })
  member!: string;

  @Field(() => NetworkLinkKind, { description: 'How it came about.' })
  how!: HubLinkKind;

  @Field(() => String, { nullable: true, description: 'Who said so; null where nobody did.' })
  linkedBy!: string | null;

  @Field(() => Date, { description: 'Since when.' })
  linkedAt!: Date;
}

/** Why somebody does not read what was written. */
const NetworkRefusalCode = describedEnum<ItemRefusal['code']>(
  'NetworkRefusalCode',
  'Why somebody does not read what was written at the network.',
  {
    SEAT_NEEDED: 'They have no active seat of the network: `connectSeat`.',
    OTHER_CONTRACT: 'Their seat is of another contract than the one it was written under.',
    PRIVATE: 'It is for its owner alone.',
  },
);

/** What was written. */
@ObjectType({ description: 'What was written.' })
export class NetworkText {
  @Field(() => String, { nullable: true, description: 'The subject of an InMail, where it has one.' })
  subject?: string | undefined;

  @Field(() => String, { description: 'The text.' })
  text!: string;
}

/** What stands there instead of it. */
@ObjectType({
  description:
    'What stands in place of a text that the caller does not read: that it exists, who wrote it, and whom to ask.',
})
export class NetworkTextRefused {
  @Field(() => NetworkRefusalCode, { description: 'Why.' })
  code!: ItemRefusal['code'];

  @Field(() => String, { description: 'Why, and what to do, for people.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'Who wrote it; null where the network did not tell.' })
  authorName!: string | null;

  @Field(() => Date, { description: 'When it was written.' })
  writtenAt!: Date;

  @Field(() => String, { nullable: true, description: "Who can read it; null where nobody's name is known." })
  askWhom!: string | null;
}

/** A text, or why it is not shown. */
const NetworkContent = createResultUnion({
  name: 'NetworkContent',
  description:
    'What was written, for users with an active seat of the contract; for everybody else why they do not read it.',
  types: () => [NetworkText, NetworkTextRefused] as const,
  typeOf: (content: object) => ('text' in content ? 'NetworkText' : 'NetworkTextRefused'),
});

/** What notes and InMails have in common. */
@ObjectType()
abstract class WrittenAtNetwork {
  @Field(() => ID, { description: 'A UUID.' })
  id!: string;

  @Field(() => Date, { description: 'When it was written.' })
  createdAt!: Date;

  @Field(() => String, { nullable: true, description: 'Who wrote it; null where the network did not tell.' })
  authorName!: string | null;

  @Field(() => Boolean, { description: 'Whether all seats of its contract read it. `false`: its owner alone does.' })
  isPublic!: boolean;

  @Field(() => NetworkContent, { description: 'What it says, or why the caller does not read it.' })
  content!: NetworkText | NetworkTextRefused;
}

/** A note of a recruiter. */
@ObjectType({
  description: 'A note that a recruiter wrote at the network. That it exists, when and by whom is for everybody.',
})
export class NetworkNote extends WrittenAtNetwork {
  @Field(() => Date, { description: 'When it was last changed.' })
  updatedAt!: Date;
}

/** A message. */
@ObjectType({
  description: 'A message between a recruiter and the candidate. That it exists, when and by whom is for everybody.',
})
export class NetworkInMail extends WrittenAtNetwork {
  @Field(() => ID, { nullable: true, description: 'The conversation that it belongs to.' })
  conversationId!: string | null;

  @Field(() => Boolean, { description: 'Whether the candidate wrote it, and not a recruiter.' })
  byCandidate!: boolean;
}

/** How much there is. */
@ObjectType({ description: 'How much was written about a candidate at the network, for lists.' })
export class NetworkCounts {
  @Field(() => Int, { description: 'Notes.' })
  notes!: number;

  @Field(() => Int, { description: 'InMails.' })
  inMails!: number;
}

/** A candidate as the network knows them. */
@ObjectType({
  description:
    'A candidate as the professional network knows them. The page itself is the `widget`, live from the network: nothing of it is copied.',
})
export class NetworkProfile {
  @Field(() => NetworkLink, { nullable: true, description: 'Who they are there; null while nobody knows.' })
  link!: NetworkLink | null;

  @Field(() => NetworkCounts, { description: 'How many notes and InMails there are. Costs next to nothing in a list.' })
  counts!: NetworkCounts;

  /** For `connection`, which is resolved apart: that of the network. */
  connectionId!: string;
  /** For what is resolved apart. */
  candidate!: MirroredPerson;
  /** For messages of theirs. */
  candidateName!: string;
}

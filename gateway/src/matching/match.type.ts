import type {
  MatchBasis as HubBasis,
  MatchField as HubField,
  MatchRecord as HubMatch,
  ReviewReason as HubReason,
  UnmatchedReason as HubUnmatched,
  MatchLevel,
} from '@talentbridge/hub';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';

/** Whether a candidate is a profile. */
const MatchDecision = describedEnum<HubMatch['decision']>('MatchDecision', 'Whether a candidate is a profile.', {
  MATCHED: 'They are one person. `decidedBy` says who found that: the engine, beyond doubt, or somebody.',
  REVIEW: 'They may be one person. Somebody has to look; until then the candidate counts as not matched.',
});

/** What a match rests on. */
const MatchBasis = describedEnum<HubBasis>('MatchBasis', 'What a match rests on, strongest first.', {
  LINKEDIN: 'The same LinkedIn page.',
  GITHUB: 'The same GitHub page.',
  EMAIL: 'The same email address.',
  PHONE: 'The same phone number.',
  EVIDENCE: 'Name, employers, titles, schools and dates together.',
});

/** Why somebody is asked. */
const ReviewReason = describedEnum<HubReason>('ReviewReason', 'Why somebody should look at a match.', {
  UNSURE: 'There is not enough that agrees.',
  TWO_PROFILES: 'Another profile is as likely.',
  OTHER_PAGE: 'Both have a LinkedIn page, and not the same.',
  OTHER_NAME: 'Page, address or number agree and the name does not: a family, an assistant, a mistake.',
  NAME_ALONE: 'Nothing but the name, and where people live, agrees.',
  CLAIMED_TWICE: 'Another candidate of the connection claims the profile as well: the ATS may have the person twice.',
});

/** What kept a candidate from being found. */
export const UnmatchedReason = describedEnum<HubUnmatched>(
  'UnmatchedReason',
  'What kept a candidate from being found, where nobody is like enough.',
  {
    SHARED_CONTACT:
      'A page, email address or phone number of theirs is that of many profiles, as an agency has it: it says nothing.',
  },
);

/** Who decided. */
const MatchDecidedBy = describedEnum<HubMatch['decidedBy']>('MatchDecidedBy', 'Who decided about a match.', {
  ENGINE: 'Nobody: it follows from the evidence.',
  PERSON: 'Somebody confirmed or chose the profile; it holds whatever is found later.',
});

/** What is compared. */
const MatchField = describedEnum<HubField>('MatchField', 'What is compared of a candidate and a profile.', {
  linkedIn: 'LinkedIn pages.',
  gitHub: 'GitHub pages.',
  email: 'Email addresses.',
  phone: 'Phone numbers.',
  firstName: 'First names.',
  lastName: 'Last names.',
  employers: 'Employers.',
  titles: 'Job titles at employers that both have.',
  dates: 'When they began there.',
  schools: 'Schools.',
  studies: 'Degrees, majors and years at schools that both have.',
  career: 'When their careers began.',
  place: 'Where they live.',
});

/** One thing that was compared. */
@ObjectType({ description: 'One thing that candidate and profile both have, and what comparing it says.' })
export class MatchEvidence {
  @Field(() => MatchField, { description: 'What is compared.' })
  field!: HubField;

  @Field(() => String, { description: 'How alike they are, in upper case: `EXACT`, `NICKNAME`, `DIFFERENT`.' })
  level!: MatchLevel;

  @Field(() => String, { description: 'For people: "One employer in common".' })
  text!: string;

  @Field(() => Boolean, { description: 'Whether both have the same, or nearly. `false`: it is a conflict.' })
  agrees!: boolean;

  @Field(() => Float, {
    description:
      'How much it says, in bits: each doubles the odds that both are one person, or halves them below zero.',
  })
  weight!: number;
}

/** A profile with what speaks for and against it. */
@ObjectType({ description: 'A profile that a candidate may be, with what speaks for and against it.' })
export class PossibleMatch {
  @Field(() => Float, {
    description: 'The weights of the evidence, less the odds against finding somebody among so many profiles.',
  })
  score!: number;

  @Field(() => [MatchEvidence], { description: 'Everything that both sides have.' })
  evidence!: readonly MatchEvidence[];

  /** For `profile`, which is resolved apart. */
  profileId!: string;
}

/** Who a candidate is. */
@ObjectType({ description: 'The profile that a candidate of a mirror is, or may be, and why.' })
export class CandidateMatch extends PossibleMatch {
  @Field(() => MatchDecision, { description: 'Whether they are one person.' })
  decision!: HubMatch['decision'];

  @Field(() => MatchBasis, { description: 'What it rests on.' })
  basis!: HubBasis;

  @Field(() => ReviewReason, {
    nullable: true,
    description:
      'Why somebody should look: always with `REVIEW`. With `MATCHED` it is null or `CLAIMED_TWICE`: several candidates of the connection keep the profile, by people’s word or by the same page or mailbox.',
  })
  reason?: HubReason | null;

  @Field(() => MatchDecidedBy, { description: 'Who decided.' })
  decidedBy!: HubMatch['decidedBy'];

  @Field(() => Date, { description: 'Since when it is so.' })
  decidedAt!: Date;

  @Field(() => [PossibleMatch], { description: 'Up to two more profiles worth a look, most likely first.' })
  others!: readonly PossibleMatch[];

  /** For `candidate`, which is resolved apart. */
  candidateId!: string;
}

/** Pages of matches. */
export const { Connection: CandidateMatchConnection } = connectionTypes(
  'CandidateMatch',
  () => CandidateMatch,
  'matches that wait for somebody',
);

/** How the candidates of a connection are matched. */
@ObjectType({ description: 'How many candidates of a connection are matched with profiles.' })
export class MatchCounts {
  @Field(() => Int, { description: 'Matched by the engine.' })
  automatic!: number;

  @Field(() => Int, { description: "Matched by somebody's word." })
  confirmed!: number;

  @Field(() => Int, { description: 'Waiting for somebody to look.' })
  toReview!: number;

  @Field(() => Int, { description: 'Nobody is like them, or they have not been looked at yet.' })
  unmatched!: number;
}

/** All candidates are being matched anew. */
@ObjectType({ description: 'All candidates of the organization are being matched anew.' })
export class MatchingPass {
  @Field(() => Int, { description: 'Candidates so far.' })
  done!: number;

  @Field(() => Int, { description: 'Candidates in all.' })
  total!: number;

  @Field(() => Date, { description: 'When it began.' })
  beganAt!: Date;
}

/** How far the matching of an organization is. */
@ObjectType({
  description:
    'How far the matching of the organization is. Candidates that change are matched within seconds; all of them are once profiles change.',
})
export class MatchingState {
  @Field(() => MatchingPass, { nullable: true, description: 'Null: all candidates are not being matched anew now.' })
  pass?: MatchingPass | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Since when it waits that all candidates are matched anew. Null: it does not.',
  })
  wantedAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When all candidates were last matched anew.' })
  passEndedAt?: Date | null;
}

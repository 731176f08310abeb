import type { CheckStatus as HubCheckStatus } from '@talentbridge/hub';
import { Field, ID, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** What became of one check. */
const CheckStatus = describedEnum<HubCheckStatus>('CheckStatus', 'What became of one check.', {
  PASSED: 'It is proven.',
  WARNED: 'It works, but not everything will arrive; `reason` says what.',
  FAILED: 'It does not work; `reason` says why and `remedy` what to do.',
  UNKNOWN: 'It could not be proven; `reason` says why.',
  SKIPPED: 'It was not tried; `reason` says why.',
});

/** One line of a report. */
@ObjectType({ description: 'One line of a verification report.' })
export class VerificationCheck {
  @Field(() => String, { description: 'Stable: `connectivity`, `permission:jobs.read`, `export:source`.' })
  id!: string;

  @Field(() => String, { description: 'What is checked, as a phrase.' })
  label!: string;

  @Field(() => CheckStatus, { description: 'What became of it.' })
  status!: HubCheckStatus;

  @Field(() => String, { nullable: true, description: "The ATS's reason, or why it was skipped or is unknown." })
  reason?: string | undefined;

  @Field(() => String, { nullable: true, description: 'What an admin does about it.' })
  remedy?: string | undefined;
}

/** The test candidate of a verification. */
@ObjectType('TestCandidate', {
  description: 'The candidate that a verification left in the ATS, for the admin to look at.',
})
export class TestCandidateType {
  @Field(() => ID, { description: 'Its id in the ATS.' })
  id!: string;

  @Field(() => String, { description: 'Its name in the ATS.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Where it can be looked at. Absent when the ATS has no link.' })
  url?: string | undefined;

  @Field(() => Boolean, {
    description: 'Whether it is the one of an earlier verification; otherwise another one was made.',
  })
  reused!: boolean;
}

/** All that a verification found. */
@ObjectType('VerificationReport', {
  description: 'All that a verification found: every check, not the first failure alone.',
})
export class VerificationReportType {
  @Field(() => Date, { description: 'When it was verified.' })
  verifiedAt!: Date;

  @Field(() => Boolean, {
    description: '"All Good": nothing failed. What could not be proven stands among the checks as UNKNOWN.',
  })
  allGood!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether every part that finishing needs was tried; false while it is not decided where the test candidate goes.',
  })
  complete!: boolean;

  @Field(() => [VerificationCheck], { description: 'Every check, in the order in which they were made.' })
  checks!: readonly VerificationCheck[];

  @Field(() => TestCandidateType, { nullable: true, description: 'The test candidate. Absent when none was sent.' })
  testCandidate?: TestCandidateType | undefined;
}

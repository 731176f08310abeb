import type {
  ApplicationStatus as HubApplicationStatus,
  MirroredAttachment as HubAttachment,
} from '@talentbridge/contracts';
import { Field, Float, ID, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';
import { Address, CandidateEducation, CandidateWorkExperience, Phone, SocialUrl } from '../profiles/person.type.js';
import { Recruiter } from './mirrored-job.type.js';

/** Where an application stands. */
const ApplicationStatus = describedEnum<HubApplicationStatus>(
  'ApplicationStatus',
  "Where an application stands, in words that all systems share; `statusLabel` has the ATS's own.",
  {
    active: 'It is under consideration.',
    hired: 'The candidate was hired.',
    rejected: 'It was rejected.',
    withdrawn: 'The candidate withdrew it.',
    other: 'Anything else, or unknown.',
  },
);

/** What a file is. */
const AttachmentKind = describedEnum<HubAttachment['kind']>('AttachmentKind', 'What a file of a candidate is.', {
  resume: 'A résumé.',
  coverLetter: 'A cover letter.',
  other: 'Something else, or unknown.',
});

/** A candidate on a job. */
@ObjectType({ description: 'A candidate on a job, as the mirror has it.' })
export class MirroredApplication {
  @Field(() => ID, { description: 'The id of the application in the mirror.' })
  id!: string;

  @Field(() => ID, { description: "The ATS's identifier, or one that was made where it has none." })
  remoteId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The job in the mirror; null while it has not arrived, or where the ATS does not show it.',
  })
  jobId?: string | null;

  @Field(() => ID, { description: "The ATS's identifier of the job." })
  jobRemoteId!: string;

  @Field(() => String, {
    nullable: true,
    description: "The job's present title, else the one that the application has.",
  })
  jobTitle?: string | null;

  @Field(() => ApplicationStatus, { description: 'Where it stands.' })
  status!: HubApplicationStatus;

  @Field(() => String, { nullable: true, description: "The ATS's own word for the status." })
  statusLabel?: string | null;

  @Field(() => String, { nullable: true, description: "The ATS's word for the part of the status that it is in." })
  subStatus?: string | null;

  @Field(() => String, { nullable: true, description: 'The stage of the hiring process that it is in.' })
  stage?: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was rejected.' })
  rejectionReason?: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was withdrawn.' })
  withdrawalReason?: string | null;

  @Field(() => String, { nullable: true, description: 'Where the ATS says that it came from.' })
  source?: string | null;

  @Field(() => Recruiter, { nullable: true, description: 'Who works on it.' })
  recruiter?: Recruiter | undefined;

  @Field(() => Date, { nullable: true, description: 'When the candidate applied, by the clock of the ATS.' })
  appliedAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it last changed, by the clock of the ATS.' })
  remoteUpdatedAt?: Date | null;
}

/** A file of a candidate. */
@ObjectType({ description: 'A file of a candidate: what the ATS says of it, and a way to its content.' })
export class MirroredAttachment {
  @Field(() => ID, { description: 'The id of the file in the mirror.' })
  id!: string;

  @Field(() => ID, { description: "The ATS's identifier." })
  remoteId!: string;

  @Field(() => String, { description: 'The name of the file.' })
  filename!: string;

  @Field(() => AttachmentKind, { description: 'What it is.' })
  kind!: HubAttachment['kind'];

  @Field(() => String, { nullable: true, description: 'The media type, where the ATS says: `application/pdf`.' })
  contentType?: string | null;

  @Field(() => Float, { nullable: true, description: 'How large it is, in bytes, where the ATS says.' })
  size?: number | null;

  @Field(() => Date, { nullable: true, description: 'When it last changed, by the clock of the ATS.' })
  remoteUpdatedAt?: Date | null;
}

/** A candidate of the mirror. */
@ObjectType({ description: 'A candidate as the ATS holds them, as far as the mirror has read.' })
export class MirroredCandidate {
  @Field(() => ID, { description: 'The id of the candidate in the mirror.' })
  id!: string;

  @Field(() => ID, { description: "The ATS's identifier." })
  remoteId!: string;

  @Field(() => String, { nullable: true, description: 'The first name.' })
  firstName?: string | undefined;

  @Field(() => String, { nullable: true, description: 'The last name.' })
  lastName?: string | undefined;

  @Field(() => [String], { description: 'Email addresses, in the order of the ATS.' })
  emails!: readonly string[];

  @Field(() => [Phone], { description: 'Phone numbers, in the order of the ATS.' })
  phones!: readonly Phone[];

  @Field(() => Address, { nullable: true, description: 'The address.' })
  address?: Address | undefined;

  @Field(() => [SocialUrl], { description: 'Pages about the person.' })
  socialUrls!: readonly SocialUrl[];

  @Field(() => [CandidateWorkExperience], { description: 'Employers and titles.' })
  workExperience!: readonly CandidateWorkExperience[];

  @Field(() => [CandidateEducation], { description: 'Schools and degrees.' })
  education!: readonly CandidateEducation[];

  @Field(() => [String], { description: 'Tags in the ATS.' })
  tags!: readonly string[];

  @Field(() => String, { nullable: true, description: 'Where the ATS says that the candidate came from.' })
  source?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'For "View in <ATS>": where to look at the candidate there; absent where the ATS has no link.',
  })
  remoteUrl?: string | undefined;

  @Field(() => Date, { nullable: true, description: 'When the candidate was created, by the clock of the ATS.' })
  remoteCreatedAt?: Date | undefined;

  @Field(() => Date, {
    nullable: true,
    description: 'When the candidate was last updated, by the clock of the ATS; null where it does not tell.',
  })
  remoteUpdatedAt?: Date | null | undefined;

  @Field(() => Date, { description: 'When the mirror last wrote the candidate, by our clock.' })
  updatedAt!: Date;

  /** For `connection`, which is resolved apart. */
  connectionId!: string;
}

/** Pages of candidates of the mirror. */
export const { Connection: MirroredCandidateConnection } = connectionTypes(
  'MirroredCandidate',
  () => MirroredCandidate,
  'candidates of a mirror',
);

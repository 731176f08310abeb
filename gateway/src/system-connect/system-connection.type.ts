import type { MissingEmailRule as HubRule, JobViewers as HubViewers } from '@talentbridge/hub';
import { Field, ID, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** What becomes of people without an email. */
export const MissingEmailRule = describedEnum<HubRule>(
  'MissingEmailRule',
  'What becomes of people from the network without an email address, where the ATS demands one.',
  {
    DUMMY: 'They get a placeholder address.',
    REFUSE: 'They are not added, and `arrivals` says so.',
  },
);

/** Who sees jobs at the network. */
export const JobViewers = describedEnum<HubViewers>('JobViewers', 'Who sees the jobs of the ATS at the network.', {
  EVERYBODY: 'Everybody who works there for this customer.',
  RECRUITERS:
    'Those with a seat whose name is that of the recruiter of the job, or of one of its applications. Where nobody is called so, everybody with a seat.',
});

/** A network, and the ATS that it is joined with. */
@ObjectType({
  description:
    'A professional network, joined with the ATS whose candidates go there; or on its way there, while it is in no pair.',
})
export class SystemConnection {
  @Field(() => ID, { description: "The id of the network's connection." })
  id!: string;

  @Field(() => MissingEmailRule, {
    nullable: true,
    description: 'What becomes of people without an email address; null while it is in no pair.',
  })
  missingEmail!: HubRule | null;

  @Field(() => JobViewers, {
    nullable: true,
    description: 'Who sees the jobs of the ATS at the network; null while it is in no pair.',
  })
  jobViewers!: HubViewers | null;

  @Field(() => Date, { nullable: true, description: 'When it was paired; null while it is not.' })
  pairedAt!: Date | null;

  /** For `ats`, which is resolved apart. */
  atsConnectionId!: string | null;
}

/** Somebody who left the network. */
@ObjectType({
  description:
    'Somebody who left the network, of those with whom a candidate is linked. Nothing is deleted by itself: an admin decides.',
})
export class ClosedMember {
  @Field(() => ID, { description: "The network's identifier of the member." })
  member!: string;

  @Field(() => Date, { description: 'When they left.' })
  closedAt!: Date;

  @Field(() => [ID], { description: "The ATS's identifiers of the candidates." })
  candidateRemoteIds!: readonly string[];

  /** For `candidates`, which is resolved apart. */
  candidateIds!: readonly string[];
}

import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Role } from '../auth/caller.js';

registerEnumType(Role, {
  name: 'Role',
  description: 'What a user may do.',
  valuesConfig: {
    OPERATOR: { description: 'Runs the deployment: decides what an organization has bought.' },
    ADMIN: { description: 'Connects systems, switches capabilities, settles what is unclear, reads the audit log.' },
    RECRUITER: { description: 'Exports and searches candidates.' },
    VIEWER: { description: 'Reads candidates and profiles, and changes nothing.' },
  },
});

/** Who is asking. */
@ObjectType({ description: 'Who is asking, as the token says.' })
export class Viewer {
  @Field(() => ID, { description: 'The subject of the token: the user as the host platform knows them.' })
  userId!: string;

  @Field(() => ID, { description: 'The organization that everything in this API is about.' })
  organizationId!: string;

  @Field(() => [Role], { description: 'The roles that count here; others in the token are ignored.' })
  roles!: readonly `${Role}`[];
}

import { FieldResolver, Resolver, Root } from 'type-graphql';
import { JobConnection, type JobPage, JobSource } from './job.type.js';

/** Says of a page of jobs where it comes from. */
@Resolver(() => JobConnection)
export class JobSourceResolver {
  @FieldResolver(() => JobSource, { description: 'Where the list comes from.' })
  source(@Root() { source }: JobPage): JobPage['source'] {
    return source;
  }
}

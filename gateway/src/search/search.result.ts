import { Field, ObjectType } from 'type-graphql';
import { typeOfUserError, UserError, userErrorTypes } from '../errors/user-error.type.js';
import { createResultUnion } from '../graphql/result-union.js';
import { CandidatesFound, ProfilesFound, QueryProblem } from './search-found.type.js';

/** A query that cannot be searched. */
@ObjectType({
  implements: UserError,
  description: 'The query cannot be searched. Nothing was: what it may have meant is only offered.',
})
export class InvalidQuery extends UserError {
  override readonly code: string = 'INVALID_QUERY';

  @Field(() => [QueryProblem], { description: 'Every problem, in the order of the query.' })
  problems!: readonly QueryProblem[];

  @Field(() => String, {
    nullable: true,
    description: 'What was most likely meant, as a query to be offered; null where nothing is clear.',
  })
  suggestion?: string | null;
}

/** What `rediscoverySearch` answers. */
export const RediscoverySearchResult = createResultUnion({
  name: 'RediscoverySearchResult',
  description: 'What became of `rediscoverySearch`.',
  types: () => [CandidatesFound, InvalidQuery, ...userErrorTypes] as const,
  typeOf: (value: object) => typeOfUserError(value) ?? ('candidates' in value ? 'CandidatesFound' : 'InvalidQuery'),
});

/** What `profileSearch` answers. */
export const ProfileSearchResult = createResultUnion({
  name: 'ProfileSearchResult',
  description: 'What became of `profileSearch`.',
  types: () => [ProfilesFound, InvalidQuery, ...userErrorTypes] as const,
  typeOf: (value: object) => typeOfUserError(value) ?? ('profiles' in value ? 'ProfilesFound' : 'InvalidQuery'),
});

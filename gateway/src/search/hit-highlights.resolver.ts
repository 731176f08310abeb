import { FieldResolver, Resolver, Root } from 'type-graphql';
import { CandidateHitEdge, type HitEdge, ProfileHitEdge, SearchHighlight } from './search-found.type.js';

const description = 'Where words of the query stand in the record. Looked up only when it is asked for.';

/** The texts in which a candidate was found. */
@Resolver(() => CandidateHitEdge)
export class CandidateHitResolver {
  @FieldResolver(() => [SearchHighlight], { description })
  highlights(@Root() { highlights }: HitEdge<object>): Promise<readonly SearchHighlight[]> {
    return highlights();
  }
}

/** The texts in which a profile was found. */
@Resolver(() => ProfileHitEdge)
export class ProfileHitResolver {
  @FieldResolver(() => [SearchHighlight], { description })
  highlights(@Root() { highlights }: HitEdge<object>): Promise<readonly SearchHighlight[]> {
    return highlights();
  }
}

import { Field, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import { MatchingState } from './match.type.js';

/** Somebody decided who a candidate is. */
@ObjectType({ description: 'It is stored who the candidate is, or is not.' })
class MatchDecided {
  @Field(() => MirroredCandidate, { description: 'The candidate, with the match as it is now.' })
  candidate!: MirroredCandidate;
}

/** All candidates are matched anew. */
@ObjectType({ description: 'All candidates are matched anew, soon. Follow it with `matchingProgress`.' })
class RematchStarted {
  @Field(() => MatchingState, { description: 'How far it is.' })
  matching!: MatchingState;
}

/** What `confirmMatch` answers. */
export const ConfirmMatchResult = resultUnion(
  'ConfirmMatchResult',
  () => MatchDecided,
  'MatchDecided',
  'What became of `confirmMatch`.',
);

/** What `undoMatch` answers. */
export const UndoMatchResult = resultUnion(
  'UndoMatchResult',
  () => MatchDecided,
  'MatchDecided',
  'What became of `undoMatch`.',
);

/** What `rematch` answers. */
export const RematchResult = resultUnion(
  'RematchResult',
  () => RematchStarted,
  'RematchStarted',
  'What became of `rematch`.',
);

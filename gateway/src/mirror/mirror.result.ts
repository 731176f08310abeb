import { Field, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { ErasureCertificate } from './erasure.type.js';
import { SyncRun } from './sync-run.type.js';

/** The run was queued. */
@ObjectType({ description: 'The run is stored, and goes on by itself. Follow it with `syncProgress` or `syncRun`.' })
class SyncStarted {
  @Field(() => SyncRun, { description: 'The run.' })
  syncRun!: SyncRun;
}

/** The run was cancelled. */
@ObjectType({ description: 'The run was cancelled. What it wrote stays, and the schedule goes on.' })
class SyncCancelled {
  @Field(() => SyncRun, { description: 'The run as it is now.' })
  syncRun!: SyncRun;
}

/** An admin decided about deletions. */
@ObjectType({ description: 'It is decided whether the run deletes.' })
class DeletionsDecided {
  @Field(() => SyncRun, { description: 'The run as it is now.' })
  syncRun!: SyncRun;
}

/** The person was removed. */
@ObjectType({ description: 'The person was removed for good.' })
class CandidateErased {
  @Field(() => ErasureCertificate, { description: 'Proof of it, without personal data.' })
  certificate!: ErasureCertificate;
}

/** What `startSync` answers. */
export const StartSyncResult = resultUnion(
  'StartSyncResult',
  () => SyncStarted,
  'SyncStarted',
  'What became of `startSync`.',
);

/** What `cancelSync` answers. */
export const CancelSyncResult = resultUnion(
  'CancelSyncResult',
  () => SyncCancelled,
  'SyncCancelled',
  'What became of `cancelSync`.',
);

/** What `approveDeletions` answers. */
export const ApproveDeletionsResult = resultUnion(
  'ApproveDeletionsResult',
  () => DeletionsDecided,
  'DeletionsDecided',
  'What became of `approveDeletions`.',
);

/** What `eraseCandidate` answers. */
export const EraseCandidateResult = resultUnion(
  'EraseCandidateResult',
  () => CandidateErased,
  'CandidateErased',
  'What became of `eraseCandidate`.',
);

import { type Hub, MATCHING_TOPIC, type MatchRecord, type OrganizationScope } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { recordChanges } from '../graphql/record-changes.js';
import { subscribeWith } from '../graphql/subscribe-with.js';
import { HUB } from '../hub-token.js';
import type { MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import { showMirroredCandidate } from '../mirror/show-mirror.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument, parseId } from '../validation/id-argument.js';
import { ConfirmMatchResult, RematchResult, UndoMatchResult } from './match.result.js';
import { type CandidateMatch, CandidateMatchConnection, MatchingState } from './match.type.js';
import { showMatch } from './show-match.js';

/** Who the candidates of mirrors are, and what people say of it. */
@injectable()
@Resolver()
export class MatchingResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => CandidateMatchConnection, {
    description: 'Candidates who may be a profile and wait for somebody to look, in the order in which they came.',
  })
  async matchesToReview(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('connectionId', () => ID, {
      nullable: true,
      description: 'The connection. Absent: all whose candidates are shown.',
    })
    connectionId: string | null | undefined,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<CandidateMatch>> {
    const of = connectionId == null ? undefined : parseId('connectionId', connectionId);
    return toConnection(await this.hub.matching.toReview(scope, toPageRequest(page), of), page, showMatch);
  }

  @Authorized('mirror:read')
  @Query(() => MatchingState, { description: 'How far the matching of the organization is.' })
  matching(@Ctx() { hub: scope }: GatewayContext): Promise<MatchingState> {
    return this.hub.matching.state(scope);
  }

  @Authorized('match:decide')
  @Mutation(() => ConfirmMatchResult, {
    description:
      'Says that a candidate is a profile: the one that was found, or any other. It holds whatever is found later, also after the connection is removed and made again.',
  })
  confirmMatch(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('candidateId', 'The candidate.') candidateId: string,
    @Arg('profileId', () => ID, { nullable: true, description: 'The profile. Absent: the one that was found.' })
    profileId: string | null | undefined,
  ): Promise<typeof ConfirmMatchResult> {
    const named = profileId == null ? undefined : parseId('profileId', profileId);
    return orUserError(this.judged(scope, candidateId, this.hub.matching.confirm(scope, candidateId, named)));
  }

  @Authorized('match:decide')
  @Mutation(() => UndoMatchResult, {
    description:
      'Says that a candidate is not a profile: it is never offered for them again, unless somebody chooses it. The next best profile is looked for within seconds.',
  })
  undoMatch(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('candidateId', 'The candidate.') candidateId: string,
    @Arg('profileId', () => ID, { nullable: true, description: 'The profile. Absent: the one that was found.' })
    profileId: string | null | undefined,
  ): Promise<typeof UndoMatchResult> {
    const named = profileId == null ? undefined : parseId('profileId', profileId);
    return orUserError(this.judged(scope, candidateId, this.hub.matching.reject(scope, candidateId, named)));
  }

  @Authorized('mirror:sync')
  @Mutation(() => RematchResult, {
    description:
      'Has all candidates of the organization matched anew. What people said holds. It happens by itself after profiles change.',
  })
  rematch(@Ctx() { hub: scope }: GatewayContext): Promise<typeof RematchResult> {
    return orUserError(this.hub.matching.rematch(scope).then((matching) => ({ matching })));
  }

  @Authorized('mirror:read')
  @Subscription(() => MatchingState, {
    description:
      'How far the matching is, at once and at each change, at most some ten times a second; ends once all candidates are matched.',
    subscribe: subscribeWith(
      () => MatchingResolver,
      (resolver, { hub: scope }) => resolver.progress(scope),
    ),
  })
  matchingProgress(@Root() state: MatchingState): MatchingState {
    return state;
  }

  /** Where `matchingProgress` gets its events from. */
  private progress(scope: OrganizationScope): Promise<AsyncIterable<MatchingState>> {
    return recordChanges<MatchingState>(
      this.hub,
      scope,
      {
        topic: MATCHING_TOPIC,
        recordType: 'organization',
        read: (own) => this.hub.matching.state(own),
        hasEnded: ({ pass, wantedAt }) => pass == null && wantedAt == null,
      },
      scope.organizationId,
    );
  }

  private async judged(
    scope: OrganizationScope,
    candidateId: string,
    judging: Promise<MatchRecord | undefined>,
  ): Promise<{ readonly candidate: MirroredCandidate }> {
    await judging;
    const record = await this.hub.mirror.candidate(scope, candidateId);
    if (!record) throw new Error('A candidate who was decided about a moment ago is not there.');
    return { candidate: showMirroredCandidate(record) };
  }
}

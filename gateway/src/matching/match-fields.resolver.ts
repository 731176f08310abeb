import type { Hub, UnmatchedReason as HubUnmatched } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { batched } from '../graphql/batched.js';
import { HUB } from '../hub-token.js';
import { MirrorState } from '../mirror/mirror-state.type.js';
import { MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import { showMirroredCandidate } from '../mirror/show-mirror.js';
import { Profile } from '../profiles/profile.type.js';
import { showProfile } from '../profiles/show-profile.js';
import { CandidateMatch, MatchCounts, PossibleMatch, UnmatchedReason } from './match.type.js';
import { showMatch } from './show-match.js';

/** What matching adds to a candidate of a mirror. */
@injectable()
@Resolver(() => MirroredCandidate)
export class MatchedCandidateResolver {
  private readonly matchOf = batched((scope, ids: readonly string[]) => this.hub.matching.of(scope, ids));
  private readonly unmatchedOf = batched((scope, ids: readonly string[]) => this.hub.matching.unmatched(scope, ids));
  private readonly profileOf = batched((scope, ids: readonly string[]) => this.hub.profiles.many(scope, ids));

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @FieldResolver(() => CandidateMatch, {
    nullable: true,
    description: 'The profile that the candidate is, or may be, and why; null where nobody is like them.',
  })
  async match(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: MirroredCandidate,
  ): Promise<CandidateMatch | undefined> {
    const match = await this.matchOf(scope, id);
    return match && showMatch(match);
  }

  @FieldResolver(() => UnmatchedReason, {
    nullable: true,
    description: 'What kept the candidate from being found, where `match` is null and it is known.',
  })
  unmatchedBecause(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: MirroredCandidate,
  ): Promise<HubUnmatched | undefined> {
    return this.unmatchedOf(scope, id);
  }

  @FieldResolver(() => Profile, {
    nullable: true,
    description:
      'The profile that the candidate is matched with: its pages, work history and education stand beside what the ATS has. Null where the candidate is not matched, or waits for review: then there is nothing but what the ATS has.',
  })
  async profile(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: MirroredCandidate,
  ): Promise<Profile | undefined> {
    const match = await this.matchOf(scope, id);
    const stored = match?.decision === 'MATCHED' ? await this.profileOf(scope, match.profileId) : undefined;
    return stored && showProfile(stored, this.hub.deployment.dummyEmailDomain);
  }
}

/** Whom matches are between. */
@injectable()
@Resolver(() => PossibleMatch)
export class PossibleMatchResolver {
  private readonly profileOf = batched((scope, ids: readonly string[]) => this.hub.profiles.many(scope, ids));

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @FieldResolver(() => Profile, { nullable: true, description: 'The profile; null when it was deleted since.' })
  async profile(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { profileId }: PossibleMatch,
  ): Promise<Profile | undefined> {
    const stored = await this.profileOf(scope, profileId);
    return stored && showProfile(stored, this.hub.deployment.dummyEmailDomain);
  }
}

/** Whose match it is, for lists of matches. */
@injectable()
@Resolver(() => CandidateMatch)
export class CandidateMatchResolver {
  private readonly candidateOf = batched((scope, ids: readonly string[]) =>
    this.hub.mirror.found(scope, ids, 'match.list'),
  );

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @FieldResolver(() => MirroredCandidate, {
    nullable: true,
    description: 'The candidate; null when the ATS deleted them a moment ago.',
  })
  async candidate(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { candidateId }: CandidateMatch,
  ): Promise<MirroredCandidate | undefined> {
    const record = await this.candidateOf(scope, candidateId);
    return record && showMirroredCandidate(record);
  }
}

/** How the candidates of a mirror are matched. */
@injectable()
@Resolver(() => MirrorState)
export class MatchCountsResolver {
  private readonly countsOf = batched((scope, ids: readonly string[]) => this.hub.matching.counts(scope, ids));

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @FieldResolver(() => MatchCounts, { description: 'How many of its candidates are matched with profiles.' })
  async matches(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { connectionId, candidates }: MirrorState,
  ): Promise<MatchCounts> {
    const counts = (await this.countsOf(scope, connectionId)) ?? { automatic: 0, confirmed: 0, toReview: 0 };
    const { automatic, confirmed, toReview } = counts;
    return { ...counts, unmatched: Math.max(0, candidates - automatic - confirmed - toReview) };
  }
}

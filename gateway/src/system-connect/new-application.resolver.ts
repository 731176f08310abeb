import type { Hub, NewApplication as HubNewApplication } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Authorized, Ctx, FieldResolver, Query, Resolver, Root, Subscription } from 'type-graphql';
import { ConnectionType } from '../connections/connection.type.js';
import { connectionFinder } from '../connections/connection-finder.js';
import type { GatewayContext } from '../context.js';
import { batched } from '../graphql/batched.js';
import { subscribeWith } from '../graphql/subscribe-with.js';
import { HUB } from '../hub-token.js';
import { MirroredApplication, MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import { showMirroredApplication } from '../mirror/show-mirror.js';
import { candidateFinder } from './candidate-finder.js';
import { NewApplication } from './new-application.type.js';
import { newApplicationEvents } from './new-application-events.js';

/** Tells recruiters of applications that come in, with what the network knows of the candidate already there. */
@injectable()
@Resolver(() => NewApplication)
export class NewApplicationResolver {
  private readonly connectionOf = connectionFinder(() => this.hub);
  private readonly candidateOf = candidateFinder(() => this.hub);
  private readonly applicationsOf = batched((scope, ids: readonly string[]) =>
    this.hub.mirror.applicationsOf(scope, ids),
  );

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => [NewApplication], {
    description:
      'Applications that came in, of ATSs that are paired with a network: of the last seven days at most, oldest first, 500 at once.',
  })
  recentApplications(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('since', () => Date, { nullable: true, description: 'Those that were told of after this time. Absent: all.' })
    since: Date | null | undefined,
  ): Promise<readonly NewApplication[]> {
    return this.hub.systemConnect.newApplications(scope, since ?? undefined);
  }

  @Authorized('candidate:read')
  @Subscription(() => NewApplication, {
    description:
      'Each application that comes in, of ATSs that are paired with a network, once its candidate was looked for there. Ends when the client goes.',
    subscribe: subscribeWith(
      () => NewApplicationResolver,
      ({ hub }, context, { since }) =>
        newApplicationEvents(hub, context.hub, since instanceof Date ? since : undefined),
    ),
  })
  newApplications(
    @Root() application: HubNewApplication,
    @Arg('since', () => Date, {
      nullable: true,
      description: 'For who was away: those that were told of after this time come first. Absent: only new ones.',
    })
    _since: Date | null | undefined,
  ): NewApplication {
    return application;
  }

  @Authorized('connection:read')
  @FieldResolver(() => ConnectionType, { description: 'The connection of the ATS.' })
  connection(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { atsConnectionId }: NewApplication,
  ): Promise<ConnectionType> {
    return this.connectionOf(scope, atsConnectionId);
  }

  @FieldResolver(() => MirroredCandidate, {
    nullable: true,
    description: 'The candidate, with what is known of them at the network; null when the mirror lost them since.',
  })
  candidate(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { candidateId }: NewApplication,
  ): Promise<MirroredCandidate | undefined> {
    return this.candidateOf(scope, candidateId);
  }

  @FieldResolver(() => MirroredApplication, {
    nullable: true,
    description: 'The application as the mirror has it; null when the mirror lost it since.',
  })
  async application(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { candidateId, applicationId }: NewApplication,
  ): Promise<MirroredApplication | undefined> {
    const applications = candidateId === null ? undefined : await this.applicationsOf(scope, candidateId);
    const found = applications?.find(({ id }) => id === applicationId);
    return found && showMirroredApplication(found);
  }
}

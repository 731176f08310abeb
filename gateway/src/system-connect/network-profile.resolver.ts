import { type Hub, type MirroredPerson, NotFoundError, type OrganizationScope } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { ConnectionType } from '../connections/connection.type.js';
import { connectionFinder } from '../connections/connection-finder.js';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { batched } from '../graphql/batched.js';
import { HUB } from '../hub-token.js';
import { MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import { showMirroredCandidate } from '../mirror/show-mirror.js';
import { IdArgument } from '../validation/id-argument.js';
import { NetworkInMail, NetworkNote, NetworkProfile } from './network-profile.type.js';
import { NetworkWidget } from './network-widget.type.js';
import { showInMail, showNote, showWidget } from './show-network.js';
import { LinkProfileInput } from './system-connect.input.js';
import { LinkProfileResult, UnlinkProfileResult } from './system-connect.result.js';

/** What is asked of candidates together, by the mirror's id. */
function ofCandidates<Value>(
  load: (scope: OrganizationScope, candidates: readonly MirroredPerson[]) => Promise<ReadonlyMap<string, Value>>,
): (scope: OrganizationScope, candidate: MirroredPerson) => Promise<Value | undefined> {
  const people = new WeakMap<OrganizationScope, Map<string, MirroredPerson>>();
  const find = batched((scope, ids: readonly string[]) => {
    const known = people.get(scope);
    return load(
      scope,
      ids.flatMap((id) => known?.get(id) ?? []),
    );
  });
  return (scope, candidate) => {
    const known = people.get(scope) ?? new Map<string, MirroredPerson>();
    people.set(scope, known);
    known.set(candidate.id, candidate);
    return find(scope, candidate.id);
  };
}

/** What the network adds to a candidate of a mirror, and what people say of it. */
@injectable()
@Resolver(() => MirroredCandidate)
export class NetworkCandidateResolver {
  private readonly profileOf = ofCandidates((scope, candidates) =>
    this.hub.systemConnect.networkProfiles(scope, candidates),
  );

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @FieldResolver(() => NetworkProfile, {
    nullable: true,
    description: 'The candidate as the professional network knows them; null where the ATS is paired with none.',
  })
  async networkProfile(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id, connectionId, remoteId, firstName = '', lastName = '' }: MirroredCandidate,
  ): Promise<NetworkProfile | undefined> {
    const candidate = { id, connectionId, remoteId };
    const candidateName = `${firstName} ${lastName}`.trim();
    const profile = await this.profileOf(scope, candidate);
    if (!profile) return undefined;
    const { link, notes, messages } = profile;
    return { candidate, candidateName, link, counts: { notes, inMails: messages }, connectionId: profile.connectionId };
  }

  @Authorized('network:link')
  @Mutation(() => LinkProfileResult, {
    description: 'Says who a candidate is at the network. It holds whatever the network finds, until it is taken back.',
  })
  linkProfile(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => LinkProfileInput, { description: 'The candidate, and who they are.' })
    { candidateId, member }: LinkProfileInput,
  ): Promise<typeof LinkProfileResult> {
    return orUserError(
      this.changed(scope, candidateId, (connectionId) =>
        this.hub.systemConnect.linkProfile(scope, { connectionId, candidateId, member }),
      ),
    );
  }

  @Authorized('network:link')
  @Mutation(() => UnlinkProfileResult, {
    description: 'Says that a candidate is not who they are linked with: that member is not taken for them again.',
  })
  unlinkProfile(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('candidateId', 'The candidate in the mirror.') candidateId: string,
  ): Promise<typeof UnlinkProfileResult> {
    return orUserError(
      this.changed(scope, candidateId, (connectionId) =>
        this.hub.systemConnect.unlinkProfile(scope, { connectionId, candidateId }),
      ),
    );
  }

  /** Has the link of a candidate changed at the network that their ATS is paired with. */
  private async changed(
    scope: OrganizationScope,
    candidateId: string,
    change: (connectionId: string) => Promise<unknown>,
  ): Promise<{ readonly candidate: MirroredCandidate }> {
    const record = await this.hub.mirror.candidate(scope, candidateId);
    if (!record) throw new NotFoundError('candidate', candidateId);
    const profile = await this.profileOf(scope, record);
    if (!profile) throw new NotFoundError('pair', record.connectionId);
    await change(profile.connectionId);
    return { candidate: showMirroredCandidate(record) };
  }
}

/** What is known of a candidate at the network. */
@injectable()
@Resolver(() => NetworkProfile)
export class NetworkProfileResolver {
  private readonly itemsOf = ofCandidates((scope, candidates) =>
    this.hub.systemConnect.networkItems(scope, candidates),
  );
  private readonly widgetOf = ofCandidates((scope, candidates) =>
    this.hub.systemConnect.networkWidgets(scope, candidates),
  );
  private readonly connectionOf = connectionFinder(() => this.hub);

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('connection:read')
  @FieldResolver(() => ConnectionType, { description: 'The connection of the network.' })
  connection(@Ctx() { hub: scope }: GatewayContext, @Root() { connectionId }: NetworkProfile): Promise<ConnectionType> {
    return this.connectionOf(scope, connectionId);
  }

  @FieldResolver(() => [NetworkNote], {
    description: 'Notes of recruiters, oldest first: the last thousand of notes and InMails together.',
  })
  async notes(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { candidate }: NetworkProfile,
  ): Promise<readonly NetworkNote[]> {
    const items = (await this.itemsOf(scope, candidate)) ?? [];
    return items.filter(({ kind }) => kind === 'NOTE').map(showNote);
  }

  @FieldResolver(() => [NetworkInMail], {
    description:
      'Messages between recruiters and the candidate, oldest first: the last thousand of notes and InMails together.',
  })
  async inMails(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { candidate, candidateName }: NetworkProfile,
  ): Promise<readonly NetworkInMail[]> {
    const items = (await this.itemsOf(scope, candidate)) ?? [];
    return items.filter(({ kind }) => kind === 'MESSAGE').map((item) => showInMail(item, candidateName));
  }

  @FieldResolver(() => NetworkWidget, {
    nullable: true,
    description:
      "What a page shows the candidate's page at the network with, for every user; null while that is not switched on there.",
  })
  async widget(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { candidate }: NetworkProfile,
  ): Promise<NetworkWidget | undefined> {
    const widget = await this.widgetOf(scope, candidate);
    return widget && showWidget(widget);
  }
}

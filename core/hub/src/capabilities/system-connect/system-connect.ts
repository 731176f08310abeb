import { isHubError, type NetworkWidget } from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import { usableConnection } from '../../connections/usable-connection.js';
import { callContext } from '../../kernel/call-context.js';
import { type Deployment, installedPlugin } from '../../kernel/deployment.js';
import { NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Page, PageRequest } from '../../kernel/persistence/page.js';
import type { ArrivalQuery, ArrivalRecord } from './arrivals/arrival-model.js';
import type { ArrivalSettlement, Arrivals } from './arrivals/arrivals.js';
import { type CallbackState, connectSteps } from './connect-steps.js';
import { storedIntegrations } from './integrations.js';
import type { CandidateOfPair, Links } from './links.js';
import { readWidget } from './network-answers.js';
import type { MirroredPerson, NetworkProfiles } from './network-profiles.js';
import type { NewApplication, NewApplications } from './new-applications.js';
import { EXPORT, pairOf, SYSTEM_CONNECT } from './pair-standing.js';
import type { PairOrder, Pairs } from './pairs.js';
import type { ClosedMemberRecord } from './pulling/closed-members.js';
import type { PollState } from './pulling/poll-ledger.js';
import type { Pulling } from './pulling/pulling.js';
import type { PushProgress, RefusedRecord } from './pushing/push-model.js';
import { pushProgress, refusedRecords } from './pushing/push-progress.js';
import type { SeatOrder, Seats } from './seats.js';
import type {
  ConnectStep,
  NetworkItem,
  NetworkLink,
  NetworkProfile,
  SeatRecord,
  ShownSeat,
  ShownWidget,
  SystemPair,
} from './system-connect-model.js';
import type { Watch } from './watch.js';

/** How long the plugin may take to describe a widget, in milliseconds. */
const WIDGET_WITHIN_MS = 5_000;

/** What `SystemConnect` works with. */
export interface SystemConnectParts {
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly pairs: Pairs;
  readonly watch: Watch;
  readonly seats: Seats;
  readonly profiles: NetworkProfiles;
  readonly links: Links;
  readonly pulling: Pulling;
  readonly arrivals: Arrivals;
  readonly newApplications: NewApplications;
  /** How the networks tell what happens there. */
  readonly webhooks: {
    states(scope: OrganizationScope, connectionIds: readonly string[]): Promise<ReadonlyMap<string, CallbackState>>;
  };
}

/** How far a pair is. */
export interface PairProgress {
  /** Of the network. */
  readonly connectionId: string;
  /** What goes there. */
  readonly push: PushProgress;
  /** What comes from there. */
  readonly poll: PollState;
}

/** Joins a mirrored ATS with a professional network: everything that a front end may ask or say about it. */
export class SystemConnect {
  constructor(private readonly parts: SystemConnectParts) {}

  /** All pairs of the organization, oldest first. */
  pairs(scope: OrganizationScope): Promise<readonly SystemPair[]> {
    return this.parts.pairs.list(scope);
  }

  /** As `Pairs.pair`. */
  pair(scope: OrganizationScope, order: PairOrder): Promise<SystemPair> {
    return this.parts.pairs.pair(scope, order);
  }

  /** As `Pairs.unpair`. */
  unpair(scope: OrganizationScope, connectionId: string): Promise<SystemPair> {
    return this.parts.pairs.unpair(scope, connectionId);
  }

  /**
   * What is to be done until everything works, each step as far as it is. They turn to done by themselves.
   * @throws NotFoundError
   */
  async steps(scope: OrganizationScope, connectionId: string): Promise<readonly ConnectStep[]> {
    if (!isUuid(connectionId)) throw new NotFoundError('connection', connectionId);
    const callback = (await this.parts.webhooks.states(scope, [connectionId])).get(connectionId);
    return scope.read(async (tx) => {
      const connection = await usableConnection(tx, this.parts.entitlements, connectionId, SYSTEM_CONNECT);
      if (!connection) throw new NotFoundError('connection', connectionId);
      const watched = await this.parts.watch.record(tx, connectionId);
      const seats = await tx.row<{ active: number; connected: number }>(
        `select (count(*) filter (where s.active))::int as active,
           (count(*) filter (where s.active and s.user_id is not null))::int as connected
         from talentbridge.network_seat s where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId],
      );
      const pair = await pairOf(tx, connectionId);
      const taking = pair && (await usableConnection(tx, this.parts.entitlements, pair.atsConnectionId, EXPORT));
      const push = await pushProgress(tx, connectionId);
      return connectSteps({
        network: installedPlugin(this.parts.deployment, connection.pluginId)?.displayName ?? connection.name,
        unusable: connection.unusable,
        pair,
        notTaking: taking?.unusable,
        integrations: await storedIntegrations(tx, connectionId),
        integrationsAt: watched?.integrationsAt ?? null,
        seatsAt: watched?.seatsAt ?? null,
        reason: watched?.reason ?? null,
        callback,
        activeSeats: seats?.active ?? 0,
        connectedSeats: seats?.connected ?? 0,
        firstSyncDoneAt: push?.firstSync.endedAt ?? null,
        candidates: push?.kinds.find(({ kind }) => kind === 'candidate') ?? { sent: 0, refused: 0 },
      });
    });
  }

  /**
   * Looks at the network now, and answers the steps.
   * @throws HubError what the network says, where it cannot be asked.
   */
  async refreshSteps(scope: OrganizationScope, connectionId: string): Promise<readonly ConnectStep[]> {
    await this.parts.watch.look(scope, connectionId, 'interactive');
    return this.steps(scope, connectionId);
  }

  /** Has the seats of a network asked for what was written, instead of at the next half hour. Where they are not asked, nothing happens. */
  async askSeats(scope: OrganizationScope, connectionId: string): Promise<void> {
    if (isUuid(connectionId)) await scope.transaction((tx) => this.parts.pulling.askNow(tx, connectionId));
  }

  /**
   * What a page asks for the integration with.
   * @throws NotFoundError, WrongStateError
   */
  async setupWidget(scope: OrganizationScope, connectionId: string): Promise<NetworkWidget> {
    const connection = await scope.read(async (tx) =>
      isUuid(connectionId) ? usableConnection(tx, this.parts.entitlements, connectionId, SYSTEM_CONNECT) : undefined,
    );
    if (!connection) throw new NotFoundError('connection', connectionId);
    if (connection.unusable !== undefined) throw new WrongStateError(connection.status, connection.unusable);
    const capability = (await this.parts.opener.open(scope, connectionId)).capability('systemConnect');
    return readWidget(connection.pluginId, await capability?.setupWidget(callContext('interactive', WIDGET_WITHIN_MS)));
  }

  /** All seats that a network ever told, by name. */
  async seats(scope: OrganizationScope, connectionId: string): Promise<readonly ShownSeat[]> {
    const seats = await this.parts.seats.list(scope, connectionId);
    if (seats.length === 0) return [];
    const exportsPerMonth = await this.exportsPerMonth(scope, connectionId);
    const exported = await scope.read((tx) => this.parts.arrivals.exportsThisMonth(tx, connectionId));
    return seats.map((seat) => ({ ...seat, exportsThisMonth: exported.get(seat.seatId) ?? 0, exportsPerMonth }));
  }

  /** As `Seats.connect`. */
  connectSeat(scope: OrganizationScope, order: SeatOrder): Promise<SeatRecord> {
    return this.parts.seats.connect(scope, order);
  }

  /** As `Seats.disconnect`. */
  disconnectSeat(scope: OrganizationScope, order: Pick<SeatOrder, 'connectionId' | 'seatId'>): Promise<SeatRecord> {
    return this.parts.seats.disconnect(scope, order);
  }

  /** As `NetworkProfiles.profiles`. */
  networkProfiles(
    scope: OrganizationScope,
    candidates: readonly MirroredPerson[],
  ): Promise<ReadonlyMap<string, NetworkProfile>> {
    return this.parts.profiles.profiles(scope, candidates);
  }

  /** As `NetworkProfiles.items`. */
  networkItems(
    scope: OrganizationScope,
    candidates: readonly MirroredPerson[],
  ): Promise<ReadonlyMap<string, readonly NetworkItem[]>> {
    return this.parts.profiles.items(scope, candidates);
  }

  /** As `NetworkProfiles.widgets`. */
  networkWidgets(
    scope: OrganizationScope,
    candidates: readonly MirroredPerson[],
  ): Promise<ReadonlyMap<string, ShownWidget>> {
    return this.parts.profiles.widgets(scope, candidates);
  }

  /** Says who a candidate is at the network. As `Links.linkProfile`. */
  linkProfile(scope: OrganizationScope, order: CandidateOfPair & { readonly member: string }): Promise<NetworkLink> {
    return this.parts.links.linkProfile(scope, order);
  }

  /** Says that a candidate is not who they are linked with. As `Links.unlinkProfile`. */
  unlinkProfile(scope: OrganizationScope, candidate: CandidateOfPair): Promise<void> {
    return this.parts.links.unlinkProfile(scope, candidate);
  }

  /** How far a pair is. `undefined`: there is none. */
  progress(scope: OrganizationScope, connectionId: string): Promise<PairProgress | undefined> {
    if (!isUuid(connectionId)) return Promise.resolve(undefined);
    return scope.read(async (tx) => {
      const push = await pushProgress(tx, connectionId);
      return push && { connectionId, push, poll: await this.parts.pulling.state(tx, connectionId) };
    });
  }

  /** Records that the network refuses as they are. They are sent again once they change. */
  refusedRecords(scope: OrganizationScope, connectionId: string, page: PageRequest): Promise<Page<RefusedRecord>> {
    if (!isUuid(connectionId)) throw new NotFoundError('connection', connectionId);
    return scope.read((tx) => refusedRecords(tx, connectionId, page));
  }

  /** People who came from the network, newest first; nobody while System Connect is off. As `Arrivals.list`. */
  async arrivals(
    scope: OrganizationScope,
    connectionId: string,
    query: ArrivalQuery,
    page: PageRequest,
  ): Promise<Page<ArrivalRecord>> {
    const shown = await this.shown(scope, [connectionId]);
    if (!shown.has(connectionId)) return { items: [], cursors: [], hasNextPage: false, total: async () => 0 };
    return this.parts.arrivals.list(scope, connectionId, query, page);
  }

  /** As `Arrivals.retry`. */
  retryArrival(scope: OrganizationScope, id: string): Promise<ArrivalRecord> {
    return this.parts.arrivals.retry(scope, id);
  }

  /** As `Arrivals.settle`. */
  settleArrival(scope: OrganizationScope, id: string, settlement: ArrivalSettlement): Promise<ArrivalRecord> {
    return this.parts.arrivals.settle(scope, id, settlement);
  }

  /**
   * Members who left the network, of those whom a candidate is linked with; nobody while System Connect is off. Nothing of them
   * is deleted by itself.
   */
  async closedMembers(scope: OrganizationScope, connectionId: string): Promise<readonly ClosedMemberRecord[]> {
    const shown = await this.shown(scope, [connectionId]);
    if (!shown.has(connectionId)) return [];
    return this.parts.pulling.closedMembers(scope, connectionId);
  }

  /** As `NewApplications.list`, of pairs whose System Connect is on. */
  async newApplications(scope: OrganizationScope, since?: Date): Promise<readonly NewApplication[]> {
    const told = await this.parts.newApplications.list(scope, since);
    const shown = await this.shown(
      scope,
      told.map(({ connectionId }) => connectionId),
    );
    return told.filter(({ connectionId }) => shown.has(connectionId));
  }

  /** Those of connections whose System Connect is on: while it is off, what came from there is hidden. @throws NotFoundError */
  private async shown(scope: OrganizationScope, connectionIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (connectionIds.length === 0) return new Set();
    const none = connectionIds.find((id) => !isUuid(id));
    if (none !== undefined) throw new NotFoundError('connection', none);
    return scope.read(async (tx) => {
      const availabilityOf = await this.parts.entitlements.availabilities(tx);
      const rows = await tx.rows<{ id: string; pluginId: string }>(
        `select c.id, c.plugin_id as "pluginId" from talentbridge.connection c where ${tx.own('c')} and c.id = any($1::uuid[])`,
        [[...new Set(connectionIds)]],
      );
      return new Set(
        rows.filter(({ pluginId }) => availabilityOf(pluginId, SYSTEM_CONNECT.name).on).map(({ id }) => id),
      );
    });
  }

  private async exportsPerMonth(scope: OrganizationScope, connectionId: string): Promise<number | null> {
    try {
      const capability = (await this.parts.opener.open(scope, connectionId)).capability('systemConnect');
      return capability?.limits.exportsPerSeatAndMonth ?? null;
    } catch (error) {
      // A connection that does not open has seats to show all the same.
      if (isHubError(error)) return null;
      throw error;
    }
  }
}

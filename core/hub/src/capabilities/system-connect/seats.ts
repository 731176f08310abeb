import type { CallContext, NetworkSeat, SystemConnectCapability } from '@talentbridge/contracts';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { InvalidInputError, NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { Caller } from '../../kernel/organizations/caller.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { pagesOf, readSeats } from './network-answers.js';
import { type SeatRecord, SYSTEM_CONNECT_TOPIC } from './system-connect-model.js';

/** Users that the hub itself acts as: none of them is a person with a seat. */
const NOBODY = new Set(['system', 'rotate-keys']);
const LONGEST_USER_ID = 500;

const COLUMNS = `s.connection_id as "connectionId", s.seat_id as "seatId", s.contract_id as "contractId",
  s.first_name as "firstName", s.last_name as "lastName", s.active, s.seen_at as "seenAt", s.user_id as "userId", s.confirmed,
  s.connected_at as "connectedAt"`;

/** Which seat is whose from now on. */
export interface SeatOrder {
  readonly connectionId: string;
  readonly seatId: string;
  /** Default: the caller. Of somebody else an admin says it. */
  readonly userId?: string;
}

/** What `Seats` works with. */
export interface SeatsParts {
  readonly audit: AuditLog;
  readonly notifications: Notifications;
}

/** Licenses of recruiters, and whose they are. */
export class Seats {
  constructor(private readonly parts: SeatsParts) {}

  /** All seats that a network ever told, by name. */
  list(scope: OrganizationScope, connectionId: string): Promise<readonly SeatRecord[]> {
    if (!isUuid(connectionId)) return Promise.resolve([]);
    return scope.read((tx) =>
      tx.rows<SeatRecord>(
        `select ${COLUMNS} from talentbridge.network_seat s where ${tx.own('s')} and s.connection_id = $1
         order by s.last_name, s.first_name, s.seat_id`,
        [connectionId],
      ),
    );
  }

  /**
   * Says whose a seat is. The same again changes nothing, but that an admin confirms what the user said.
   * @throws NotFoundError
   * @throws InvalidInputError when the caller may not say it, or the user is none.
   * @throws WrongStateError when the seat is not active or has another user, or the user another seat.
   */
  connect(scope: OrganizationScope, order: SeatOrder): Promise<SeatRecord> {
    const { connectionId, seatId, userId = scope.caller.userId } = order;
    return scope.transaction(async (tx) => {
      requirePerson(userId);
      requireRight(scope.caller, userId);
      const seat = await this.lockedSeat(tx, connectionId, seatId);
      if (!seat.active) {
        throw new WrongStateError('INACTIVE', 'This seat is not active at the network. Choose another one.');
      }
      if (seat.userId !== null && seat.userId !== userId) {
        throw new WrongStateError('CONNECTED', 'This seat has another user. An admin disconnects it first.');
      }
      const other = await tx.row(
        `select from talentbridge.network_seat s
         where ${tx.own('s')} and s.connection_id = $1 and s.user_id = $2 and s.seat_id <> $3`,
        [connectionId, userId, seatId],
      );
      if (other) throw new WrongStateError('CONNECTED', 'This user has another seat. Disconnect that one first.');
      const confirmed = isAdmin(scope.caller);
      if (seat.userId === userId && (seat.confirmed || !confirmed)) return seat;
      const changed = await this.write(tx, seat, { userId, confirmed });
      await this.record(tx, scope.caller, 'seat.connect', changed, { userId, confirmed });
      return changed;
    });
  }

  /**
   * Takes a seat from its user, who reads nothing of the network any more. One that has none is left as it is.
   * @throws NotFoundError
   * @throws InvalidInputError when it is somebody else's, and the caller no admin.
   */
  disconnect(scope: OrganizationScope, order: Pick<SeatOrder, 'connectionId' | 'seatId'>): Promise<SeatRecord> {
    return scope.transaction(async (tx) => {
      const seat = await this.lockedSeat(tx, order.connectionId, order.seatId);
      const { userId } = seat;
      if (userId === null) return seat;
      if (userId !== scope.caller.userId && !isAdmin(scope.caller)) throw notAllowed('seatId', 'disconnects');
      const changed = await this.write(tx, seat, { userId: null, confirmed: false });
      await this.record(tx, scope.caller, 'seat.disconnect', changed, { userId });
      return changed;
    });
  }

  private async lockedSeat(tx: Transaction, connectionId: string, seatId: string): Promise<SeatRecord> {
    const seats = isUuid(connectionId)
      ? await tx.rows<SeatRecord>(
          // All of them, so that a user who takes two at once gets one.
          `select ${COLUMNS} from talentbridge.network_seat s where ${tx.own('s')} and s.connection_id = $1
           order by s.seat_id for update`,
          [connectionId],
        )
      : [];
    const seat = seats.find((one) => one.seatId === seatId);
    if (!seat) throw new NotFoundError('seat', seatId);
    return seat;
  }

  private async write(
    tx: Transaction,
    { connectionId, seatId }: SeatRecord,
    to: { readonly userId: string | null; readonly confirmed: boolean },
  ): Promise<SeatRecord> {
    const row = await tx.row<SeatRecord>(
      `update talentbridge.network_seat s
       set user_id = $3, confirmed = $4, connected_at = case when $3::text is null then null else now() end
       where ${tx.own('s')} and s.connection_id = $1 and s.seat_id = $2 returning ${COLUMNS}`,
      [connectionId, seatId, to.userId, to.confirmed],
    );
    if (!row) throw new NotFoundError('seat', seatId);
    return row;
  }

  private async record(
    tx: Transaction,
    caller: Caller,
    action: `seat.${string}`,
    { connectionId, seatId }: SeatRecord,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.parts.audit.record(tx, caller, action, { type: 'seat', id: seatId }, { connectionId, ...details });
    await this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, connectionId);
  }
}

/** All seats that the network tells now. @throws PluginFaultError when its pages lead in a circle. */
export async function readAllSeats(
  pluginId: string,
  capability: SystemConnectCapability,
  contextOf: () => CallContext,
): Promise<readonly NetworkSeat[]> {
  const seats = new Map<string, NetworkSeat>();
  const pages = pagesOf(pluginId, async (cursor) =>
    readSeats(await capability.seats(contextOf(), cursor === undefined ? {} : { cursor })),
  );
  for await (const { entries } of pages) for (const seat of entries) seats.set(seat.seatId, seat);
  return [...seats.values()];
}

/**
 * Stores all seats of a network. What it does not tell any more is not active, and closed at once for who reads with it; its
 * user keeps it, for the day that it is active again. Where the network gave a seat to somebody else, its user has it no more,
 * and what was private to it goes: it is for whoever had it alone.
 *
 * @returns Whether any seat is otherwise than before.
 */
export async function storeSeats(
  tx: Transaction,
  connectionId: string,
  seats: readonly NetworkSeat[],
): Promise<boolean> {
  const given = JSON.stringify(seats);
  await takeFromFormerHolders(tx, connectionId, given);
  const row = await tx.row<{ changed: boolean }>(
    `with given as (
       select e->>'seatId' as seat_id, e->>'contractId' as contract_id, e->>'member' as member,
         e->>'firstName' as first_name, e->>'lastName' as last_name, (e->>'active')::boolean as active
       from jsonb_array_elements($3::jsonb) as e
     ), before as (
       select s.* from talentbridge.network_seat s where ${tx.own('s')} and s.connection_id = $2
     ), written as (
       insert into talentbridge.network_seat as s
         (organization_id, connection_id, seat_id, contract_id, member, first_name, last_name, active, seen_at)
       select $1, $2, g.seat_id, g.contract_id, g.member, g.first_name, g.last_name, g.active, clock_timestamp() from given g
       on conflict (organization_id, connection_id, seat_id) do update
         set contract_id = excluded.contract_id, member = coalesce(excluded.member, s.member), first_name = excluded.first_name,
           last_name = excluded.last_name, active = excluded.active, seen_at = excluded.seen_at
     ), gone as (
       update talentbridge.network_seat s set active = false
       where ${tx.own('s')} and s.connection_id = $2 and s.active
         and not exists (select from given g where g.seat_id = s.seat_id)
       returning s.seat_id
     )
     select exists (select from gone) or exists (
       select from given g left join before b on b.seat_id = g.seat_id
       where (b.contract_id, b.member, b.first_name, b.last_name, b.active)
         is distinct from (g.contract_id, coalesce(g.member, b.member), g.first_name, g.last_name, g.active)
     ) as changed`,
    [tx.organizationId, connectionId, given],
  );
  return row?.changed === true;
}

/** Seats that belong to another member than before. */
async function takeFromFormerHolders(tx: Transaction, connectionId: string, given: string): Promise<void> {
  const taken = await tx.rows<{ seatId: string }>(
    `update talentbridge.network_seat s set user_id = null, confirmed = false, connected_at = null
     from jsonb_array_elements($2::jsonb) as g
     where ${tx.own('s')} and s.connection_id = $1 and s.seat_id = g->>'seatId' and s.member <> g->>'member'
     returning s.seat_id as "seatId"`,
    [connectionId, given],
  );
  if (taken.length === 0) return;
  await tx.rows(
    `delete from talentbridge.network_item i
     where ${tx.own('i')} and i.connection_id = $1 and not i.is_public and i.owner_seat_id = any($2::text[])`,
    [connectionId, taken.map(({ seatId }) => seatId)],
  );
}

function isAdmin({ roles }: Caller): boolean {
  return roles.includes('ADMIN');
}

function requirePerson(userId: string): void {
  const isPerson =
    userId.trim() !== '' && userId.length <= LONGEST_USER_ID && userId.isWellFormed() && !NOBODY.has(userId);
  if (isPerson && !userId.includes('\u0000')) return;
  throw new InvalidInputError([{ field: 'userId', message: 'This is no user. Give the subject of their token.' }]);
}

function requireRight(caller: Caller, userId: string): void {
  if (isAdmin(caller)) return;
  if (caller.userId !== userId) throw notAllowed('userId', 'connects');
  if (!caller.roles.includes('RECRUITER')) {
    throw new InvalidInputError([
      { field: 'seatId', message: 'Recruiters connect their seats, or an admin does it for others.' },
    ]);
  }
}

function notAllowed(field: string, does: 'connects' | 'disconnects'): InvalidInputError {
  return new InvalidInputError([{ field, message: `Only an admin ${does} the seat of somebody else.` }]);
}

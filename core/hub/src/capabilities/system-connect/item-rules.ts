import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { ItemRefusal } from './system-connect-model.js';

/** The seat that somebody reads with. */
export interface ReadingSeat {
  readonly seatId: string;
  readonly contractId: string;
  readonly active: boolean;
  readonly confirmed: boolean;
  /** Nobody has asked the network about it for a day. */
  readonly isOld: boolean;
  /** Nobody could for two: it is not believed any more. */
  readonly isDoubtful: boolean;
}

/** What of an item decides who reads it. */
export interface ReadableItem {
  readonly contractId: string;
  readonly ownerSeatId: string;
  readonly isPublic: boolean;
  /** Who can read it. */
  readonly askWhom: string | null;
}

/** The seats of a user, in `$1`, with their connections. */
export function seatOf(tx: Transaction): string {
  return `select s.connection_id as "connectionId", s.seat_id as "seatId", s.contract_id as "contractId", s.active, s.confirmed,
      s.seen_at < now() - interval '1 day' as "isOld", s.seen_at <= now() - interval '2 days' as "isDoubtful"
    from talentbridge.network_seat s where ${tx.own('s')} and s.user_id = $1`;
}

/** Who reads what an item says, as the database decides it too: why this seat does not. `undefined`: it does. */
export function refusalOf(item: ReadableItem, seat: ReadingSeat | undefined): ItemRefusal | undefined {
  if (!seat) {
    return refused(item, 'SEAT_NEEDED', 'You need a connected seat of the network to read this.');
  }
  // Nobody is told to ask themselves.
  const others = seat.seatId === item.ownerSeatId ? { askWhom: null } : item;
  if (!seat.active) return refused(others, 'SEAT_NEEDED', 'Your seat is not active at the network.');
  if (seat.isDoubtful) {
    return refused(others, 'SEAT_NEEDED', 'The network has not said for two days that your seat is still active.');
  }
  if (seat.contractId !== item.contractId) {
    return refused(item, 'OTHER_CONTRACT', 'This was written under another contract than that of your seat.');
  }
  if (item.isPublic) return undefined;
  if (seat.seatId !== item.ownerSeatId) return refused(item, 'PRIVATE', 'This is private.');
  if (seat.confirmed) return undefined;
  const why = 'This is private to your seat. An admin has to confirm that the seat is yours.';
  return refused({ askWhom: null }, 'PRIVATE', why);
}

/** What nobody can be told more of: the text is not there. */
export function missing(item: ReadableItem): ItemRefusal {
  return refused(item, 'PRIVATE', 'This cannot be shown.');
}

function refused({ askWhom }: Pick<ReadableItem, 'askWhom'>, code: ItemRefusal['code'], why: string): ItemRefusal {
  return { code, message: askWhom === null ? why : `${why} Ask ${askWhom}.`, askWhom };
}

import {
  type CallContext,
  type NetworkSeat,
  PermissionMissingError,
  RecordNotFoundError,
  type SeatPage,
  type SeatWindow,
} from '@talentbridge/contracts';
import type { LinkedInApi } from './client.js';
import { seatLane } from './pace.js';
import { contactOf, messageOf, noteOf, seatOf } from './recruiter-records.js';
import { ATS } from './vendor-errors.js';
import { messageRecord, noteRecord, seatRecord, stubRecord } from './vendor-records.js';

/** A note that is edited while pages are read moves behind all others: so many are read twice, lest one is passed over. */
const NOTES_READ_AGAIN = 10;

/** What recruiters do at LinkedIn (LinkedIn sheet §7). */
export class RecruiterActivity {
  constructor(private readonly api: LinkedInApi) {}

  /** One page of the seats of the contract, in whatever state (LinkedIn sheet §7.1; that `states` repeats is INFERRED). */
  async seats(
    ctx: CallContext,
    { cursor }: { readonly cursor?: string },
  ): Promise<{ readonly seats: readonly NetworkSeat[]; readonly cursor?: string }> {
    const parameters = {
      q: 'attributes',
      contracts: this.api.customer.contract,
      states: ['ACTIVE', 'INACTIVE', 'INVITED', 'PARKED'],
    };
    const call = { resource: 'seatsV2', parameters, action: 'list seats', cursor };
    const { elements, ...rest } = await this.api.list(ctx, call, seatRecord);
    return { seats: elements.map(seatOf), ...rest };
  }

  /** One page of what a seat wrote and received in a window. */
  async pull(ctx: CallContext, window: SeatWindow): Promise<SeatPage> {
    switch (window.kind) {
      case 'message':
        return this.#messages(ctx, window);
      case 'contact':
        return this.#contacts(ctx, window);
      case 'note':
        return this.#notes(ctx, window);
    }
  }

  /** LinkedIn sheet §7.2: the start is inclusive, the end exclusive, as in our windows. */
  async #messages(ctx: CallContext, { seatId, from, to, cursor }: SeatWindow): Promise<SeatPage> {
    const call = {
      resource: 'conversationEvents',
      parameters: {
        q: 'criteria',
        viewer: seatId,
        'timeRange.start': Date.parse(from),
        'timeRange.end': Date.parse(to),
      },
      action: 'read InMails',
      lane: seatLane(seatId),
      cursor,
    };
    try {
      const { elements, ...rest } = await this.api.list(ctx, call, messageRecord);
      return { ...EMPTY, messages: elements.flatMap(messageOf), ...rest };
    } catch (error) {
      if (error instanceof PermissionMissingError) await this.#demandActive(ctx, seatId);
      throw error;
    }
  }

  /** LinkedIn sheet §7.3 (that the start is inclusive and the end exclusive is INFERRED). */
  async #contacts(ctx: CallContext, { seatId, from, to, cursor }: SeatWindow): Promise<SeatPage> {
    const call = {
      resource: 'mailStubs',
      parameters: {
        q: 'contract',
        contract: this.api.customer.contract,
        owners: [seatId],
        createdDateStart: Date.parse(from),
        createdDateEnd: Date.parse(to),
      },
      action: 'read contact data that members share',
      lane: seatLane(seatId),
      cursor,
    };
    const { elements, ...rest } = await this.api.list(ctx, call, stubRecord);
    return { ...EMPTY, contacts: elements.map(contactOf), ...rest };
  }

  /** LinkedIn sheet §7.4: by the last change; the start is exclusive, the end inclusive, the other way round than our windows. */
  async #notes(ctx: CallContext, { seatId, from, to, cursor }: SeatWindow): Promise<SeatPage> {
    const call = {
      resource: 'prospectNotes',
      parameters: {
        q: 'criteria',
        contract: this.api.customer.contract,
        owners: [seatId],
        cutoffDate: Date.parse(from) - 1,
        beforeDate: Date.parse(to) - 1,
      },
      action: 'read notes of recruiters',
      lane: seatLane(seatId),
      cursor,
      overlap: NOTES_READ_AGAIN,
    };
    const { elements, ...rest } = await this.api.list(ctx, call, noteRecord);
    return { ...EMPTY, notes: elements.map(noteOf), ...rest };
  }

  /**
   * Tells a seat that may not read any more from an integration that is off: LinkedIn forbids both (INFERRED).
   * @throws RecordNotFoundError when the seat is not active.
   */
  async #demandActive(ctx: CallContext, seatId: string): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.seats(ctx, cursor === undefined ? {} : { cursor });
      if (page.seats.some((seat) => seat.seatId === seatId && seat.active)) return;
      cursor = page.cursor;
    } while (cursor !== undefined);
    throw new RecordNotFoundError(ATS, 'active seat', seatId);
  }
}

const EMPTY: SeatPage = { messages: [], notes: [], contacts: [] };

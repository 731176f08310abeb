import {
  type CallContext,
  credentialFields,
  definePlugin,
  type NetworkContact,
  type NetworkMessage,
  type NetworkRecruiterNote,
  type Plugin,
  type SeatPage,
  type SeatWindow,
  settingFields,
} from '@talentbridge/contracts';
import { InMemoryNetwork } from './network-plugin.ts';

/** What one seat wrote and received. */
export interface SeatContent {
  readonly messages: NetworkMessage[];
  readonly notes: NetworkRecruiterNote[];
  readonly contacts: NetworkContact[];
}

/** A network by what its seats wrote and received. */
export class SeatsAtNetwork extends InMemoryNetwork {
  /** By the seat. Whoever is not here has no seat. */
  readonly contents = new Map<string, SeatContent>();
  /** What seats were asked for, in order, answered or not. */
  readonly asked: SeatWindow[] = [];
  /** Called before a seat is asked: it may throw. */
  beforeSeat: (window: SeatWindow) => void = () => undefined;
  override pageSize = 2;

  /** What a seat wrote and received. */
  seat(seatId: string): SeatContent {
    const content = this.contents.get(seatId) ?? { messages: [], notes: [], contacts: [] };
    this.contents.set(seatId, content);
    return content;
  }

  override pull(ctx: CallContext, window: SeatWindow): Promise<SeatPage> {
    this.asked.push(window);
    this.beforeSeat(window);
    const of = <Entry>(entries: (content: SeatContent) => readonly Entry[]) =>
      [...this.contents].flatMap(([seatId, content]) => entries(content).map((entry) => ({ seatId, entry })));
    this.messages.splice(0, Number.POSITIVE_INFINITY, ...of(({ messages }) => messages));
    this.notes.splice(0, Number.POSITIVE_INFINITY, ...of(({ notes }) => notes));
    this.contacts.splice(0, Number.POSITIVE_INFINITY, ...of(({ contacts }) => contacts));
    this.currentSeats = [...this.contents.keys()].map((seatId) => ({
      seatId,
      contractId: 'contract-1',
      firstName: 'Rita',
      lastName: seatId,
      active: true,
    }));
    return super.pull(ctx, window);
  }

  /** The plugin of this network. */
  plugin(): Plugin {
    return definePlugin({
      id: 'network',
      displayName: 'The Network',
      description: 'A network.',
      contracts: '^1.0.0',
      hosts: ['network.test'],
      credentials: credentialFields({}),
      settings: settingFields({}),
      requirements: [],
      connect: () => this,
      identify: async () => ({ accountId: 'customer' }),
      capabilities: { permissions: () => ({ check: async () => [] }), systemConnect: (network) => network },
    });
  }
}

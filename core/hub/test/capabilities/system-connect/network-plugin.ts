import {
  AtsUnavailableError,
  type CallContext,
  type ClosedMember,
  type NetworkBatch,
  type NetworkContact,
  type NetworkExport,
  type NetworkIntegration,
  type NetworkKey,
  type NetworkKind,
  type NetworkMatch,
  type NetworkMessage,
  type NetworkRecruiterNote,
  type NetworkResult,
  type NetworkSeat,
  type NetworkWidget,
  RecordNotFoundError,
  type SeatPage,
  type SeatWindow,
  type SystemConnectCapability,
  type SystemConnectLimits,
} from '@talentbridge/contracts';

const NAME = 'In-memory network';

/** One record as the network has it. */
export interface HeldRecord {
  readonly kind: NetworkKind;
  readonly remoteId: string;
  /** Empty: it belongs to nothing. */
  readonly parentId: string;
  readonly value: NetworkBatch['records'][number];
}

/** A batch that came, in order. */
export interface LoggedBatch {
  readonly call: 'push' | 'remove';
  readonly kind: NetworkKind;
  /** `candidate-1`, or `candidate-1/note-7` where it belongs to something. */
  readonly ids: readonly string[];
}

/** Something that a seat wrote or received, by the seat. */
export interface OfSeat<Entry> {
  readonly seatId: string;
  readonly entry: Entry;
}

/** A network in this process, of plain maps: it replaces what comes again, and refuses what belongs to nothing. */
export class InMemoryNetwork implements SystemConnectCapability {
  limits: SystemConnectLimits = { batch: 100 };
  readonly records = new Map<string, HeldRecord>();
  readonly batches: LoggedBatch[] = [];
  /** Members by the address that they are found by. */
  readonly membersByEmail = new Map<string, string>();
  /** A person's word on a candidate that has gone to the network by itself. */
  readonly resolved: { readonly candidateRemoteId: string; readonly member: string | undefined }[] = [];
  currentIntegrations: NetworkIntegration[] = [
    { id: 'all', label: 'Everything', status: 'enabled', carries: ['push', 'export', 'pull', 'widget'] },
  ];
  currentSeats: NetworkSeat[] = [];
  readonly messages: OfSeat<NetworkMessage>[] = [];
  readonly notes: OfSeat<NetworkRecruiterNote>[] = [];
  readonly contacts: OfSeat<NetworkContact>[] = [];
  readonly exports = new Map<string, NetworkExport>();
  readonly closed: ClosedMember[] = [];
  readonly windows: SeatWindow[] = [];
  pageSize = 50;
  /** Called before something is done: it may throw, wait, or change something. `count` goes up with each call. */
  before: (call: string, count: number) => Promise<void> | void = () => undefined;
  /** Called when it is done and the answer is on its way. */
  after: (call: string, count: number) => Promise<void> | void = () => undefined;
  /** What becomes of one record, where it is not taken. Keys as in `LoggedBatch.ids`, after their kind: `candidate candidate-1`. */
  refuse: (key: string, value: NetworkBatch['records'][number]) => NetworkResult | undefined = () => undefined;
  private calls = 0;

  /** Records of a kind, by id. */
  of(kind: NetworkKind): readonly HeldRecord[] {
    return [...this.records.values()]
      .filter((record) => record.kind === kind)
      .sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  }

  async integrations(): Promise<readonly NetworkIntegration[]> {
    return this.call('integrations', () => this.currentIntegrations);
  }

  async prepare(): Promise<void> {
    return this.call('prepare', () => undefined);
  }

  async seats(): Promise<{ readonly seats: readonly NetworkSeat[] }> {
    return this.call('seats', () => ({ seats: this.currentSeats }));
  }

  async push(_ctx: CallContext, batch: NetworkBatch): Promise<readonly NetworkResult[]> {
    const held = heldRecords(batch);
    return this.call('push', () => {
      this.batches.push({ call: 'push', kind: batch.kind, ids: held.map(idOf) });
      if (held.length > (this.limits.batch ?? 100)) throw new Error('More records than a batch may have.');
      return held.map((record): NetworkResult => {
        const refused = this.refuse(`${record.kind} ${idOf(record)}`, record.value) ?? this.missing(record);
        if (!refused) this.records.set(keyOf(record), record);
        return refused ?? { ok: true };
      });
    });
  }

  async remove(_ctx: CallContext, kind: NetworkKind, keys: readonly NetworkKey[]): Promise<readonly NetworkResult[]> {
    return this.call('remove', () => {
      const named = keys.map(({ remoteId, parentId = '' }) => ({ kind, remoteId, parentId }));
      this.batches.push({ call: 'remove', kind, ids: named.map(idOf) });
      return named.map((record): NetworkResult => {
        this.records.delete(keyOf(record));
        if (kind === 'application') {
          for (const [key, one] of [...this.records]) {
            if (one.parentId === record.remoteId && one.kind !== 'candidateNote') this.records.delete(key);
          }
        }
        return { ok: true };
      });
    });
  }

  async matches(_ctx: CallContext, candidateRemoteIds: readonly string[]): Promise<readonly NetworkMatch[]> {
    return this.call('matches', () =>
      candidateRemoteIds.flatMap((candidateRemoteId): NetworkMatch[] => {
        const value = this.records.get(keyOf({ kind: 'candidate', remoteId: candidateRemoteId, parentId: '' }))?.value;
        if (!value || !('candidate' in value) || 'application' in value) return [];
        const said = 'member' in value ? value.member : undefined;
        const found = value.candidate.emails.flatMap((email) => this.membersByEmail.get(email) ?? [])[0];
        const member = said ?? found;
        return [{ candidateRemoteId, byHand: said !== undefined, ...(member === undefined ? {} : { member }) }];
      }),
    );
  }

  async resolveMatch(_ctx: CallContext, candidateRemoteId: string, member: string | undefined): Promise<void> {
    return this.call('resolveMatch', () => {
      const key = keyOf({ kind: 'candidate', remoteId: candidateRemoteId, parentId: '' });
      const known = this.records.get(key);
      if (!known || !('candidate' in known.value)) throw new RecordNotFoundError(NAME, 'candidate', candidateRemoteId);
      const { candidate } = known.value;
      this.records.set(key, { ...known, value: { candidate, ...(member === undefined ? {} : { member }) } });
      this.resolved.push({ candidateRemoteId, member });
    });
  }

  async pull(_ctx: CallContext, window: SeatWindow): Promise<SeatPage> {
    return this.call('pull', () => {
      this.windows.push(window);
      const { seatId, kind, from, to, cursor = '0' } = window;
      if (!this.currentSeats.some((seat) => seat.seatId === seatId && seat.active)) {
        throw new RecordNotFoundError(NAME, 'seat', seatId);
      }
      const next = Number(cursor) + this.pageSize;
      const within = <Entry>(entries: readonly OfSeat<Entry>[], at: (entry: Entry) => string): readonly Entry[] =>
        entries
          .filter((one) => one.seatId === seatId && at(one.entry) >= from && at(one.entry) < to)
          .map(({ entry }) => entry);
      const all = {
        messages: kind === 'message' ? within(this.messages, ({ createdAt }) => createdAt) : [],
        notes: kind === 'note' ? within(this.notes, ({ updatedAt }) => updatedAt) : [],
        contacts: kind === 'contact' ? within(this.contacts, ({ createdAt }) => createdAt) : [],
      };
      const total = all.messages.length + all.notes.length + all.contacts.length;
      return {
        messages: all.messages.slice(Number(cursor), next),
        notes: all.notes.slice(Number(cursor), next),
        contacts: all.contacts.slice(Number(cursor), next),
        ...(next < total ? { cursor: String(next) } : {}),
      };
    });
  }

  async readNotice(_ctx: CallContext, id: string) {
    const [kind, requestId = ''] = id.split('/');
    if (kind === 'export') return { kind, requestId } as const;
    return { kind: kind === 'integrations' ? 'integrations' : 'unknown' } as const;
  }

  async readExport(_ctx: CallContext, requestId: string): Promise<NetworkExport> {
    return this.call('readExport', () => {
      const found = this.exports.get(requestId);
      if (!found) throw new RecordNotFoundError(NAME, 'export', requestId);
      return found;
    });
  }

  async closedMembers(): Promise<{ readonly members: readonly ClosedMember[] }> {
    return this.call('closedMembers', () => ({ members: this.closed }));
  }

  async profileWidget(_ctx: CallContext, candidateRemoteId: string): Promise<NetworkWidget> {
    return { ...WIDGET, attributes: { candidate: candidateRemoteId } };
  }

  async setupWidget(): Promise<NetworkWidget> {
    return WIDGET;
  }

  private async call<Answer>(call: string, answer: () => Answer): Promise<Answer> {
    this.calls += 1;
    const count = this.calls;
    await this.before(call, count);
    const given = answer();
    await this.after(call, count);
    return given;
  }

  /** A record that belongs to one which is not there. */
  private missing({ kind, parentId, value }: HeldRecord): NetworkResult | undefined {
    const parent =
      kind === 'candidateNote'
        ? ({ kind: 'candidate', remoteId: parentId } as const)
        : kind === 'application' && 'application' in value
          ? ({ kind: 'candidate', remoteId: value.application.candidateRemoteId } as const)
          : parentId !== ''
            ? ({ kind: 'application', remoteId: parentId } as const)
            : undefined;
    if (!parent || this.records.has(keyOf({ ...parent, parentId: '' }))) return undefined;
    return { ok: false, retry: false, reason: `There is no such ${parent.kind}.` };
  }
}

/** What a network answers that is away. */
export function unavailable(): AtsUnavailableError {
  return new AtsUnavailableError(NAME, 'answered 503');
}

const WIDGET: NetworkWidget = {
  scriptUrl: 'https://network.test/widgets.js',
  scriptSettings: { api_key: 'client' },
  elementType: 'Widget',
  attributes: {},
  callbacks: {},
};

type Name = Pick<HeldRecord, 'kind' | 'remoteId' | 'parentId'>;

function keyOf({ kind, remoteId, parentId }: Name): string {
  return JSON.stringify([kind, parentId, remoteId]);
}

function idOf({ remoteId, parentId }: Name): string {
  return parentId === '' ? remoteId : `${parentId}/${remoteId}`;
}

function heldRecords(batch: NetworkBatch): readonly HeldRecord[] {
  const { kind } = batch;
  switch (batch.kind) {
    case 'job':
    case 'access':
      return batch.records.map((value) => ({ kind, remoteId: value.remoteId, parentId: '', value }));
    case 'candidate':
      return batch.records.map((value) => ({ kind, remoteId: value.candidate.remoteId, parentId: '', value }));
    case 'application':
      return batch.records.map((value) => ({ kind, remoteId: value.application.remoteId, parentId: '', value }));
    case 'candidateNote':
    case 'applicationNote':
      return batch.records.map((value) => ({
        kind,
        remoteId: value.note.remoteId,
        parentId: value.note.applicationRemoteId ?? value.candidateRemoteId,
        value,
      }));
    default:
      return batch.records.map((value) => ({
        kind,
        remoteId: value.remoteId,
        parentId: value.applicationRemoteId,
        value,
      }));
  }
}

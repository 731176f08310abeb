import type { NetworkBatch, NetworkKind } from '@talentbridge/contracts';

/** What of a mirror becomes due: everything else goes along with one of them. */
export type DueKind = 'job' | 'candidate';

/** With what of a mirror records of a kind become due. */
export function dueKindOf(kind: NetworkKind): DueKind {
  return kind === 'job' || kind === 'access' ? 'job' : 'candidate';
}

/** How far the pushing of a pair is. */
export type PushPhase = 'WAITING' | 'SEEDING' | 'FOLLOWING' | 'REMOVING';

/** A candidate or a job that the network may have to hear of. */
export interface DueRecord {
  readonly mirrorId: string;
  readonly version: number;
  readonly tries: number;
}

/** Names a record at the network. */
export interface RecordName {
  readonly kind: NetworkKind;
  readonly remoteId: string;
  /** Empty: it belongs to nothing. */
  readonly parentId: string;
}

/** A record that the network has, or refuses. */
export interface StoredRecord extends RecordName {
  /** The candidate or job of the mirror that it goes with. */
  readonly mirrorId: string;
  /** `null`: nobody knows what the network has. */
  readonly digest: string | null;
  readonly status: 'SENT' | 'REFUSED';
  readonly copy: unknown;
  /** Of an application. */
  readonly jobRemoteId: string | null;
}

/** A record as it is to be at the network. */
export interface OutgoingRecord extends RecordName {
  readonly mirrorId: string;
  readonly digest: string;
  readonly value: NetworkBatch['records'][number];
  /** Without which the network refuses it. Absent: it stands for itself. */
  readonly belongsTo?: RecordName;
  /** Of an application. */
  readonly jobRemoteId?: string;
  /** What is needed of it once more. */
  readonly copy?: unknown;
}

/** What is to become of some of what is due. */
export interface Chunk {
  readonly due: readonly DueRecord[];
  readonly outgoing: readonly OutgoingRecord[];
  readonly removals: readonly StoredRecord[];
  /** All that is known at the network of what is looked at. */
  readonly stored: readonly StoredRecord[];
}

/** One text for the name of a record. */
export function keyOf({ kind, remoteId, parentId }: RecordName): string {
  return JSON.stringify([kind, parentId, remoteId]);
}

/** What pushing is set to. */
export interface PushSettings {
  /** Candidates, or jobs, that are looked at together. */
  readonly atOnce: number;
  /** Histories that are read side by side. */
  readonly historiesAtOnce: number;
  /** How often histories are read that changed without a word of the ATS, and how many each time. */
  readonly historiesEveryMs: number;
  readonly histories: number;
  /** How soon it is looked again whether the mirror's first load is complete. */
  readonly firstLoadMs: number;
}

/** A hundred at once, four histories side by side, two hundred again every half hour. */
export const defaultPushSettings: PushSettings = {
  atOnce: 100,
  historiesAtOnce: 4,
  historiesEveryMs: 30 * 60_000,
  histories: 200,
  firstLoadMs: 30_000,
};

/** How many records of a kind the network has, and refuses. */
export interface KindProgress {
  readonly kind: NetworkKind;
  readonly sent: number;
  readonly refused: number;
}

/** How far the pushing of a pair is, for people. */
export interface PushProgress {
  readonly phase: PushPhase;
  readonly kinds: readonly KindProgress[];
  /** What is due: changes that the network has not heard of. */
  readonly waiting: { readonly jobs: number; readonly candidates: number };
  /** How much of what the mirror held at first became due, and when all of it had been sent. */
  readonly firstSync: { readonly done: number; readonly total: number; readonly endedAt: Date | null };
  readonly pushedAt: Date | null;
  /** Why it waits. */
  readonly reason: string | null;
  readonly resumeAt: Date | null;
  /** Records that could not be removed from the network. */
  readonly leftBehind: number;
}

/** A record that the network refuses as it is. */
export interface RefusedRecord extends RecordName {
  readonly id: string;
  readonly mirrorId: string;
  readonly reason: string;
  readonly at: Date;
}

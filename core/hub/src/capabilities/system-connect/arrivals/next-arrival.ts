import type { RemoteReference } from '@talentbridge/contracts';
import type { ArrivingPerson } from './arrival-model.js';

/** An arrival of which something is to be done now. */
export type NextArrival =
  /** Nobody has asked yet who it is. */
  | { readonly kind: 'READ'; readonly id: string; readonly requestId: string; readonly tries: number }
  /** It was opened for a try: durable before anything is sent. */
  | { readonly kind: 'SEND'; readonly open: OpenArrival }
  /** It was opened for a try to add what they agreed to share to the candidate that they are. */
  | {
      readonly kind: 'ADD_CONTACT';
      readonly open: OpenArrival;
      readonly candidateRemoteId: string;
      /** An arrival made this candidate; `null`: with no placeholder address. Absent: the ATS had it by itself. */
      readonly madeWith?: number | null;
    }
  /** The ATS has them, and the mirror was not told. */
  | { readonly kind: 'MIRROR'; readonly id: string; readonly candidateRemoteId: string; readonly tries: number }
  /** It ended without asking anybody. */
  | { readonly kind: 'DONE' };

/** An arrival that this worker tries. */
export interface OpenArrival {
  readonly id: string;
  readonly member: string;
  readonly epoch: number;
  /** 1 for the first try. */
  readonly tries: number;
  readonly firstTriedAt: Date;
  /** An earlier try may have reached the ATS. */
  readonly reopened: boolean;
  readonly person: ArrivingPerson;
  readonly jobRemoteId: string | null;
  readonly existing: RemoteReference | undefined;
  readonly dummyNumber: number | null;
}

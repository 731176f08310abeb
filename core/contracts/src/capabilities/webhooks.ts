import type { CallContext } from '../context.js';
import type { RecordReference } from '../model/mirror.js';
import type { Secret } from '../secret.js';
import type { CapabilityName } from './name.js';

/** What somebody sent to a callback address. Untrusted: it says that it is the ATS, and nothing proves it yet. */
export interface Delivery {
  /** A `GET` can be a challenge and nothing else. */
  readonly method: 'POST' | 'GET';
  /** What stands in the address behind the `?`, at most 50 parameters; the last value of a name that comes several times. */
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case; several values of one name joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, byte for byte as UTF-8. What is none never reaches a plugin. */
  readonly body: string;
}

/** A signature as the ATS makes it. The host computes it, because no plugin sees the key. */
export interface DeliverySignature {
  readonly algorithm: 'hmac-sha256';
  /** The text that is signed, put together from the delivery. One that could be a challenge's signs no event, and is refused. */
  readonly signed: string;
  readonly encoding: 'hex' | 'base64';
  /** What the delivery carries; one that fits is enough. Empty: it carries none, and is refused. */
  readonly given: readonly string[];
}

/**
 * The ATS asks whose an address is, and wants the answer signed. Whoever knows the address can ask, and the key is the one that
 * signs events: so that nobody has an event signed, the host signs nothing but 1 to 100 letters and digits of ASCII, `_` and `-`,
 * and believes no event whose signed text has that form.
 */
export interface WebhookChallenge {
  /** The text to sign, as it came: `[A-Za-z0-9_-]{1,100}`. Anything else is refused. */
  readonly signed: string;
  /** How the signature is written: hexadecimal digits are small. */
  readonly encoding: 'hex' | 'base64';
  /** The answer: JSON of `fields` and, beside them, the signature. At most 10 fields, of at most 1,000 characters. */
  readonly answer: { readonly fields: Readonly<Record<string, string>>; readonly signatureField: string };
}

/** Something happened that another capability of the same plugin has to know. */
export interface Notice {
  /** Any but `rediscovery`, to which records are named. */
  readonly capability: CapabilityName;
  /**
   * What that capability looks up, 1 to 500 characters without control characters; the hub does not read it. No personal data.
   * The capability is told once at least, in any order.
   */
  readonly id: string;
}

/** Something happened in the ATS. */
export interface DeliveredEvent {
  /** The ATS's own id of the event: the same one again is the same event. Absent: the hub compares bodies. */
  readonly id?: string;
  /** The ATS's name of the event, for people. */
  readonly name: string;
  /**
   * Records that the hub reads again. Nothing else of an event is believed, so that one that comes twice, late or out of
   * order does no harm. Empty, and no notices: nothing of interest happened.
   */
  readonly records: readonly RecordReference[];
  /** What it tells other capabilities, at most 100. Those that the connection does not have are not told. */
  readonly notices?: readonly Notice[];
}

/** What a delivery is. */
export type ReadDelivery =
  | { readonly kind: 'event'; readonly event: DeliveredEvent; readonly signature?: DeliverySignature }
  /** The ATS tries the address before it delivers. Answered only while a subscription is being activated. */
  | {
      readonly kind: 'handshake';
      readonly answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
    }
  /**
   * The ATS asks whose the address is, at any time. Answered with 200 as soon as the key of the subscription is known, signed with
   * HMAC-SHA256 and the newest key. Refused where the ATS has no key.
   */
  | ({ readonly kind: 'challenge' } & WebhookChallenge)
  /** Nothing that this ATS sends. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A subscription as the ATS has it. */
export interface WebhookSubscription {
  readonly remoteId: string;
  readonly callbackUrl: string;
  /** It delivers, and every event that this plugin wants. `false`: the hub makes a new one in its place. */
  readonly intact: boolean;
}

/** An event that the ATS remembers. */
export interface LoggedEvent extends DeliveredEvent {
  /** The very id that it was, or would have been, delivered with: by nothing else can the hub tell what it missed. */
  readonly id: string;
  /** When it was delivered, or should have been; ISO 8601 in UTC, by the vendor's clock. */
  readonly at: string;
}

/** What holds for the ATS's webhooks. */
export interface WebhookLimits {
  /** The status that tells the ATS that an event has arrived. Default 200. */
  readonly acknowledgeWith?: 200 | 202 | 204;
  /** How long the ATS waits for it, in milliseconds. Default 10,000. */
  readonly answerWithinMs?: number;
  /** How long a key still signs after it was replaced, in milliseconds. Default 0. */
  readonly replacedSecretLivesMs?: number;
}

/**
 * Webhooks: the ATS says what changed, so that it is read again at once. A connection has one subscription, which the hub
 * makes, watches and removes; polling goes on beside it, because webhooks get lost.
 */
export interface WebhooksCapability {
  readonly limits: WebhookLimits;
  /** The ATS's names of the events that are asked for. */
  readonly events: readonly string[];
  /**
   * The key that deliveries are signed with, where it is one of the credentials: known before anything is subscribed, and replaced
   * with the credentials. Absent: each subscription has a key of its own, or there is none.
   */
  readonly signingKey?: Secret;

  /**
   * Every subscription that these credentials may see, whoever made it. An address that is a setting of the account counts as one,
   * under an id that never changes.
   */
  list(ctx: CallContext): Promise<readonly WebhookSubscription[]>;

  /**
   * Makes a subscription. Where there is an `activate`, it delivers nothing before that.
   * @param callbackUrl Holds a placeholder of a secret: hand it on as it is, within a JSON string or a form value.
   * @returns `secret`: the key that deliveries are signed with, where the ATS makes one for each subscription. One of
   * the credentials is the `signingKey` instead.
   * @throws WebhookRefusedError when the ATS refuses the address or the events.
   */
  subscribe(
    ctx: CallContext,
    request: { readonly callbackUrl: string },
  ): Promise<{ readonly remoteId: string; readonly secret?: Secret }>;

  /**
   * Lets deliveries begin; the ATS may send a handshake meanwhile. Absent: they begin by themselves.
   * @throws WebhookRefusedError when the ATS could not reach the address, or got no answer that it takes.
   * @throws RecordNotFoundError when there is no such subscription (any more).
   */
  activate?(ctx: CallContext, remoteId: string): Promise<void>;

  /** Removes a subscription. One that is not there is removed already. */
  unsubscribe(ctx: CallContext, remoteId: string): Promise<void>;

  /**
   * Makes a new key for a subscription. Absent: the ATS has none, or never changes it.
   * @throws RecordNotFoundError when there is no such subscription (any more).
   */
  rotateSecret?(ctx: CallContext, remoteId: string): Promise<Secret>;

  /**
   * One page of what the ATS delivered, or tried to, since a time: how the hub finds what it missed. The order does not
   * matter. Absent: the ATS remembers nothing, or not by the ids that it delivers with.
   * @param request `since` is ISO 8601 in UTC; `cursor` is absent on the first page.
   * @throws RecordNotFoundError when there is no such subscription (any more): an empty page would say that nothing was missed.
   */
  log?(
    ctx: CallContext,
    request: { readonly remoteId: string; readonly since: string; readonly cursor?: string },
  ): Promise<{ readonly events: readonly LoggedEvent[]; readonly cursor?: string }>;

  /** Reads a delivery. Asks nobody: it is called before the delivery is acknowledged, hundreds of times a second. */
  read(ctx: CallContext, delivery: Delivery): Promise<ReadDelivery>;
}

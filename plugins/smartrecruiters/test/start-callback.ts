import { createHmac } from 'node:crypto';
import type { Delivery } from '@talentbridge/contracts';
import { type CallbackAnswer, CallbackReceiver } from '@talentbridge/testkit';
import { SIMULATED_TOKENS, type SmartRecruitersSimulator } from '../simulator/index.js';

const PREFIX = '/webhooks-api/v201907/subscriptions';

/** A callback address that answers handshakes, and keeps what arrives. */
export interface StartedCallback extends AsyncDisposable {
  readonly url: string;
  /** Events, the oldest first. */
  readonly events: readonly Delivery[];
  /** How many handshakes came. */
  readonly handshakes: number;
  /** What events are answered with from now on. First 202. */
  answering(answer: () => CallbackAnswer | Promise<CallbackAnswer>): void;
  /** The names of the events, in order. */
  names(): readonly string[];
}

/** Starts a callback address of its own. */
export async function startCallback(): Promise<StartedCallback> {
  const events: Delivery[] = [];
  let handshakes = 0;
  let answer: () => CallbackAnswer | Promise<CallbackAnswer> = () => ({ status: 202 });
  const receiver = await CallbackReceiver.start(async (delivery) => {
    const hook = delivery.headers['x-hook-secret'];
    if (hook === undefined) {
      events.push(delivery);
      return answer();
    }
    handshakes += 1;
    return { status: 200, headers: { 'X-Hook-Secret': hook } };
  });
  return {
    url: receiver.urlWith(receiver.token),
    events,
    get handshakes() {
      return handshakes;
    },
    answering(next) {
      answer = next;
    },
    names: () => events.map(({ headers }) => headers['event-name'] ?? ''),
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

/** What the API answers: a status, a body, and its headers. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  readonly json: any;
}

/** Asks the webhooks API, without the plugin: the path begins after `/subscriptions`. */
export async function askWebhooks(
  simulator: SmartRecruitersSimulator,
  method: string,
  path: string,
  body?: unknown,
  token: string = SIMULATED_TOKENS.full,
): Promise<Asked> {
  const response = await fetch(`${simulator.url}${PREFIX}${path}`, {
    method,
    headers: { 'x-smarttoken': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
}

/** Makes a subscription that delivers, with a key or without. Answers its id and the key. */
export async function subscribed(
  simulator: SmartRecruitersSimulator,
  { url }: Pick<StartedCallback, 'url'>,
  events: readonly string[],
  { withKey = true }: { readonly withKey?: boolean } = {},
): Promise<{ readonly id: string; readonly key: string }> {
  const { json } = await askWebhooks(simulator, 'POST', '', { callbackUrl: url, events });
  const made = withKey ? await askWebhooks(simulator, 'POST', `/${json.id}/secret-key`) : undefined;
  await askWebhooks(simulator, 'PUT', `/${json.id}/activation`);
  return { id: json.id, key: made?.json.secretKey ?? '' };
}

/** The signature of a delivery as the sheet says it is made (SmartRecruiters sheet §12). */
export function signatureOf({ headers, body }: Delivery, key: string): string {
  const of = (name: string): string => headers[name] ?? '';
  const signed = `${of('smartrecruiters-timestamp')}.${body}.${of('event-id')}.${of('event-name')}.${of('event-version')}.${of('link')}`;
  return `v1=${createHmac('sha256', key).update(signed).digest('hex')}`;
}

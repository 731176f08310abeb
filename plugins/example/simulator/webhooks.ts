import { createHmac, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  DIGITS,
  type SimulatorKit,
  type SimulatorOptions,
  URL_SAFE,
  withUnknownProperties,
} from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import { found, type ListQuery, pageOf, Refusal, type WithId } from './answers.js';

/** A webhook as the simulator holds it. */
export interface SimulatedWebhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  /** The newest first; one that was replaced signs until it `expires`, in milliseconds since the epoch. */
  readonly secrets: { readonly secret: string; expires: number }[];
  status: 'inactive' | 'active' | 'disabled';
}

/** An event on its way to a webhook. */
export interface SimulatedDelivery {
  /** They ascend, so that lists are in the order of time. */
  readonly id: string;
  readonly webhook: SimulatedWebhook;
  readonly event: { readonly id: string; readonly type: string; readonly created_at: string; readonly data: object };
  /** What was answered last. */
  status: number | null;
  /** How often it was tried. */
  tries: number;
  /** When it is tried again, in milliseconds since the epoch. Absent: it arrived, or is given up. */
  again?: number;
}

const EVENTS = [
  'candidate.created',
  'candidate.updated',
  'candidate.deleted',
  'application.created',
  'application.updated',
  'job.updated',
] as const;
const newWebhook = z.object({ url: z.url(), events: z.array(z.enum(EVENTS)).min(1) });

const TIME_LIMIT_MS = 10_000;
const SECRET_LIVES_MS = 3_600_000;
const RETRY_AFTER_MS = [60_000, 300_000, 3_600_000];
const KEPT_DELIVERIES = 1000;

/** The webhooks of Example ATS: holds them, delivers to them, and remembers what it delivered. */
export class SimulatedWebhooks {
  readonly all: SimulatedWebhook[] = [];
  /** The oldest first. */
  readonly deliveries: SimulatedDelivery[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #told = 0;

  /** @param kit Asked for when it is needed: the simulator comes after its parts. */
  constructor(private readonly kit: () => SimulatorKit) {}

  /** Adds one that delivers nothing yet. */
  add(url: string, events: readonly string[]): SimulatedWebhook {
    const id = this.kit().random.id(8, DIGITS);
    const webhook: SimulatedWebhook = { id, url, events, secrets: [], status: 'inactive' };
    this.newSecret(webhook);
    this.all.push(webhook);
    return webhook;
  }

  /** Gives a webhook another secret; the one before it signs for an hour more. */
  newSecret({ secrets }: SimulatedWebhook): string {
    const now = this.kit().clock.now();
    for (const old of secrets) old.expires = Math.min(old.expires, now + SECRET_LIVES_MS);
    const secret = this.kit().random.id(32, URL_SAFE);
    secrets.unshift({ secret, expires: Infinity });
    return secret;
  }

  /** Tries the address, and delivers from then on. Answers whether the challenge came back. */
  async activate(webhook: SimulatedWebhook): Promise<boolean> {
    const challenge = randomUUID();
    const answer = await this.#post(webhook, '{}', { 'x-hook-challenge': challenge });
    const met = answer?.status === 200 && answer.headers.get('x-hook-challenge') === challenge;
    if (met) webhook.status = 'active';
    return met;
  }

  /** Asks whose the address of a webhook is. Answers whether the challenge came back with the signature of its newest secret. */
  async challenge({ url, secrets: [newest] }: SimulatedWebhook): Promise<boolean> {
    const challenge = randomUUID();
    const signature = createHmac('sha256', newest?.secret ?? '')
      .update(challenge)
      .digest('hex');
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const answer = await fetch(`${url}?challenge=${challenge}`, { redirect: 'manual', signal });
    return answer.status === 200 && isDeepStrictEqual(await answer.json(), { challenge, signature });
  }

  /** Something happened: every active webhook that asked for it is told, without waiting. */
  tell(type: string, data: object): void {
    for (const webhook of this.all) {
      if (webhook.status !== 'active' || !webhook.events.includes(type)) continue;
      const event = { id: `ev-${this.kit().random.id(12)}`, type, created_at: this.kit().clock.iso(), data };
      const id = String(++this.#told).padStart(12, '0');
      const delivery = { id, webhook, event, status: null, tries: 0 };
      this.deliveries.push(delivery);
      if (this.deliveries.length > KEPT_DELIVERIES) this.deliveries.shift();
      this.#deliver(delivery);
    }
  }

  /** Delivers the newest event of a webhook once more, whatever became of it. */
  deliverAgain(id: string): void {
    const newest = this.deliveries.findLast(({ webhook }) => webhook.id === id);
    if (newest) this.#deliver(newest);
  }

  /** Delivers what is due again. */
  retry(now: number): void {
    for (const delivery of this.deliveries.filter(({ again = Infinity }) => again <= now)) this.#deliver(delivery);
  }

  /** For people: no secrets, and of the address no more than its host. */
  shown(): readonly object[] {
    return this.all.map(({ id, url, events, status }) => ({ id, host: new URL(url).host, events, status }));
  }

  /** Resolves when no delivery is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** No webhooks, no deliveries. */
  reset(): void {
    for (const list of [this.all, this.deliveries]) list.length = 0;
  }

  #deliver(delivery: SimulatedDelivery): void {
    const trying = this.#try(delivery).finally(() => this.#underWay.delete(trying));
    this.#underWay.add(trying);
  }

  async #try(delivery: SimulatedDelivery): Promise<void> {
    const { webhook, event } = delivery;
    delete delivery.again;
    const body = JSON.stringify(event);
    const now = this.kit().clock.now();
    const timestamp = String(Math.floor(now / 1000));
    const signatures = webhook.secrets
      .filter(({ expires }) => expires > now)
      .map(({ secret }) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`);
    const signed = { 'x-hook-timestamp': timestamp, 'x-hook-signature': signatures.join(', ') };
    const answer = await this.#post(webhook, body, signed);
    const wait = RETRY_AFTER_MS[delivery.tries];
    delivery.status = answer?.status ?? null;
    delivery.tries += 1;
    if (answer?.status === 202 || !this.all.includes(webhook)) return;
    if (wait === undefined) webhook.status = 'disabled';
    else delivery.again = now + wait;
  }

  /** `undefined` when nobody answers in time. */
  #post({ url }: SimulatedWebhook, body: string, headers: Record<string, string>): Promise<Response | undefined> {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers }, signal };
    return fetch(url, { ...init, redirect: 'manual' }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer;
      },
      () => undefined,
    );
  }
}

/** The requests that manage webhooks, each of them guarded. */
export function webhookRoutes(
  app: Parameters<SimulatorOptions['register']>[0],
  webhooks: SimulatedWebhooks,
  authorized: (header: string | undefined) => void,
): void {
  const webhookOf = (id: string) => found(webhooks.all, id, 'webhook_not_found');
  const shown = ({ id, url, events, status }: SimulatedWebhook) => withUnknownProperties({ id, url, events, status });

  app.get<ListQuery>('/v1/webhooks', async ({ headers, query }) => {
    authorized(headers.authorization);
    const { items, next_cursor } = pageOf(webhooks.all, query);
    return withUnknownProperties({ webhooks: items.map(shown), next_cursor });
  });
  app.post('/v1/webhooks', async ({ headers, body }, reply) => {
    authorized(headers.authorization);
    const sent = newWebhook.safeParse(body);
    if (!sent.success) throw new Refusal(422, 'invalid', sent.error.issues[0]?.path.join('.'));
    const { protocol, hostname } = new URL(sent.data.url);
    // The vendor wants HTTPS; an address on this machine is let through for tests and demonstrations.
    if (protocol !== 'https:' && hostname !== '127.0.0.1' && hostname !== 'localhost') {
      throw new Refusal(422, 'not_https', 'url');
    }
    const webhook = webhooks.add(sent.data.url, sent.data.events);
    return reply.code(201).send({ ...shown(webhook), secret: webhook.secrets[0]?.secret });
  });
  app.post<WithId>('/v1/webhooks/:id/activate', async ({ headers, params }) => {
    authorized(headers.authorization);
    const webhook = webhookOf(params.id);
    if (!(await webhooks.activate(webhook))) throw new Refusal(422, 'challenge_failed');
    return shown(webhook);
  });
  app.post<WithId>('/v1/webhooks/:id/secret', async ({ headers, params }, reply) => {
    authorized(headers.authorization);
    return reply.code(201).send({ secret: webhooks.newSecret(webhookOf(params.id)) });
  });
  app.get<WithId & ListQuery>('/v1/webhooks/:id/deliveries', async ({ headers, params, query }) => {
    authorized(headers.authorization);
    const { since = '' } = query;
    const wanted = webhookOf(params.id);
    const told = webhooks.deliveries.filter(({ webhook, event }) => webhook === wanted && event.created_at >= since);
    const { items, next_cursor } = pageOf(told, query);
    return withUnknownProperties({ deliveries: items.map(({ event, status }) => ({ event, status })), next_cursor });
  });
  app.delete<WithId>('/v1/webhooks/:id', async ({ headers, params }, reply) => {
    authorized(headers.authorization);
    webhooks.all.splice(webhooks.all.indexOf(webhookOf(params.id)), 1);
    return reply.code(204).send();
  });
}

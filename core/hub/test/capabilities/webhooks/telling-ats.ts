import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type CallContext,
  credentialFields,
  type DeliveredEvent,
  type Delivery,
  definePlugin,
  failureOf,
  type HttpClient,
  type HttpRequest,
  type LoggedEvent,
  type Notice,
  type RecordReference,
  type Secret,
  settingFields,
  type WebhookLimits,
} from '@talentbridge/contracts';

/** How the ATS behaves. */
export interface TellingAtsOptions {
  readonly limits?: WebhookLimits;
  /** Whether a subscription has to be activated, with a handshake. Default `true`. */
  readonly activates?: boolean;
  /** Whether it remembers what it delivered. Default `false`. */
  readonly logs?: boolean;
  /** Whether keys can be replaced. Default `false`. */
  readonly rotates?: boolean;
  /** Whether deliveries are signed. Default `true`. */
  readonly signs?: boolean;
  /** Whether the key of deliveries is the key that the ATS is asked with. Default `false`: each subscription has its own. */
  readonly signsWithCredential?: boolean;
  /** Whether the address is a setting of the account: there is one subscription, whose id never changes. Default `false`. */
  readonly oneAddress?: boolean;
}

/** Sends a delivery, and says what it is answered with. */
export type Deliver = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  asked?: Pick<Delivery, 'method' | 'query'>,
) => Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body?: string }>;

interface Subscription {
  readonly id: string;
  readonly callbackUrl: string;
  secret: string;
  replaced: string | undefined;
  active: boolean;
}

/** An event in the words of this ATS. */
export interface ToldEvent {
  readonly id?: string;
  readonly name?: string;
  readonly records: readonly RecordReference[];
  readonly notices?: readonly Notice[];
}

/** An ATS, on a port of its own, that tells what changes in it. */
export class TellingAts implements AsyncDisposable {
  readonly subscriptions = new Map<string, Subscription>();
  /** The requests that came: "POST /subscriptions". */
  readonly requests: string[] = [];
  /** What its log says. */
  readonly log: LoggedEvent[] = [];
  /** Since when its log was asked for. */
  readonly askedSince: Date[] = [];
  /** What it is asked with. */
  apiKey = 'the key of this connection';
  /** Called before a request is answered: it may wait, or answer another status. */
  before: (request: string) => Promise<number | undefined> | number | undefined = () => undefined;
  /** Called when a request is done and not answered yet. */
  after: (request: string) => Promise<number | undefined> | number | undefined = () => undefined;
  deliver: Deliver = async () => ({ status: 599, headers: {} });
  private readonly server = createServer((request, response) => void this.answer(request, response));

  private constructor(readonly options: TellingAtsOptions) {}

  static async start(options: TellingAtsOptions = {}): Promise<TellingAts> {
    const ats = new TellingAts(options);
    await new Promise<void>((resolve) => ats.server.listen(0, '127.0.0.1', resolve));
    return ats;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The only subscription there is. */
  get only(): Subscription {
    const [one, ...rest] = this.subscriptions.values();
    if (!one || rest.length > 0) throw new Error(`There are ${this.subscriptions.size} subscriptions.`);
    return one;
  }

  /** Tells of an event. @returns The status of the answer. */
  async tell(
    event: ToldEvent,
    { to = this.only, secret = this.keyOf(to), headers = {} }: TellOptions = {},
  ): Promise<number> {
    const body = bodyOf(event);
    const signature = this.options.signs === false ? {} : { 'x-signature': signatureOf(body, secret) };
    return (await this.deliver(to.callbackUrl, { ...signature, ...headers }, body)).status;
  }

  /** What a handshake that nobody asked for is answered with. */
  async tryAddress(to = this.only): Promise<number> {
    return (await this.deliver(to.callbackUrl, { 'x-challenge': 'a challenge' }, '')).status;
  }

  /** What signs the deliveries of a subscription. */
  keyOf({ secret }: Subscription): string {
    return this.options.signsWithCredential ? this.apiKey : secret;
  }

  /** Asks whose an address is. */
  challenge(code: string, to = this.only): ReturnType<Deliver> {
    return this.deliver(to.callbackUrl, {}, '', { method: 'GET', query: { code } });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://ats');
    const since = searchParams.get('since');
    if (since !== null) this.askedSince.push(new Date(since));
    const name = `${request.method} ${pathname.replace(/[0-9a-f-]{36}/, ':id')}`;
    this.requests.push(name);
    const send = (status: number, body: object = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const given = await text(request);
    const refused = await this.before(name);
    if (refused !== undefined) return send(refused);
    const [status, body] = await this.act(name, pathname.split('/')[2] ?? '', given);
    send((await this.after(name)) ?? status, body);
  }

  private async act(name: string, id: string, given: string): Promise<readonly [number, object]> {
    const subscription = this.subscriptions.get(id);
    switch (name) {
      case 'GET /subscriptions':
        return [200, [...this.subscriptions.values()].map(({ secret: _, replaced: __, ...shown }) => shown)];
      case 'POST /subscriptions': {
        const { callbackUrl } = JSON.parse(given) as { readonly callbackUrl: string };
        const active = this.options.activates === false;
        const id = this.options.oneAddress ? ONE_ADDRESS : randomUUID();
        const made = { id, callbackUrl, secret: newSecret(), replaced: undefined, active };
        this.subscriptions.set(made.id, made);
        return [201, hasOwnKey(this.options) ? { id: made.id, secret: made.secret } : { id: made.id }];
      }
      case 'DELETE /subscriptions/:id':
        return [this.subscriptions.delete(id) ? 204 : 404, {}];
      case 'PUT /subscriptions/:id/activation': {
        if (!subscription) return [404, {}];
        const { status, headers } = await this.deliver(subscription.callbackUrl, { 'x-challenge': 'a challenge' }, '');
        subscription.active = status === 200 && headers['x-challenge'] === 'a challenge';
        return [subscription.active ? 204 : 422, {}];
      }
      case 'POST /subscriptions/:id/secret':
        if (!subscription) return [404, {}];
        subscription.replaced = subscription.secret;
        subscription.secret = newSecret();
        return [201, { secret: subscription.secret }];
      case 'GET /subscriptions/:id/log':
        return [200, this.log];
      default:
        return [404, {}];
    }
  }
}

const ONE_ADDRESS = '00000000-0000-4000-8000-000000000000';

interface TellOptions {
  readonly to?: Subscription;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event as it is delivered. */
export function bodyOf({ id, name = 'candidate.changed', records, notices }: ToldEvent): string {
  return JSON.stringify({ id, name, records, notices });
}

/** As this ATS signs. */
export function signatureOf(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** Whether each subscription has a key of its own. */
function hasOwnKey({ signs, signsWithCredential }: TellingAtsOptions): boolean {
  return signs !== false && !signsWithCredential;
}

function newSecret(): string {
  return randomBytes(24).toString('base64');
}

/** A plugin for that ATS. Each connection leads to the ATS that its client is made for. */
export function tellingPlugin(options: TellingAtsOptions = {}) {
  return definePlugin({
    id: 'telling',
    displayName: 'Telling ATS',
    description: 'Tells what changes.',
    contracts: '^1.0.0',
    hosts: ['telling.test'],
    credentials: credentialFields({ apiKey: { kind: 'secret', label: 'Key' } }),
    settings: settingFields({}),
    requirements: [],
    connect: ({ http, credentials }) => ({ http, apiKey: credentials.apiKey }),
    identify: async () => ({ accountId: 'account' }),
    capabilities: {
      permissions: () => ({ check: async () => [] }),
      rediscovery: () => {
        throw new Error('Webhooks know nothing of it.');
      },
      systemConnect: () => {
        throw new Error('Webhooks know nothing of it.');
      },
      webhooks: ({ http, apiKey }) => ({
        limits: options.limits ?? {},
        events: ['candidate.changed', 'candidate.deleted'],
        ...(options.signsWithCredential ? { signingKey: apiKey } : {}),
        async list(ctx) {
          const listed = await ask<readonly { id: string; callbackUrl: string; active: boolean }[]>(
            http,
            ctx,
            'GET',
            '',
          );
          return listed.map(({ id, callbackUrl, active }) => ({ remoteId: id, callbackUrl, intact: active }));
        },
        async subscribe(ctx, { callbackUrl }) {
          const made = await ask<{ id: string; secret?: Secret }>(http, ctx, 'POST', '', {
            body: { json: { callbackUrl } },
            ...(hasOwnKey(options) ? { secretsAt: ['/secret'] } : {}),
          });
          return { remoteId: made.id, ...(made.secret === undefined ? {} : { secret: made.secret }) };
        },
        ...(options.activates === false
          ? {}
          : { activate: (ctx: CallContext, id: string) => ask<void>(http, ctx, 'PUT', `/${id}/activation`) }),
        unsubscribe: (ctx, id) => ask<void>(http, ctx, 'DELETE', `/${id}`),
        ...(options.rotates
          ? {
              async rotateSecret(ctx: CallContext, id: string) {
                const request = { secretsAt: ['/secret'] };
                return (await ask<{ secret: Secret }>(http, ctx, 'POST', `/${id}/secret`, request)).secret;
              },
            }
          : {}),
        ...(options.logs
          ? {
              log: async (
                ctx: CallContext,
                { remoteId, since }: { readonly remoteId: string; readonly since: string },
              ) => ({
                events: await ask<readonly LoggedEvent[]>(http, ctx, 'GET', `/${remoteId}/log`, { query: { since } }),
              }),
            }
          : {}),
        async read(_ctx, { query, headers, body }) {
          const { code } = query;
          if (code !== undefined) {
            const answer = { fields: { code }, signatureField: 'proof' };
            return { kind: 'challenge', signed: code, encoding: 'hex', answer };
          }
          const challenge = headers['x-challenge'];
          if (challenge !== undefined) {
            return { kind: 'handshake', answer: { status: 200, headers: { 'x-challenge': challenge } } };
          }
          let event: DeliveredEvent;
          try {
            event = JSON.parse(body);
          } catch {
            return { kind: 'unknown', reason: 'It is no JSON.' };
          }
          if (!Array.isArray(event?.records)) return { kind: 'unknown', reason: 'It has no records.' };
          if (options.signs === false) return { kind: 'event', event };
          const given = headers['x-signature']?.split(',') ?? [];
          return {
            kind: 'event',
            event,
            signature: { algorithm: 'hmac-sha256', signed: body, encoding: 'hex', given },
          };
        },
      }),
    },
  });
}

async function ask<Answer>(
  http: HttpClient,
  ctx: CallContext,
  method: HttpRequest['method'],
  path: string,
  more: Partial<HttpRequest> = {},
): Promise<Answer> {
  const url = `https://telling.test/subscriptions${path}`;
  const response = await http.send(ctx, { method, url, ...more });
  if (response.status >= 400)
    throw failureOf(response, { atsName: 'Telling ATS', action: 'manage webhooks', about: 'webhook' });
  return response.json as Answer;
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Delivery } from '@talentbridge/contracts';
import type { DeliveryAnswer, Hub, Telemetry } from '@talentbridge/hub';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What the webhook route works with. */
export interface WebhookRouteOptions {
  readonly hub: { readonly webhooks: Pick<Hub['webhooks'], 'receive'> };
  /** Counts what is refused here; what reaches the hub is counted there. */
  readonly telemetry: Pick<Telemetry, 'webhookDelivery'>;
}

/** Largest delivery in bytes: a vendor sends ids and little more, and to read nested JSON of 1 MiB holds everybody up for 0.1 s. */
const BODY_LIMIT = 262_144;
/** Nobody asks more of an address. */
const MOST_PARAMETERS = 50;

/** What is counted of a delivery that does not get as far as the hub, by its answer. */
const OUTCOMES: ReadonlyMap<number, string> = new Map([
  [400, 'unreadable'],
  [413, 'too_large'],
  [415, 'encoded'],
]);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * `POST /webhooks/:token`: what a vendor tells of its changes. Nobody signs in: the token and the vendor's signature say who
 * calls. The body is handed on byte for byte, because it is what was signed. `GET`: a vendor asks whose the address is; only that
 * answer has a body.
 */
export async function registerWebhookRoutes(
  app: FastifyInstance,
  { hub, telemetry }: WebhookRouteOptions,
): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    const refuse = (reply: FastifyReply, status: number): FastifyReply => {
      telemetry.webhookDelivery(OUTCOMES.get(status) ?? 'failed');
      return reply.code(status).send();
    };
    // Nothing of what was sent is repeated.
    scope.setErrorHandler(({ statusCode = 500 }: { readonly statusCode?: number }, _request, reply) =>
      refuse(reply.header('connection', 'close'), statusCode),
    );
    scope.route<{ Params: { readonly token: string } }>({
      method: ['GET', 'POST'],
      url: '/webhooks/:token',
      exposeHeadRoute: false,
      bodyLimit: BODY_LIMIT,
      config: { quiet: true },
      async handler(request, reply) {
        const body = textOf(request);
        if (typeof body === 'number') return refuse(reply, body);
        const query = queryOf(request);
        if (query === undefined) return refuse(reply, 400);
        const delivery: Delivery = {
          method: request.method === 'GET' ? 'GET' : 'POST',
          query,
          headers: plainHeaders(request.headers),
          body,
        };
        return send(reply, await hub.webhooks.receive(request.params.token, delivery));
      },
    });
  });
}

/** The body as text, or the status that refuses it. */
function textOf(request: FastifyRequest): string | number {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return 415;
  const { body } = request;
  if (!Buffer.isBuffer(body)) return '';
  try {
    return utf8.decode(body);
  } catch {
    return 400;
  }
}

/** `undefined`: there are too many parameters. */
function queryOf({ url }: FastifyRequest): Delivery['query'] | undefined {
  const at = url.indexOf('?');
  const parameters = new URLSearchParams(at < 0 ? '' : url.slice(at));
  return parameters.size > MOST_PARAMETERS ? undefined : Object.fromEntries(parameters);
}

function plainHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) plain[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return plain;
}

function send(reply: FastifyReply, { status, headers, body }: DeliveryAnswer): FastifyReply {
  for (const name in headers) reply.header(name, headers[name]);
  // As bytes: to a text the framework adds a charset that nobody asked for.
  return reply.code(status).send(body === undefined ? undefined : Buffer.from(body));
}

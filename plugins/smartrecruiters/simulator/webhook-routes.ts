import type { SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import { limitOf, momentOf, type Query } from './paging.js';
import { badRequest, notFound } from './refusal.js';
import { type Call, jsonOf, type RouteRegistrar, type SimulatedWorld } from './routes.js';
import type { WebhookEngine } from './webhook-engine.js';
import { EVENT_VERSION, type LoggedTry, type SimulatedSubscription } from './webhook-subscription.js';

const PREFIX = '/webhooks-api/v201907/subscriptions';

// `callbackAuthentication` is not simulated, and refused rather than left out silently.
const subscriptionInput = z.strictObject({
  callbackUrl: z.string(),
  events: z.array(z.string()).min(1),
  alertingEmailAddress: z.string().optional(),
});

/** Webhook subscriptions (SmartRecruiters sheet §12). That a token sees all of its account is INFERRED. */
export function registerWebhooks(
  route: RouteRegistrar,
  kit: SimulatorKit,
  { cursors }: SimulatedWorld,
  engine: WebhookEngine,
): void {
  const READ = ['webhooks_read', 'webhooks_manage'];
  const WRITE = ['webhooks_write', 'webhooks_manage'];
  const DELETE = ['webhooks_delete', 'webhooks_manage'];
  const asked = ({ account, param }: Call): SimulatedSubscription =>
    engine.subscription(param('id'), account.identifier);

  route('GET', PREFIX, READ, ({ account, query }) => {
    const limit = limitOf(query);
    const all = engine.subscriptions(account.identifier);
    const paged = inCamelCase(query);
    const start = Number(cursors.read(paged) ?? 0);
    const end = start + limit;
    const next = end < all.length ? cursors.write(paged, String(end)) : undefined;
    return { body: all.slice(start, end).map(subscriptionView), headers: { link: linkTo(PREFIX, limit, next) } };
  });
  route('POST', PREFIX, WRITE, ({ account, token, request }) => {
    const parsed = subscriptionInput.safeParse(jsonOf(request));
    if (!parsed.success) throw badRequest('callbackUrl and events are required');
    const subscription = engine.subscribe(account.identifier, token.name, parsed.data);
    return { status: 201, body: subscriptionView(subscription) };
  });
  route('GET', `${PREFIX}/:id`, READ, (call) => ({ body: subscriptionView(asked(call)) }));
  route('DELETE', `${PREFIX}/:id`, DELETE, (call) => {
    engine.remove(asked(call));
    return {};
  });
  route('PUT', `${PREFIX}/:id/activation`, WRITE, async (call) => {
    await engine.activate(asked(call));
    return {};
  });
  route('POST', `${PREFIX}/:id/secret-key`, WRITE, (call) => ({
    status: 201,
    body: { secretKey: asked(call).newKey(kit.clock.now()) },
  }));
  route('GET', `${PREFIX}/:id/secret-key`, READ, (call) => {
    const { key } = asked(call);
    if (key === undefined) throw notFound('Secret key');
    return { body: { secretKey: key } };
  });
  route('GET', `${PREFIX}/:id/callbacks-log`, READ, (call) => {
    const { query } = call;
    const subscription = asked(call);
    const limit = limitOf(query);
    const paged = inCamelCase(query);
    const cursor = cursors.read(paged);
    const { tries, more } = subscription.log(
      {
        limit,
        below: cursor === undefined ? undefined : Number(cursor),
        successful: statusOf(query),
        after: momentOf(query, 'after'),
        before: momentOf(query, 'before'),
      },
      kit.clock.now(),
    );
    const last = tries.at(-1);
    const next = more && last ? cursors.write(paged, String(last.number)) : undefined;
    const body = tries.map((entry) => callbackView(subscription, entry));
    return { body, headers: { link: linkTo(`${PREFIX}/${subscription.id}/callbacks-log`, limit, next) } };
  });
}

function subscriptionView({ id, callbackUrl, events, status }: SimulatedSubscription): unknown {
  return { id, callbackUrl, events: events.map((name) => ({ name, version: EVENT_VERSION })), status };
}

/** Header names in capitals: in which case a log has them is not public. */
function callbackView({ callbackUrl: url }: SimulatedSubscription, { at, successful, event, headers }: LoggedTry) {
  const capital = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
  return {
    status: successful ? 'successful' : 'failed',
    timestamp: new Date(at).toISOString(),
    requestDetails: {
      url,
      body: event.body,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [capital(name), value])),
    },
  };
}

/** @throws Refusal with status 400 */
function statusOf({ callbackStatus }: Query): boolean | undefined {
  const [status] = callbackStatus ?? [];
  if (status === undefined) return undefined;
  if (status !== 'successful' && status !== 'failed') throw badRequest('callbackStatus is unknown');
  return status === 'successful';
}

/** The cursor of these lists alone is written in snake case (SmartRecruiters sheet §3, CONFIRMED). */
function inCamelCase({ page_id, pageId: _other, ...rest }: Query): Query {
  return page_id === undefined ? rest : { ...rest, pageId: page_id };
}

/** Lists that are bare arrays have their cursor in this header alone (INFERRED, from sheet §3). */
function linkTo(path: string, limit: number, pageId: string | undefined): string | undefined {
  return pageId && `<${path}?limit=${limit}&page_id=${encodeURIComponent(pageId)}>; rel="next"`;
}

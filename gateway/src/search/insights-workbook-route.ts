import { Readable } from 'node:stream';
import type { Hub, InsightsFormat } from '@talentbridge/hub';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ErrorPresenter } from '../errors/error-presenter.js';
import { dispositionOf } from '../files/attachment-route.js';
import { refuse } from '../files/file-request.js';

/** What the route works with. */
export interface InsightsWorkbookRouteOptions {
  readonly hub: Pick<Hub, 'insightsFiles' | 'scope'>;
  readonly presenter: ErrorPresenter;
}

/** Below which the links to each format lie. What follows is as good as a password for five minutes. */
const PATHS = {
  XLSX: '/files/insights/workbook',
  PAGE: '/files/insights/page',
} as const satisfies Record<InsightsFormat, string>;

/** The link to a file of Insights, relative to the origin of the gateway. */
export function insightsPathOf(format: InsightsFormat, token: string): string {
  return `${PATHS[format]}/${token}`;
}

/**
 * `GET /files/insights/workbook/:token` saves the workbook, `GET /files/insights/page/:token` shows the page to be printed, for
 * whoever has a link that is good.
 */
export async function registerInsightsWorkbookRoute(
  app: FastifyInstance,
  options: InsightsWorkbookRouteOptions,
): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler((error, _request, reply) => refuse(reply, options.presenter, error));
    for (const format of ['XLSX', 'PAGE'] as const) {
      scope.get<{ Params: { '*': string } }>(
        // A parameter with a name may not be as long as a token is.
        `${PATHS[format]}/*`,
        // It would open the file, and read nothing of it.
        { exposeHeadRoute: false },
        (request, reply) => send(reply, format, request.params['*'], options),
      );
    }
  });
}

async function send(
  reply: FastifyReply,
  format: InsightsFormat,
  token: string,
  { hub }: InsightsWorkbookRouteOptions,
): Promise<FastifyReply> {
  const ticket = hub.insightsFiles.ticketOf(format, token);
  const { organizationId, userId } = ticket;
  // The roles were looked at when the link was made.
  await using scope = hub.scope({ organizationId, userId, roles: [] });
  const opened = await hub.insightsFiles.open(scope, format, ticket);
  if (opened.policy === undefined) reply.header('content-disposition', dispositionOf(opened.filename));
  return reply
    .header('content-type', opened.contentType)
    .header('content-security-policy', opened.policy ?? "sandbox; default-src 'none'; frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('cross-origin-resource-policy', 'same-site')
    .header('cache-control', 'no-store')
    .send(Readable.from(opened.content));
}

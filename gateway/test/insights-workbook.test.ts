import { randomUUID } from 'node:crypto';
import { FileLinkExpiredError, FileLinkInvalidError, NotFoundError, type OpenedInsights } from '@talentbridge/hub';
import { describe, expect, it } from 'vitest';
import { insightsPathOf, registerInsightsWorkbookRoute } from '../src/search/insights-workbook-route.js';
import { startTestGateway } from './support/test-gateway.js';

/** A gateway whose hub has these files of Insights. */
async function gatewayWith(open: (format: string) => OpenedInsights) {
  return await startTestGateway(
    {},
    {
      routes: (app, { presenter }) =>
        registerInsightsWorkbookRoute(app, {
          presenter,
          // What the route asks of a hub, and no more.
          hub: {
            insightsFiles: {
              ticketOf: () => ({ organizationId: randomUUID(), fileId: randomUUID(), userId: 'somebody' }),
              open: async (_scope: unknown, format: string) => open(format),
            },
            scope: () => ({ [Symbol.asyncDispose]: async () => undefined }),
          } as never,
        }),
    },
  );
}

async function* contentOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe('RED-10: the route of Insights', () => {
  it('saves a workbook', async () => {
    await using server = await gatewayWith((format) => ({
      filename: 'insights.xlsx',
      contentType: 'application/vnd.test',
      content: contentOf(format),
    }));
    const response = await fetch(`${server.url}${insightsPathOf('XLSX', 't'.repeat(400))}`);
    expect([response.status, await response.text()]).toEqual([200, 'XLSX']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/vnd.test',
      'content-disposition': `attachment; filename="insights.xlsx"; filename*=UTF-8''insights.xlsx`,
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
  });

  it('shows a page under its own policy', async () => {
    await using server = await gatewayWith((format) => ({
      filename: 'insights.html',
      contentType: 'text/html; charset=utf-8',
      policy: 'sandbox; the policy',
      content: contentOf(format),
    }));
    const response = await fetch(`${server.url}${insightsPathOf('PAGE', 'token')}`);
    expect([response.status, await response.text()]).toEqual([200, 'PAGE']);
    expect(response.headers.get('content-security-policy')).toBe('sandbox; the policy');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.has('content-disposition')).toBe(false);
  });

  it.each([
    [403, 'FILE_LINK_INVALID', () => new FileLinkInvalidError()],
    [410, 'FILE_LINK_EXPIRED', () => new FileLinkExpiredError()],
    [404, 'NOT_FOUND', () => new NotFoundError('insights', randomUUID())],
  ] as const)('answers a link that is no good with %s and says why', async (status, code, error) => {
    await using server = await gatewayWith(() => {
      throw error();
    });
    const response = await fetch(`${server.url}${insightsPathOf('XLSX', 'token')}`);
    const body = (await response.json()) as { errors: [{ extensions: { code: string } }] };
    expect([response.status, body.errors[0].extensions.code]).toEqual([status, code]);
  });

  it('logs no token, and takes no other method', async () => {
    await using server = await gatewayWith(() => {
      throw new FileLinkInvalidError();
    });
    const path = insightsPathOf('PAGE', 'very-secret-token');
    await (await fetch(`${server.url}${path}`)).text();
    expect(server.log()).toContain('/files/insights/[token]');
    expect(server.log()).not.toContain('very-secret-token');
    expect((await fetch(`${server.url}${path}`, { method: 'POST' })).status).toBe(404);
  });
});

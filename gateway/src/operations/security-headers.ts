import type { FastifyInstance } from 'fastify';

/** For answers that are data: nothing in them may run, be framed or be taken for something else. */
const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Sets security headers on every answer. A route that serves a page sets its own `content-security-policy`. */
export function registerSecurityHeaders(app: FastifyInstance, options: { readonly production: boolean }): void {
  app.addHook('onSend', async (_request, reply, payload) => {
    for (const [name, value] of Object.entries(HEADERS)) {
      if (!reply.hasHeader(name)) reply.header(name, value);
    }
    // Browsers ignore it over plain HTTP; TLS ends in front of the gateway.
    if (options.production) reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains');
    return payload;
  });
}

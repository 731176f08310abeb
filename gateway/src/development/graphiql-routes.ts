import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where `gateway/graphiql/build.mjs` puts the page. */
const BUILT = fileURLToPath(new URL('../graphiql/', import.meta.url));

/** The page runs its own scripts, styles from script, and editor workers; it talks to this server only. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'";

/** Serves GraphiQL, from files of our own, on `/graphiql`. */
export async function registerGraphiql(app: FastifyInstance): Promise<void> {
  const built = await access(`${BUILT}index.html`).then(
    () => true,
    () => false,
  );
  if (!built) {
    app.get('/graphiql', (_request, reply) =>
      reply.code(503).send({ error: 'GraphiQL has not been built. Run `npm run build`.' }),
    );
    return;
  }
  await app.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply, payload) => {
      reply.header('content-security-policy', POLICY);
      return payload;
    });
    await scope.register(staticFiles, { root: BUILT, prefix: '/graphiql/', index: 'index.html' });
    scope.get('/graphiql', (_request, reply) => reply.redirect('/graphiql/'));
  });
}

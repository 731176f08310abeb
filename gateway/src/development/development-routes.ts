import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Role } from '../auth/caller.js';
import type { DevelopmentIssuer } from '../auth/development-issuer.js';

const tokenRequest = z
  .strictObject({
    organizationId: z.uuid().optional(),
    userId: z.string().min(1).max(200).optional(),
    roles: z.array(z.enum(Role)).optional(),
  })
  .nullish();

/** `POST /dev/token` and `GET /dev/jwks`: what a host platform's identity provider does in production. */
export function registerDevelopmentRoutes(app: FastifyInstance, issuer: DevelopmentIssuer): void {
  app.get('/dev/jwks', () => issuer.publicKeys);

  app.post('/dev/token', async (request, reply) => {
    const wishes = tokenRequest.safeParse(request.body);
    if (!wishes.success) {
      return reply.code(400).send({ error: z.prettifyError(wishes.error) });
    }
    const { organizationId, userId, roles } = wishes.data ?? {};
    const { token, expiresAt } = await issuer.issue({
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(userId === undefined ? {} : { userId }),
      ...(roles === undefined ? {} : { roles }),
    });
    return { token, expiresAt };
  });
}

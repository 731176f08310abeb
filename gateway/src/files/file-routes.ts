import type { FastifyInstance } from 'fastify';
import { type ImportRouteOptions, registerImportRoute } from './import-route.js';

/** Registers the routes that take and give whole files, which GraphQL is not made for. */
export async function registerFileRoutes(app: FastifyInstance, options: ImportRouteOptions): Promise<void> {
  await registerImportRoute(app, options);
}

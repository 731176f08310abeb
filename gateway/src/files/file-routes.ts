import type { FastifyInstance } from 'fastify';
import { type InsightsWorkbookRouteOptions, registerInsightsWorkbookRoute } from '../search/insights-workbook-route.js';
import { type AttachmentRouteOptions, registerAttachmentRoute } from './attachment-route.js';
import { type DataCopyRouteOptions, registerDataCopyRoutes } from './data-copy-routes.js';
import { type ImportRouteOptions, registerImportRoute } from './import-route.js';

/** Registers the routes that take and give whole files, which GraphQL is not made for. */
export async function registerFileRoutes(
  app: FastifyInstance,
  options: ImportRouteOptions & DataCopyRouteOptions & AttachmentRouteOptions & InsightsWorkbookRouteOptions,
): Promise<void> {
  await registerImportRoute(app, options);
  await registerDataCopyRoutes(app, options);
  await registerAttachmentRoute(app, options);
  await registerInsightsWorkbookRoute(app, options);
}

export { type Caller, Role } from './auth/caller.js';
export { type DevelopmentIdentity, DevelopmentIssuer } from './auth/development-issuer.js';
export { ConfigurationError, type GatewayConfiguration, readConfiguration } from './configuration.js';
export type { GatewayContext, OpenScope } from './context.js';
export { createLogger } from './operations/logging.js';
export { type ResolverClass, resolvers } from './resolvers.js';
export { buildGatewaySchema, type ResolverContainer } from './schema.js';
export { createGateway, type Gateway, type GatewayOptions, type RouteServices } from './server.js';

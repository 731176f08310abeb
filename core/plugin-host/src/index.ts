/**
 * What a plugin runs in. The hub uses it in production and the testkit uses the very same code for its conformance
 * suites, so that a plugin meets no surprise on the day it goes live.
 *
 * - Loading: {@link loadPlugin}, {@link checkPlugin}, {@link PluginRegistry}, {@link allowedHosts}
 * - One connection: {@link openConnection}, which conceals secrets, makes the guarded HTTP client and guards every call
 * - Its parts, for whoever needs one alone: {@link SecretPlaceholders}, {@link createGuardedHttp}
 * - Ports: {@link Pacer}, {@link CircuitBreaker}, {@link RequestLog}, {@link Clock}, {@link ResolveHost}
 *
 * @packageDocumentation
 */
export * from './clock.js';
export * from './connection/open-connection.js';
export * from './export/fit-to-fields.js';
export * from './http/circuit-breaker.js';
export * from './http/consecutive-failure-breaker.js';
export * from './http/guarded-http.js';
export type { ResolveHost } from './http/guarded-lookup.js';
export type { HostOverrides } from './http/host-overrides.js';
export * from './http/http-limits.js';
export * from './http/local-pacer.js';
export * from './http/pace-limits.js';
export * from './http/pacer.js';
export * from './http/public-address.js';
export * from './http/quota-keeper.js';
export * from './http/request-log.js';
export * from './http/retry-policy.js';
export * from './loading/allowed-hosts.js';
export * from './loading/check-plugin.js';
export * from './loading/errors.js';
export * from './loading/load-plugin.js';
export * from './loading/plugin-registry.js';
export * from './secrets/secret-placeholders.js';

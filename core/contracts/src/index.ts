/**
 * The contracts between the hub and its plugins: what a plugin imports, and nothing else.
 *
 * @packageDocumentation
 */
export * from './at-most.js';
export * from './capabilities/export.js';
export * from './capabilities/name.js';
export * from './capabilities/permissions.js';
export * from './capabilities/rediscovery.js';
export * from './capabilities/system-connect.js';
export * from './capabilities/webhooks.js';
export * from './context.js';
export * from './errors.js';
export * from './fields.js';
export * from './http.js';
export * from './model/index.js';
export * from './new-contact.js';
export * from './pace.js';
export * from './passed-over.js';
export * from './phone-slots.js';
export * from './plugin.js';
export * from './present.js';
export * from './secret.js';
export * from './shared-token.js';
export * from './vendor-answers.js';

/**
 * For authors of plugins: the conformance suite, builders, and connections to test with. Needs vitest; what a simulator
 * is made of does not, and is in `@talentbridge/testkit/simulator`.
 *
 * @packageDocumentation
 */
export * from './builders/call-context.js';
export * from './builders/candidate-record.js';
export * from './builders/export-request.js';
export * from './builders/hostile-strings.js';
export * from './conformance/callback-receiver.js';
export type { CheckName } from './conformance/checks/index.js';
export * from './conformance/describe-plugin.js';
export type * from './conformance/plugin-subject.js';
export * from './conformance/run-check.js';
export type * from './conformance/simulated-account.js';
export type * from './conformance/simulated-network.js';
export * from './conformance/start-connection.js';

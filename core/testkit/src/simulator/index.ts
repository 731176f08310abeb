/**
 * What a simulated vendor is made of. Knows no test runner, so that a simulator can also run as a process of its own.
 *
 * @packageDocumentation
 */
export * from './create-simulator.js';
export * from './creation-counter.js';
export type { Fault, FaultRule } from './fault.js';
export * from './fault-board.js';
export * from './plain-pdf.js';
export type { ErrorBody } from './play-fault.js';
export type { RateLimit } from './rate-limit.js';
export * from './read-multipart.js';
export * from './request-log.js';
export * from './run-simulator.js';
export * from './seeded-random.js';
export * from './simulator-clock.js';
export * from './unknown-property.js';

import type { FastifyCorsOptions } from '@fastify/cors';
import type { GatewayConfiguration } from '../configuration.js';

const LOCALHOST = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Which front ends may call from a browser. Tokens travel in a header, so cookies are never allowed along. */
export function corsOptions(origins: GatewayConfiguration['corsOrigins']): FastifyCorsOptions {
  return {
    origin: origins === '*' ? '*' : origins === 'localhost' ? LOCALHOST : [...origins],
    methods: ['GET', 'POST', 'PUT'],
    allowedHeaders: ['authorization', 'content-type', 'accept', 'x-request-id'],
    exposedHeaders: ['x-request-id', 'www-authenticate'],
    credentials: false,
    maxAge: 600,
  };
}

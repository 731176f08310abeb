import type { GraphQLFormattedError } from 'graphql';
import { GatewayErrorCode } from './gateway-error.js';

const STATUS: Partial<Record<string, number>> = {
  [GatewayErrorCode.UNAUTHENTICATED]: 401,
  [GatewayErrorCode.FORBIDDEN]: 403,
  [GatewayErrorCode.METHOD_NOT_ALLOWED]: 405,
  [GatewayErrorCode.NOT_ACCEPTABLE]: 406,
  [GatewayErrorCode.PAYLOAD_TOO_LARGE]: 413,
  [GatewayErrorCode.UNSUPPORTED_MEDIA_TYPE]: 415,
  [GatewayErrorCode.INTERNAL_SERVER_ERROR]: 500,
  [GatewayErrorCode.IDENTITY_PROVIDER_UNAVAILABLE]: 503,
};

/** The HTTP status of an answer that has errors and no data. What a client can mend is a 4xx. */
export function statusOf(errors: readonly GraphQLFormattedError[]): number {
  const code = errors[0]?.extensions?.['code'];
  return (typeof code === 'string' ? STATUS[code] : undefined) ?? 400;
}

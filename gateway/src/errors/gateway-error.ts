import { GraphQLError } from 'graphql';
import type { Permission } from '../auth/permissions.js';

/** Every code that the gateway itself answers, in `extensions.code`. Those of the hub come on top; schema/README.md lists all. */
export enum GatewayErrorCode {
  /** The HTTP request is none that GraphQL over HTTP describes. */
  BAD_REQUEST = 'BAD_REQUEST',
  /** An argument or variable has the wrong form; `extensions.argument` names it. */
  BAD_USER_INPUT = 'BAD_USER_INPUT',
  /** The caller has no role for this; `extensions.allowedRoles` says which have. */
  FORBIDDEN = 'FORBIDDEN',
  /** The document is not GraphQL. */
  GRAPHQL_PARSE_FAILED = 'GRAPHQL_PARSE_FAILED',
  /** The document does not fit the schema. */
  GRAPHQL_VALIDATION_FAILED = 'GRAPHQL_VALIDATION_FAILED',
  /** Tokens cannot be checked right now, because the issuer's keys are out of reach. */
  IDENTITY_PROVIDER_UNAVAILABLE = 'IDENTITY_PROVIDER_UNAVAILABLE',
  /** Ours to mend; `extensions.errorId` finds it in the log. */
  INTERNAL_SERVER_ERROR = 'INTERNAL_SERVER_ERROR',
  METHOD_NOT_ALLOWED = 'METHOD_NOT_ALLOWED',
  NOT_ACCEPTABLE = 'NOT_ACCEPTABLE',
  /** The document names no operation to run, or several and none is chosen. */
  OPERATION_RESOLUTION_FAILURE = 'OPERATION_RESOLUTION_FAILURE',
  /** The document goes beyond a limit; `extensions.limit` names it. */
  OPERATION_TOO_LARGE = 'OPERATION_TOO_LARGE',
  PAYLOAD_TOO_LARGE = 'PAYLOAD_TOO_LARGE',
  /** The token is missing, expired or not for this service. */
  UNAUTHENTICATED = 'UNAUTHENTICATED',
  UNSUPPORTED_MEDIA_TYPE = 'UNSUPPORTED_MEDIA_TYPE',
}

/** An answer of the gateway's own. Its message is meant for the client, so it is never masked. */
export class GatewayError extends GraphQLError {
  constructor(code: GatewayErrorCode, message: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super(message, { extensions: { ...extensions, code } });
    this.name = 'GatewayError';
  }
}

/** @param reason Why the token does not count, without any part of it. Absent: there was none. */
export function unauthenticatedError(reason?: string): GatewayError {
  return new GatewayError(
    GatewayErrorCode.UNAUTHENTICATED,
    reason === undefined
      ? 'This needs a signed-in user. Send a token as `Authorization: Bearer <token>`.'
      : `The token is not accepted: ${reason}. Sign in again and send the new one.`,
  );
}

/** The caller is known but holds no role that may do this. */
export function forbiddenError(
  permission: Permission,
  roles: readonly string[],
  allowedRoles: readonly string[],
): GatewayError {
  const held = roles.length > 0 ? roles.join(', ') : 'none';
  return new GatewayError(
    GatewayErrorCode.FORBIDDEN,
    `This needs the role ${allowedRoles.join(' or ')}; yours: ${held}. Ask an admin of your organization.`,
    { permission, allowedRoles },
  );
}

/**
 * What was entered has the wrong form.
 * @param argument The path of the input: `first`, `input.profileIds[3]`.
 */
export function badUserInputError(argument: string, problem: string): GatewayError {
  return new GatewayError(GatewayErrorCode.BAD_USER_INPUT, `${argument}: ${problem}`, { argument });
}
